"""My data (PIPL): see everything that is kept about oneself, take it along, ask for a correction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError, Kind
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.audit import Details
from app.services.authority import authority_of, reach_of
from app.services.listing import HoldingRow, holdings_of_person
from app.services.roster.planning import NUMBERS
from app.services.veiling import code_of
from app.store.models import Correction
from app.store.queries import own as queries

_LONGEST = 2_000


class About(StrEnum):
    """What a correction is about."""

    NAME = "name"
    UNIT = "unit"
    ID_NUMBER = "id_number"
    ROLE = "role"
    OTHER = "other"


class NoNumber(DomainError):
    """No identity number is kept of this person, or it was sealed under another secret."""

    code = "no_number"
    kind = Kind.NOT_FOUND


class CorrectionBlank(DomainError):
    """A request for correction, and an answer to one, is written in words. Params: ``most``."""

    code = "correction_blank"
    kind = Kind.BAD_INPUT


class CorrectionUnknown(DomainError):
    """There is no such request among those the actor answers, or it is answered already. Params: ``number``."""

    code = "correction_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Profile:
    """The account and the file beside it; the identity number masked."""

    login: str
    name: str
    unit: str
    id_masked: str
    password_changed_at: datetime


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case in which the person plays a part in their own name."""

    public_id: str
    title: str
    process_key: str
    role: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """A step the person completed, with what they handed in."""

    case_public_id: str
    case_title: str
    title: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """Something typed and not handed in."""

    task_id: str
    saved_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A sign-in: by which way, on which device, from where, how long."""

    way: str
    device: str
    address: str
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnContact:
    """Where messages go."""

    medium: str
    address: str | None
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A request for correction and its answer; ``granted`` None: it waits."""

    public_id: str
    person_public_id: str
    person: str
    about: str
    text: str
    asked_at: datetime
    granted: bool | None
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyData:
    """Everything the system keeps about a person. ``events``: how often the audit trail names them as acting."""

    profile: Profile
    held: tuple[HoldingRow, ...]
    cases: tuple[OwnCase, ...]
    submissions: tuple[OwnSubmission, ...]
    drafts: tuple[OwnDraft, ...]
    sessions: tuple[OwnSession, ...]
    contacts: tuple[OwnContact, ...]
    corrections: tuple[CorrectionRow, ...]
    events: int


def my_data(act: Act) -> MyData:
    """Return everything that is kept about the acting person; a constant number of statements."""
    session, me = act.session, act.person_id
    person, file, unit = queries.file_of(session, me)
    masked = (file and file.id_masked) or ""
    return MyData(
        profile=Profile(person.login, person.name, unit.name if unit else "", masked, person.password_changed_at),
        held=holdings_of_person(act, me),
        cases=tuple(
            OwnCase(case.public_id, case.title, case.process_key, role, case.started_at, case.ended_at)
            for case, role in queries.cases_of(session, me)
        ),
        submissions=tuple(
            OwnSubmission(
                case_public_id="" if is_veiled else case.public_id,
                case_title=code_of(act, case.business_key) if is_veiled else case.title,
                title=done.title,
                at=done.at,
                data=done.data,
            )
            for done, case, is_veiled in queries.submissions_of(session, me)
        ),
        drafts=tuple(OwnDraft(draft.task_id, draft.saved_at, draft.data) for draft in queries.drafts_of(session, me)),
        sessions=tuple(
            OwnSession(row.way.value, row.device, row.address, row.begun_at, row.seen_at, row.ended_at)
            for row in queries.sessions_of(session, me)
        ),
        contacts=tuple(
            OwnContact(row.medium.value, row.address, row.verified_at) for row in queries.contacts_of(session, me)
        ),
        corrections=_rows(act, person_id=me),
        events=queries.count_events(session, me),
    )


def take_along(act: Act) -> Mapping[str, Any]:
    """Return everything as plain values for a file of one's own; that it was taken is noted."""
    data = asdict(my_data(act))
    audit.record(act, case_id=audit.OFFICE, action="export_own_data", object=f"person/{act.actor.public_id}")
    return data


def reveal_number(act: Act) -> str:
    """Return one's own identity number in full; every look is noted. Raises ``NoNumber``."""
    _, file, _ = queries.file_of(act.session, act.person_id)
    sealed = file.id_sealed if file else None
    if sealed is None:
        raise NoNumber
    try:
        number = act.ports.sealer.unseal(sealed, NUMBERS).decode()
    except ValueError as error:
        raise NoNumber from error
    audit.record(act, case_id=audit.OFFICE, action="reveal_number", object=f"person/{act.actor.public_id}")
    return number


def ask_correction(act: Act, *, about: About, text: str) -> str:
    """Ask that something kept about oneself be corrected; return the request's public id. Raises ``CorrectionBlank``.

    It goes to the administrator of one's unit and to the system administrator.
    """
    row = Correction(person_id=act.person_id, about=about.value, text=_said(text), asked_at=act.now)
    act.session.add(row)
    act.session.flush()
    told = Details(personal={"text": row.text})
    audit.record(act, case_id=audit.OFFICE, action="ask_correction", object=f"correction/{row.public_id}", details=told)
    return row.public_id


def corrections_to_answer(act: Act, *, is_open: bool = True) -> tuple[CorrectionRow, ...]:
    """Return the requests of the people whom the actor looks after. Raises ``NotAllowed``."""
    return _rows(act, within=reach_of(act), is_open=is_open)


def answer_correction(act: Act, *, public_id: str, granted: bool, answer: str) -> None:
    """Answer a request: done as asked, or not and why. Nobody answers their own.

    Raises ``NotAllowed``, ``CorrectionUnknown``, ``CorrectionBlank``.
    """
    if not authority_of(act).people:
        raise NotAllowed(needed="sysadmin,unit_admin")
    row = queries.correction(act.session, public_id, reach_of(act))
    if row is None or row.answer is not None or row.person_id == act.actor.person_id:
        raise CorrectionUnknown(number=public_id)
    row.answer, row.granted = _said(answer), granted
    row.answered_by_id, row.answered_at = act.actor.person_id, act.now
    result = "granted" if granted else "refused"
    told = Details(personal={"answer": row.answer})
    what = f"correction/{public_id}"
    audit.record(act, case_id=audit.OFFICE, action="answer_correction", object=what, result=result, details=told)


def _said(text: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= _LONGEST:
        raise CorrectionBlank(most=_LONGEST)
    return said


def _rows(act: Act, **narrowed: Any) -> tuple[CorrectionRow, ...]:
    return tuple(
        CorrectionRow(
            public_id=row.public_id,
            person_public_id=person.public_id,
            person=person.name,
            about=row.about,
            text=row.text,
            asked_at=row.asked_at,
            granted=row.granted,
            answer=row.answer or "",
            answered_by=by or "",
            answered_at=row.answered_at,
        )
        for row, person, by in queries.corrections(act.session, **narrowed)
    )
