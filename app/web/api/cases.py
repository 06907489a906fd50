"""Calls about cases: looked up, read, started."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response

from app.domain.tokens import Scope
from app.services.cases import Wanted, list_cases, view_case
from app.services.deployed import NothingDeployed, ProcessUnknown
from app.services.idempotency import KeyReused
from app.services.running import CaseUnknown, StepFailed
from app.services.starting import CaseNotStartable, DataNameRefused, PartyRefused, WantedCase, start_case
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.api.answers import once, refusals
from app.web.api.case_shapes import (
    Case,
    CasesPage,
    CasesQuery,
    CaseStarted,
    CaseWanted,
    History,
    Ledger,
    Running,
)
from app.web.api.shapes import IdempotencyHeaders

bp = APIBlueprint("cases", __name__, tag="Cases")


@bp.get("/cases")
@access(SIGNED_IN, scope=Scope.CASES_READ)
@bp.input(CasesQuery, location="query")
@bp.output(CasesPage)
def find_cases(query_data: CasesQuery) -> CasesPage:
    """A page of the cases in which you or your units have a part, the newest first."""
    asked = query_data
    wanted = Wanted(asked.text, asked.process, None if asked.state is None else asked.state is Running.RUNNING)
    with reading() as act:
        return CasesPage.model_validate(list_cases(act, wanted=wanted, after=asked.cursor, limit=asked.limit))


@bp.post("/cases")
@access(SIGNED_IN, scope=Scope.CASES_WRITE)
@bp.input(IdempotencyHeaders, location="headers")
@bp.input(CaseWanted)
@bp.output(CaseStarted, status_code=201)
@bp.doc(
    responses=refusals(
        CaseNotStartable, ProcessUnknown, NothingDeployed, DataNameRefused, PartyRefused, StepFailed, KeyReused
    )
)
def begin_case(headers_data: IdempotencyHeaders, json_data: CaseWanted) -> Response:
    """Start a case of a process whose model lets you.

    The process must bear `sy:starters` with a role that you hold; without it nobody starts a case by a call. You play
    that role at your unit, unless `parties` names another; further parties are roles of the model's lanes. In the
    case's data `case.id` is its own key.
    """
    asked = json_data
    parties = tuple(party.named() for party in asked.parties)
    wanted = WantedCase(asked.process, asked.title, asked.data, parties)
    with acting() as act:
        return once(
            act,
            headers_data.idempotency_key,
            HTTPStatus.CREATED,
            lambda: CaseStarted.model_validate(start_case(act, wanted=wanted)),
        )


@bp.get("/cases/<case_id>")
@access(SIGNED_IN, scope=Scope.CASES_READ)
@bp.output(Case)
@bp.doc(responses=refusals(CaseUnknown))
def show_case(case_id: str) -> Case:
    """A case and what waits in it."""
    with reading() as act:
        return Case.model_validate(view_case(act, public_id=case_id))


@bp.get("/cases/<case_id>/history")
@access(SIGNED_IN, scope=Scope.CASES_READ)
@bp.output(History)
@bp.doc(responses=refusals(CaseUnknown))
def show_history(case_id: str) -> History:
    """A case's way: what happened and what held it how long. Names of reviewers are sealed as on the pages."""
    with reading() as act:
        return History.model_validate(view_case(act, public_id=case_id).course)


@bp.get("/cases/<case_id>/ledger")
@access(SIGNED_IN, scope=Scope.CASES_READ)
@bp.output(Ledger)
@bp.doc(responses=refusals(CaseUnknown))
def show_ledger(case_id: str) -> Ledger:
    """The clause ledger of an application: clause, verdict, rule, facts, files, who and when."""
    with reading() as act:
        return Ledger.model_validate(view_case(act, public_id=case_id))
