"""The auditor's room: everything can be looked up, nothing can be changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.forms import Form
from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.services import audit
from app.services.acting import Act
from app.services.audit import HistoryRow, Report, history_row
from app.services.deployed import form_of
from app.services.programme.material import CaseFile, files_of_case
from app.services.running import CaseUnknown
from app.store.models import Application, ApplicationState, AuditEvent, Cycle, FormSubmission, Instance
from app.store.queries import audit_search as queries
from app.store.queries import cases as case_queries
from app.store.queries.audit_search import CaseSearch, EventSearch

__all__ = ["CaseSearch", "EventSearch", "export_case", "export_events", "search_cases", "search_events", "view_history"]

PAGE = 50
MOST_EXPORTED = 100_000
"""Events in one export; a search that finds more is to be narrowed."""

_PIECE = 1000


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case as a search lists it."""

    public_id: str
    title: str
    number: str
    process_key: str
    cycle_title: str
    branch: str
    host: str
    state: InstanceState
    application_state: ApplicationState | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundCases:
    """A page of cases; ``next``: the public id to go on after, None at the end."""

    rows: tuple[FoundCase, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search can be narrowed to: cycles (public id, title) and processes."""

    cycles: tuple[tuple[str, str], ...]
    processes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of any chain; the case's words are empty where it belongs to none."""

    id: int
    case_public_id: str
    case_title: str
    event: HistoryRow


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """A page of events, the newest first; ``next``: the event to go on before, None at the end."""

    rows: tuple[FoundEvent, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody handed in; ``changed``: the fields that differ from what was handed in at this step before, None
    where it is the first time. ``form`` is the version that was filled in.
    """

    element_id: str
    title: str
    role: str
    by: str
    opened_at: datetime
    at: datetime
    form: Form | None
    form_number: int | None
    form_public_id: str | None
    values: Mapping[str, Any]
    changed: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Everything that is kept about a case's way; ``chain`` is the check of its audit chain, made just now."""

    case: FoundCase
    outcome: str
    model_number: int
    model_public_id: str
    parties: tuple[tuple[str, str, str], ...]
    events: tuple[HistoryRow, ...]
    submissions: tuple[Submission, ...]
    files: Mapping[str, CaseFile]
    chain: Report


def choices(act: Act) -> Choices:
    """Return what a search can be narrowed to."""
    act.require(RoleKey.AUDITOR)
    cycles = tuple((row[0], row[1]) for row in queries.cycles(act.session))
    return Choices(cycles, tuple(queries.processes(act.session)))


def search_cases(act: Act, *, wanted: CaseSearch, after: str | None = None, limit: int = PAGE) -> FoundCases:
    """Return a page of the cases that are like that. One statement. Raises ``NotAllowed``."""
    act.require(RoleKey.AUDITOR)
    found = queries.cases(act.session, wanted, after, limit + 1)
    rows = tuple(_case(*row) for row in found[:limit])
    return FoundCases(rows, rows[-1].public_id if len(found) > limit else None)


def _case(
    case: Instance, application: Application | None, cycle: Cycle | None, branch: str | None, host: str | None
) -> FoundCase:
    return FoundCase(
        public_id=case.public_id,
        title=case.title,
        number=(application.receipt_number if application else None) or "",
        process_key=case.process_key,
        cycle_title=cycle.title if cycle else "",
        branch=branch or "",
        host=host or "",
        state=case.state,
        application_state=application.state if application else None,
        started_at=case.started_at,
        ended_at=case.ended_at,
    )


def search_events(act: Act, *, wanted: EventSearch, before: int | None = None, limit: int = PAGE) -> FoundEvents:
    """Return a page of the events that are like that. One statement. Raises ``NotAllowed``, ``AuditUnreadable``."""
    act.require(RoleKey.AUDITOR)
    found = queries.events(act.session, wanted, before, limit + 1)
    rows = tuple(_event(*row) for row in found[:limit])
    return FoundEvents(rows, rows[-1].id if len(found) > limit else None)


def _event(row: AuditEvent, name: str | None, case: Instance | None) -> FoundEvent:
    public_id, title = (case.public_id, case.title) if case else ("", "")
    return FoundEvent(row.id, public_id, title, history_row(row, name))


def view_history(act: Act, *, public_id: str) -> CaseHistory:
    """Return a case's whole history and check its chain. Raises ``NotAllowed``, ``CaseUnknown``."""
    act.require(RoleKey.AUDITOR)
    found = queries.case(act.session, public_id)
    if found is None:
        raise CaseUnknown(case=public_id)
    case, application, cycle, branch, host, version = found
    return CaseHistory(
        case=_case(case, application, cycle, branch, host),
        outcome=case.outcome or "",
        model_number=version.number,
        model_public_id=version.public_id,
        parties=tuple((row[0], row[1] or "", row[2] or "") for row in case_queries.parties(act.session, case.id)),
        events=tuple(_chain(act, case.id)),
        submissions=tuple(_submissions(act, case.id)),
        files=files_of_case(act, case.id),
        chain=audit.verify_case(act.session, case.id),
    )


def _chain(act: Act, case_id: int) -> Iterator[HistoryRow]:
    """Yield every event of a case, oldest first."""
    after, rows = 0, list(queries.chain_piece(act.session, case_id, 0, _PIECE))
    while rows:
        yield from (history_row(row[0], row[1]) for row in rows)
        after = rows[-1][0].case_seq
        rows = list(queries.chain_piece(act.session, case_id, after, _PIECE))


def _submissions(act: Act, case_id: int) -> Iterator[Submission]:
    last: dict[tuple[str, int], Mapping[str, Any]] = {}
    for row in queries.submissions(act.session, case_id):
        submission, by, number, form_public_id = row
        at = (submission.element_id, submission.by_id if submission.item is not None else 0)
        yield _submission(act, submission, (by, number, form_public_id), last.get(at))
        last[at] = submission.data


def _submission(
    act: Act, row: FormSubmission, named: tuple[str, int | None, str | None], before: Mapping[str, Any] | None
) -> Submission:
    by, number, form_public_id = named
    return Submission(
        element_id=row.element_id,
        title=row.title,
        role=row.lane or "",
        by=by,
        opened_at=row.opened_at,
        at=row.at,
        form=form_of(act.session, row.form_version_id) if row.form_version_id else None,
        form_number=number,
        form_public_id=form_public_id,
        values=row.data,
        changed=None if before is None else _changed(before, row.data),
    )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    keys = dict.fromkeys((*before, *after))
    return tuple(key for key in keys if before.get(key) != after.get(key))


def export_case(act: Act, *, public_id: str) -> Iterator[HistoryRow]:
    """Yield every event of a case for an export. Raises ``NotAllowed``, ``CaseUnknown``."""
    act.require(RoleKey.AUDITOR)
    found = queries.case(act.session, public_id)
    if found is None:
        raise CaseUnknown(case=public_id)
    return _chain(act, found[0].id)


def export_events(act: Act, *, wanted: EventSearch) -> Iterator[HistoryRow]:
    """Yield the events of a search for an export, the newest first, ``MOST_EXPORTED`` at most.

    Raises ``NotAllowed``.
    """
    act.require(RoleKey.AUDITOR)
    return _found(act, wanted)


def _found(act: Act, wanted: EventSearch) -> Iterator[HistoryRow]:
    before: int | None = None
    for _ in range(MOST_EXPORTED // _PIECE):
        page = search_events(act, wanted=wanted, before=before, limit=_PIECE)
        yield from (row.event for row in page.rows)
        before = page.next
        if before is None:
            return
