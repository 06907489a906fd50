"""Deeds of 省委教育工委 on a studio, each with reason and document; the term never moves (C6.1b, C6.2, C5.3e).

While a studio is suspended its cases are held: no task of theirs is completed, no timer fires; its term goes on. What
fell due meanwhile is done once it is resumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import INSTANCE, STUDIO, InstanceState, StudioState
from app.domain.succession import FixedByPlan
from app.services import audit
from app.services.acting import Act
from app.services.messages import Post, post_new
from app.services.running import CaseUnknown
from app.services.seeing import visible_to
from app.store import Session, on_rollback
from app.store.models import AcceptanceState, Instance, Studio, StudioEvent, StudioEventKind
from app.store.queries import acceptance as acceptances
from app.store.queries import casework, studios
from app.store.queries import succession as rows

CLOSED = "studio_closed"
"""The message by which the construction learns that its studio was revoked or ended."""

STOPPED = "acceptance_stopped"
"""The same for an acceptance that is under way."""

DROPPED = "beside_closed"
"""The same for what was begun beside the construction: a change of host, a report to the superior."""

_LONGEST = 3000


class NotRunningStudio(DomainError):
    """The studio is not in a state in which this may happen. Params: ``state``, ``clause``."""

    code = "not_running_studio"
    kind = Kind.CONFLICT


class DeedIncomplete(DomainError):
    """A deed has a reason, a document and a day from the studio's approval to today. Params: ``field``."""

    code = "deed_incomplete"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a studio: on which day, by which document, for which reason.

    ``by_id``: who decided, where that is not who acts (None).
    """

    kind: StudioEventKind
    on_day: date
    document: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)
    by_id: int | None = None


_TARGETS: Mapping[StudioEventKind, StudioState] = {
    StudioEventKind.SUSPENDED: StudioState.SUSPENDED,
    StudioEventKind.RESUMED: StudioState.BUILDING,
    StudioEventKind.ENDED_EARLY: StudioState.ENDED_EARLY,
    StudioEventKind.REVOKED: StudioState.REVOKED,
}
_HOLDING = {InstanceState.SUSPENDED: "hold_case", InstanceState.ACTIVE: "release_case"}
_BESIDE = ("host_change", "problem_report")
_NEVER_HELD = frozenset({"host_change"})
"""A change of host may be what ends a suspension."""

_OVER = frozenset({StudioState.FAILED, StudioState.ENDED_EARLY, StudioState.REVOKED})
_CLOSING = frozenset({StudioEventKind.ENDED_EARLY, StudioEventKind.REVOKED})
_NAMING = frozenset({StudioEventKind.RENAMED, StudioEventKind.REORGANISED})
COMMITTEE_DEEDS = (
    *_TARGETS,
    StudioEventKind.RENAMED,
    StudioEventKind.REORGANISED,
    StudioEventKind.PLAQUE_GIVEN,
    StudioEventKind.PLAQUE_WITHDRAWN,
)
"""Deeds that are 省委教育工委's alone."""

TEAM_DEEDS = (StudioEventKind.MEMBER_JOINED, StudioEventKind.MEMBER_LEFT)
"""Changes of the team, recorded by the host or the school's Party organisation (C6.7)."""


def do_deed(act: Act, *, studio: str, deed: Deed) -> None:
    """Do a deed of 省委教育工委 to a studio (public id).

    Raises ``NotAllowed``, ``CaseUnknown``, ``DeedIncomplete``, ``NotRunningStudio``.
    """
    if deed.kind not in COMMITTEE_DEEDS:
        raise DeedIncomplete(field="kind")
    act.require(RoleKey.PROVINCE_COMMITTEE)
    found = _locked(act, studio)
    _check_complete(act, found, deed)
    _take_effect(act, found, deed)


def change_team(act: Act, *, studio: str, deed: Deed) -> None:
    """Record that somebody joined or left a studio's team (C6.7): the host's or the school Party organisation's word.

    Raises ``NotAllowed``, ``CaseUnknown``, ``DeedIncomplete``, ``NotRunningStudio``.
    """
    found = _locked(act, studio)
    if deed.kind not in TEAM_DEEDS:
        raise DeedIncomplete(field="kind")
    if found.host_id != act.actor.person_id:
        act.require(RoleKey.SCHOOL_PARTY)
    _check_complete(act, found, deed)
    if not str(deed.details.get("member") or "").strip():
        raise DeedIncomplete(field="member")
    if found.state in _OVER:
        raise NotRunningStudio(state=found.state.value, clause="C6.7")
    _note(act, found, deed)


