"""Sessions planned, and the lots in which their cases are heard (C5.3c)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.defense import commitment_of, draw_of, drawn, new_nonce, planned, seed_of
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import SlotState
from app.domain.units import Track
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.defense.slots import OPERATORS, DefenseUnknown
from app.services.panel.seating import groups_of
from app.services.programme.subjects import settings_of
from app.store.adding import add_rows
from app.store.models import Application, Cycle, DefenseSession, DefenseSlot
from app.store.queries import cycles
from app.store.queries import defense as rows

LONGEST_WORD = 60
"""Characters of the word that a witness gives."""


class SessionIncomplete(DomainError):
    """A session has a title, a room, a beginning and at least one case of one cycle (C5.3c)."""

    code = "session_incomplete"
    kind = Kind.BAD_INPUT


class CaseNotPlannable(DomainError):
    """The case is heard in a session already, or is not with its experts. Params: ``case``."""

    code = "case_not_plannable"
    kind = Kind.CONFLICT


class GroupsMixed(DomainError):
    """A session hears the cases of one review group (C5.3a). Params: ``groups``: those that were mixed."""

    code = "review_groups_mixed"
    kind = Kind.BAD_INPUT


class WordMissing(DomainError):
    """Lots are drawn with a word that a named witness gives on the spot (C5.3c). Params: ``longest``."""

    code = "word_missing"
    kind = Kind.BAD_INPUT


class LotsDrawn(DomainError):
    """The lots of a session are drawn once. Params: ``at``."""

    code = "lots_drawn"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Plan:
    """A session to be: its cases by the applications' public ids."""

    title: str
    room: str
    starts_at: datetime
    cases: Sequence[str]


@dataclass(frozen=True, slots=True)
class Plannable:
    """A case that no session hears yet."""

    application: str
    title: str
    track: Track
    cycle_title: str
    receipt_number: str
    group: str


def plannable(act: Act) -> tuple[Plannable, ...]:
    """Return the cases that no session hears yet. Raises ``NotAllowed``."""
    act.require(RoleKey.SECRETARIAT)
    return tuple(
        Plannable(
            application=application.public_id,
            title=case.title,
            track=application.track,
            cycle_title=cycle.title,
            receipt_number=application.receipt_number or "",
            group=group.name if (group := groups_of(cycle).of_case(application.track, application.field or "")) else "",
        )
        for application, case, cycle in rows.unplanned(act.session)
        if application.host_id != act.actor.person_id
    )


def plan_session(act: Act, *, plan: Plan) -> str:
    """Plan a session and return its public id; the lots are drawn later.

    Raises ``NotAllowed``, ``SessionIncomplete``, ``CaseNotPlannable``, ``GroupsMixed``.
    """
    act.require(RoleKey.SECRETARIAT)
    if not (plan.title.strip() and plan.room.strip() and plan.cases):
        raise SessionIncomplete
    cycle, chosen = _chosen(act, plan.cases)
    nonce = new_nonce()
    session = DefenseSession(
        cycle_id=cycle.id,
        title=plan.title.strip(),
        room=plan.room.strip(),
        starts_at=plan.starts_at,
        nonce=nonce,
        commitment=commitment_of(nonce),
        by_id=act.person_id,
        at=act.now,
    )
    act.session.add(session)
    act.session.flush()
    slots = [
        {"application_id": each.id, "session_id": session.id, "lot": None, "state": SlotState.WAITING}
        for each in chosen
    ]
    add_rows(act.session, DefenseSlot, slots)
    _record(act, cycle, "plan_defense", session, f"{len(chosen)} cases, commitment {session.commitment}")
    return session.public_id


