"""A sealed identity that two persons open together, auditor and 省委教育工委, with a reason; looks are on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.objectors import Objector, objector_of
from app.services.studios import studio_name
from app.store.models import IdentityOpening, Objection
from app.store.queries import openings as rows

OPENERS = (RoleKey.AUDITOR, RoleKey.PROVINCE_COMMITTEE)
"""One of each opens an identity: whoever asks holds one of these roles, whoever agrees the other."""

OPEN_FOR = timedelta(hours=24)
"""How long the two may look once they have agreed."""

_LONGEST = 500


class OpeningUnknown(DomainError):
    """Nobody asked to open this, or not an identity the actor may open. Params: ``opening``."""

    code = "opening_unknown"
    kind = Kind.NOT_FOUND


class OpeningRefused(DomainError):
    """Two persons of the two offices open an identity together, once, with a reason, for a day; none of them the host.

    Params: ``why``: ``reason``, ``same_office``, ``answered``, ``own_case``, ``not_opened``.
    """

    code = "opening_refused"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening asked for. ``granted`` None: not answered yet. ``may_answer``, ``may_look``: the actor, now."""

    public_id: str
    objection: str
    studio: str
    reason: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    granted: bool | None
    may_answer: bool
    may_look: bool


def ask_opening(act: Act, *, objection: str, reason: str) -> str:
    """Ask for an identity to be opened; somebody of the other office answers. Return the opening's public id.

    Raises ``NotAllowed``, ``OpeningUnknown``, ``OpeningRefused``.
    """
    act.require(*OPENERS)
    found = rows.objection_with_host(act.session, objection)
    if found is None:
        raise OpeningUnknown(opening=objection)
    about, host_id = found
    if not 0 < len(reason.strip()) <= _LONGEST:
        raise OpeningRefused(why="reason")
    _keep_off_own(act, host_id)
    row = IdentityOpening(objection_id=about.id, reason=reason.strip(), asked_by_id=act.person_id, asked_at=act.now)
    act.session.add(row)
    act.session.flush()
    _record(act, about, "ask_opening", row)
    return row.public_id


def answer_opening(act: Act, *, opening: str, agree: bool) -> None:
    """Agree to open an identity, or not; both may look for a day. Raises ``OpeningUnknown``, ``OpeningRefused``."""
    row, about, host_id = _found(act, opening)
    if row.granted is not None:
        raise OpeningRefused(why="answered")
    if not _is_other_office(act, row):
        raise OpeningRefused(why="same_office")
    _keep_off_own(act, host_id)
    row.answered_by_id, row.answered_at, row.granted = act.person_id, act.now, agree
    act.session.flush()
    _record(act, about, "answer_opening", row, "granted" if agree else "refused")


def look_at_identity(act: Act, *, opening: str) -> Objector:
    """Return who raised the objection to one of the two who opened it.

    Raises ``OpeningUnknown``, ``OpeningRefused``.
    """
    row, about, _ = _found(act, opening)
    if not _may_look(act, row):
        raise OpeningRefused(why="not_opened")
    _record(act, about, "look_at_identity", row)
    return objector_of(act, about)


def list_openings(act: Act) -> tuple[OpeningRow, ...]:
    """Return the openings asked for, the latest first. Raises ``NotAllowed``."""
    act.require(*OPENERS)
    return tuple(
        OpeningRow(
            public_id=row.public_id,
            objection=about.public_id,
            studio=studio_name(branch),
            reason=row.reason,
            asked_by=asked_by,
            asked_at=row.asked_at,
            answered_by=answered_by,
            granted=row.granted,
            may_answer=row.granted is None and _is_other_office(act, row),
            may_look=_may_look(act, row),
        )
        for row, about, branch, asked_by, answered_by in rows.openings(act.session)
    )


def _found(act: Act, opening: str) -> tuple[IdentityOpening, Objection, int]:
    act.require(*OPENERS)
    found = rows.lock_opening(act.session, opening)
    if found is None:
        raise OpeningUnknown(opening=opening)
    return found


def _is_other_office(act: Act, row: IdentityOpening) -> bool:
    """Tell whether the actor holds the one of the two roles that whoever asked does not hold."""
    if act.person_id == row.asked_by_id:
        return False
    asked_as = rows.roles_of(act.session, row.asked_by_id, act.today) & set(OPENERS)
    return any(act.actor.holds(role) for role in OPENERS if role not in asked_as)


def _may_look(act: Act, row: IdentityOpening) -> bool:
    if not row.granted or row.answered_at is None or act.now >= row.answered_at + OPEN_FOR:
        return False
    return act.person_id in {row.asked_by_id, row.answered_by_id}


def _keep_off_own(act: Act, host_id: int) -> None:
    if act.person_id == host_id:
        raise OpeningRefused(why="own_case")


def _record(act: Act, about: Objection, action: str, row: IdentityOpening, result: str = "done") -> None:
    audit.record(act, case_id=about.instance_id or 0, action=action, object=f"opening/{row.public_id}", result=result)