def ask_to_rename(act: Act, *, studio: str, what: str) -> None:
    """Refuse a wish to change name or direction: no studio can start that (C6.1b). Raises ``FixedByPlan``."""
    found = _locked(act, studio)
    about = f"studio/{found.public_id}"
    case_id = found.instance_id

    def write(session: Session) -> None:
        audit.record(act.within(session), case_id=case_id, action="ask_to_rename", object=about, result="refused")

    on_rollback(act.session, write)
    raise FixedByPlan(what=what, clause="C6.1b")


def _locked(act: Act, public_id: str) -> Studio:
    found = studios.locked_studio(act.session, public_id)
    if found is None or studios.seen_one(act.session, public_id, visible_to(act.actor)) is None:
        raise CaseUnknown(case=public_id)
    return found


def _check_complete(act: Act, studio: Studio, deed: Deed) -> None:
    for name, text in (("document", deed.document), ("reason", deed.reason)):
        if not 0 < len(text.strip()) <= _LONGEST:
            raise DeedIncomplete(field=name)
    if not studio.starts_on <= deed.on_day <= act.today:
        raise DeedIncomplete(field="on_day")
    if deed.kind in _NAMING and not str(deed.details.get("name") or "").strip():
        raise DeedIncomplete(field="name")


def _take_effect(act: Act, studio: Studio, deed: Deed) -> None:
    target = _TARGETS.get(deed.kind)
    if target is not None:
        _move(act, studio, target, deed)
    details = dict(deed.details)
    if deed.kind in _NAMING:
        details = {"before": studio.name, "name": str(deed.details["name"]).strip()}
        studio.name = details["name"]
        act.session.get_one(Instance, studio.instance_id).title = studio.name
    _note(act, studio, replace(deed, details=details))
    if deed.kind in _CLOSING:
        _close(act, studio, deed)


def _close(act: Act, studio: Studio, deed: Deed) -> None:
    """Have the cases that go on end; what has ended already is told nothing."""
    construction = act.session.get_one(Instance, studio.instance_id)
    acceptance = acceptances.acceptance_of(act.session, studio.id)
    told = [CLOSED] if not INSTANCE.is_final(construction.state) else []
    if acceptance is not None and acceptance.state in {AcceptanceState.OPEN, AcceptanceState.DEFERRED}:
        told.append(STOPPED)
    data = {"closed": deed.kind.value}
    posts = [Post(name, {"studio": studio.public_id}, f"{name}:{studio.public_id}", data) for name in told]
    post_new(act, [*posts, *_dropping(act, studio, data)])


def drop_beside(act: Act, studio: Studio, why: str) -> None:
    """Have what was begun beside a studio's construction end with it."""
    post_new(act, _dropping(act, studio, {"closed": why}))


def _dropping(act: Act, studio: Studio, data: Mapping[str, str]) -> list[Post]:
    beside = rows.running_beside(act.session, studio, _BESIDE)
    return [Post(DROPPED, {"about": key}, f"{DROPPED}:{key}", data) for key in beside]


def _move(act: Act, studio: Studio, target: StudioState, deed: Deed) -> None:
    if not STUDIO.allows(studio.state, target):
        raise NotRunningStudio(state=studio.state.value, clause="C6.2")
    wanted = InstanceState.SUSPENDED if target is StudioState.SUSPENDED else InstanceState.ACTIVE
    for case_id in rows.running_cases(act.session, studio):
        locked = casework.lock_case(act.session, case_id)
        if (
            locked is not None
            and locked.instance.state is not wanted
            and locked.instance.process_key not in _NEVER_HELD
        ):
            locked.instance.state = INSTANCE.moved(locked.instance.state, wanted)
            audit.record(act, case_id=case_id, action=_HOLDING[wanted], object=deed.document)
    studio.state, studio.state_reason = STUDIO.moved(studio.state, target), deed.reason.strip()


def _note(act: Act, studio: Studio, deed: Deed) -> None:
    act.session.add(
        StudioEvent(
            studio_id=studio.id,
            kind=deed.kind,
            on_day=deed.on_day,
            document=deed.document.strip(),
            reason=deed.reason.strip(),
            details=dict(deed.details),
            by_id=deed.by_id or act.actor.person_id,
            at=act.now,
        )
    )
    act.session.flush()
    what = f"studio/{studio.public_id}"
    audit.record(act, case_id=studio.instance_id, action=f"studio_{deed.kind.value}", object=what, result=deed.document)


def note_event(act: Act, studio: Studio, deed: Deed) -> None:
    """Record what happened to a studio, for whoever has settled that it may."""
    _note(act, studio, deed)