def _chosen(act: Act, cases: Sequence[str]) -> tuple[Cycle, list[Application]]:
    open_ = {application.public_id: (application, cycle) for application, _, cycle in rows.unplanned(act.session)}
    for case in cases:
        if case not in open_:
            raise CaseNotPlannable(case=case)
        if open_[case][0].host_id == act.person_id:
            raise NotAllowed(needed=RoleKey.SECRETARIAT.value)
    found = [open_[case] for case in dict.fromkeys(cases)]
    cycle = found[0][1]
    if any(other.id != cycle.id for _, other in found):
        raise SessionIncomplete
    groups = {groups_of(cycle).of_case(each.track, each.field or "") for each, _ in found}
    if len(groups) > 1:
        raise GroupsMixed(groups=", ".join(sorted(each.name for each in groups if each)))
    return cycle, [application for application, _ in found]


def draw_lots(act: Act, *, session: str, word: str, witness: str) -> None:
    """Draw the lots of a session: from its nonce, fixed when it was planned, and the word that a witness gives now.

    Raises ``NotAllowed``, ``DefenseUnknown``, ``WordMissing``, ``LotsDrawn``.
    """
    act.require(*OPERATORS)
    found = rows.session_of(act.session, session)
    if found is None:
        raise DefenseUnknown(defense=session)
    planned_session, cycle = found
    given, named = word.strip(), witness.strip()
    if not given or not named or max(len(given), len(named)) > LONGEST_WORD:
        raise WordMissing(longest=LONGEST_WORD)
    kept = {"word": given, "witness": named, "drawn_at": act.now, "drawn_by_id": act.person_id}
    if not rows.draw(act.session, planned_session.id, **kept):
        raise LotsDrawn(at=planned_session.drawn_at)
    slots = {application.receipt_number or "": slot for slot, application, *_ in _slots(act, planned_session)}
    seed, settings = seed_of(planned_session.nonce, given), settings_of(cycle)
    for place, number in enumerate(drawn(seed, slots)):
        slots[number].lot = place + 1
        slots[number].planned_at = planned(planned_session.starts_at, place, settings)
    act.session.flush()
    _record(act, cycle, "draw_lots", planned_session, f"seed {seed}")


def _slots(act: Act, session: DefenseSession) -> Sequence[rows.SlotRow]:
    return rows.slots_of(act.session, session.id)


def _record(act: Act, cycle: Cycle, action: str, session: DefenseSession, result: str) -> None:
    case_id = cycles.cycle_instance(act.session, cycle.public_id).id
    audit.record(act, case_id=case_id, action=action, object=f"defense_session/{session.public_id}", result=result)


@dataclass(frozen=True, slots=True)
class Lot:
    """What a case drew: its place, receipt number, planned time, and the digest by which it was put there."""

    place: int
    receipt_number: str
    planned_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Lots:
    """The public page of a draw: nothing of people stands on it. ``seed`` None: not drawn yet."""

    title: str
    room: str
    starts_at: datetime
    commitment: str
    nonce: str | None
    word: str | None
    witness: str | None
    drawn_at: datetime | None
    seed: str | None
    receipts: tuple[str, ...]
    lots: tuple[Lot, ...]


def view_lots(act: Act, *, session: str) -> Lots:
    """Return how the lots of a session came about, for anybody to draw again. Raises ``DefenseUnknown``."""
    found = rows.session_of(act.session, session)
    if found is None:
        raise DefenseUnknown(defense=session)
    row, _ = found
    seed = seed_of(row.nonce, row.word) if row.word is not None else None
    slots = [(slot, application.receipt_number or "") for slot, application, *_ in _slots(act, row)]
    drawn_lots = [
        Lot(slot.lot, number, slot.planned_at, draw_of(seed, number))
        for slot, number in slots
        if seed is not None and slot.lot is not None
    ]
    return Lots(
        title=row.title,
        room=row.room,
        starts_at=row.starts_at,
        commitment=row.commitment,
        nonce=row.nonce if seed else None,
        word=row.word,
        witness=row.witness,
        drawn_at=row.drawn_at,
        seed=seed,
        receipts=tuple(sorted(number for _, number in slots)),
        lots=tuple(drawn_lots),
    )
