"""A stage done in error is annulled and done again: who may ask for it, of which cases, and how it begins."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.scoring import round_half_up
from app.services import audit
from app.services.acting import Act
from app.services.course import knows_reviewers
from app.services.programme.annulling import annullable
from app.services.programme.parties import undertaking_unit_id
from app.services.programme.stages import STAGES
from app.services.running import Begin, CaseUnknown, Party, start_instance
from app.services.studios import case_title
from app.store.models import Application, Instance
from app.store.queries import annulments as rows
from app.store.queries import applications, lines, panel
from app.store.types import new_public_id

_LONGEST = 2000


class AnnulmentRefused(DomainError):
    """A stage is annulled with a reason and a document, while nothing has been built on it, one request at a time."""

    code = "annulment_refused"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a stage is to be annulled, and by which document; ``stage`` empty: the only one that can be.

    ``experts`` (public ids): of the material review only theirs, and they stand aside from the case.
    """

    reason: str
    document: str
    stage: str = ""
    experts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annullable:
    """What the actor may ask to annul in a case: stages as (key, name), and who has scored its materials."""

    stages: tuple[tuple[str, str], ...]
    experts: tuple[tuple[str, str], ...] = ()


def may_annul(act: Act, *, case: str) -> Annullable | None:
    """Return what the actor may ask to annul in a case now; None: there is nothing."""
    application = applications.application_of_case(act.session, case)
    if application is None or not act.actor.holds(RoleKey.PROVINCE_COMMITTEE):
        return None
    found = _askable(act, application)
    if not found:
        return None
    scored = panel.scores_of(act.session, [application.id]) if "materials" in found else ()
    experts = tuple((person.public_id, person.name) for _, person in scored)
    return Annullable(tuple((each, STAGES[each].name) for each in found), experts)


def _askable(act: Act, application: Application) -> tuple[str, ...]:
    found = annullable(act, application)
    is_own = application.host_id == act.actor.person_id
    return () if not found or is_own or rows.is_pending(act.session, application.instance_id) else found


@dataclass(frozen=True, slots=True)
class Annulled:
    """What was given in a stage that was annulled; ``expert`` None: the mean of a whole defense."""

    stage: str
    expert: str | None
    score: Decimal
    given_at: datetime
    reason: str
    at: datetime


def annulled_scores(act: Act, *, case: str) -> tuple[Annulled, ...] | None:
    """Return the scores of a case that were annulled; None for whoever may not know who reviewed it."""
    application = applications.application_of_case(act.session, case)
    if application is None or not knows_reviewers(act.actor, application.host_id):
        return None
    return tuple(
        Annulled(
            STAGES[row.stage].name,
            person.name if person is not None else None,
            round_half_up(Fraction(row.total)),
            row.given_at,
            row.reason,
            row.at,
        )
        for row, person in rows.annulled_of(act.session, application.id)
    )


def ask_annulment(act: Act, *, case: str, grounds: Grounds) -> str:
    """Ask for the annulment of a stage that a case has passed last; return the key of the request.

    Another person decides. Raises ``NotAllowed``, ``CaseUnknown``, ``AnnulmentRefused``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    application = applications.application_of_case(act.session, case)
    if application is None:
        raise CaseUnknown(case=case)
    texts = (grounds.reason.strip(), grounds.document.strip())
    stage = _stage(_askable(act, application), grounds)
    scored = {person.public_id for _, person in panel.scores_of(act.session, [application.id])}
    is_named = stage == "materials" and bool(grounds.experts)
    is_whole = set(grounds.experts) <= scored if is_named else not grounds.experts
    if stage is None or not is_whole or not all(0 < len(text) <= _LONGEST for text in texts):
        raise AnnulmentRefused
    key = new_public_id()
    asked = {
        "id": key,
        "application": application.public_id,
        "stage": stage,
        "experts": list(grounds.experts),
        "reason": texts[0],
        "document": texts[1],
        "by": act.actor.public_id,
    }
    committee = lines.line_of(act.session, undertaking_unit_id(act), act.today)[-1].id
    begin = Begin(
        process_key="annulment",
        business_key=key,
        title=case_title(act.session.get_one(Instance, application.instance_id).title, "撤销重做"),
        cycle_id=application.cycle_id,
        parent_id=application.instance_id,
        data={"annulment": asked},
        parties=(Party(RoleKey.PROVINCE_COMMITTEE, unit_id=committee),),
    )
    started = start_instance(act, begin=begin)
    audit.record(act, case_id=started.id, action="ask_annulment", object=f"application/{application.public_id}")
    return key


def _stage(found: tuple[str, ...], grounds: Grounds) -> str | None:
    wanted = grounds.stage or (found[0] if len(found) == 1 else "")
    return wanted if wanted in found else None
