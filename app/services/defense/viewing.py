"""The defense desk as each of those who work at it sees it; nobody is shown another's score before it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.defense import SCORED, Clock, clock_of
from app.domain.roles import RoleKey
from app.domain.states import SlotState
from app.services.acting import Act, NotAllowed
from app.services.course import KNOWING
from app.services.defense.slots import DefenseUnknown
from app.services.panel.seating import groups_of
from app.services.programme.subjects import settings_of
from app.services.studios import studio_name
from app.store.models import Cycle, DefenseSeat, DefenseSession, DefenseSheet, Person
from app.store.queries import defense as rows

_AT_WORK = (SlotState.CALLED, SlotState.PRESENTING, SlotState.QUESTIONS)
_ENTRIES = 2


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list; ``over`` of ``slots`` are recorded or absent."""

    public_id: str
    title: str
    room: str
    cycle_title: str
    starts_at: datetime
    is_drawn: bool
    slots: int
    over: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """An entry from a sheet. ``score`` None: hidden, as whoever looks may still key the sheet."""

    name: str
    is_mine: bool
    score: str | None


@dataclass(frozen=True, slots=True)
class SeatView:
    """An expert in a slot. ``has_scored``: the score itself is not shown here; ``differ``: two entries do."""

    expert: str
    name: str
    left_for: str | None
    has_scored: bool
    keyed: tuple[Keyed, ...]
    differ: bool


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot on the desk. ``task``: the case's open task in which the chair records it; ``is_own``: kept out."""

    case: str
    case_id: str
    lot: int | None
    receipt_number: str
    studio: str
    host: str
    state: SlotState
    planned_at: datetime | None
    document: str | None
    task: str | None
    clock: Clock | None
    seats: tuple[SeatView, ...]
    recused: tuple[str, ...]
    is_own: bool

    @property
    def sitting(self) -> int:
        """How many judge it."""
        return sum(seat.left_for is None for seat in self.seats)

    @property
    def scored(self) -> int:
        """How many of them have given their score."""
        return sum(seat.has_scored for seat in self.seats)

    @property
    def takes_scores(self) -> bool:
        """Tell whether scores are given now."""
        return self.state in SCORED


@dataclass(frozen=True, slots=True)
class DeskView:
    """A session's desk; ``now_on``: the slot being held, ``next_up``: the first that can be called next."""

    row: SessionRow
    commitment: str
    minutes: tuple[int, int]
    slots: tuple[SlotView, ...]
    now_on: SlotView | None
    next_up: SlotView | None
    substitutes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MySlot:
    """A slot in which an expert sits. ``score``: their own, None until given."""

    case: str
    case_id: str
    session: str
    room: str
    title: str
    lot: int | None
    planned_at: datetime | None
    state: SlotState
    takes_scores: bool
    score: str | None


def list_sessions(act: Act) -> tuple[SessionRow, ...]:
    """Return every session, the latest first; one statement. Raises ``NotAllowed``."""
    act.require(*KNOWING)
    return tuple(_row(row, cycle, slots, over) for row, cycle, slots, over in rows.sessions(act.session))


def _row(row: DefenseSession, cycle: Cycle, slots: int, over: int) -> SessionRow:
    return SessionRow(
        public_id=row.public_id,
        title=row.title,
        room=row.room,
        cycle_title=cycle.title,
        starts_at=row.starts_at,
        is_drawn=row.drawn_at is not None,
        slots=slots,
        over=over,
    )


def view_desk(act: Act, *, session: str) -> DeskView:
    """Return a session's desk in a constant number of statements. Raises ``NotAllowed``, ``DefenseUnknown``."""
    act.require(*KNOWING)
    found = rows.session_of(act.session, session)
    if found is None:
        raise DefenseUnknown(defense=session)
    row, cycle = found
    slots = rows.slots_of(act.session, row.id)
    seen = _Seen(act, cycle, row, [slot.application_id for slot, *_ in slots])
    shown = tuple(seen.slot(each) for each in slots)
    over = sum(each.state in (SlotState.HELD, SlotState.ABSENT) for each in shown)
    settings = settings_of(cycle)
    now_on = next((each for each in shown if each.state in _AT_WORK), None)
    waiting = (each for each in shown if each.state is SlotState.WAITING and each.lot is not None and each.task)
    return DeskView(
        row=_row(row, cycle, len(shown), over),
        commitment=row.commitment,
        minutes=(settings.presentation_minutes, settings.question_minutes),
        slots=shown,
        now_on=now_on,
        next_up=next(waiting, None),
        substitutes=_substitutes(act, cycle, slots, now_on),
    )


def _substitutes(
    act: Act, cycle: Cycle, slots: Sequence[rows.SlotRow], now_on: SlotView | None
) -> tuple[tuple[str, str], ...]:
    """Who of the panel could join the slot being held."""
    if now_on is None:
        return ()
    at_work = next(application for _, application, *_ in slots if application.public_id == now_on.case)
    groups = groups_of(cycle).keys_for(at_work.track, at_work.field or "")
    free = rows.free_experts(act.session, cycle.id, at_work.id, groups)
    return tuple((person.public_id, person.name) for person in free)


class _Seen:
    """What stands about the slots of a session, read once for all of them."""

    def __init__(self, act: Act, cycle: Cycle, session: DefenseSession, ids: Sequence[int]) -> None:
        self.act = act
        self.settings = settings_of(cycle)
        self.seats: dict[int, list[tuple[DefenseSeat, Person]]] = {}
        for seat, person in rows.seats_of(act.session, ids):
            self.seats.setdefault(seat.application_id, []).append((seat, person))
        self.scored = {(score.application_id, score.expert_id) for score, _ in rows.scores_of(act.session, ids)}
        self.sheets: dict[tuple[int, int], list[tuple[DefenseSheet, Person]]] = {}
        for sheet, person in rows.sheets_of(act.session, ids):
            self.sheets.setdefault((sheet.application_id, sheet.expert_id), []).append((sheet, person))
        self.recused: dict[int, list[tuple[int, str]]] = {}
        for recusal, person in rows.recusals_in(act.session, session.id):
            self.recused.setdefault(recusal.application_id, []).append((person.id, person.name))

    def slot(self, found: rows.SlotRow) -> SlotView:
        """A slot as the desk shows it."""
        slot, application, case, host, branch, task = found
        aside = self.recused.get(slot.application_id, [])
        since = slot.questions_at or slot.begun_at
        return SlotView(
            case=application.public_id,
            case_id=case.public_id,
            lot=slot.lot,
            receipt_number=application.receipt_number or "",
            studio=studio_name(branch.name),
            host=host.name,
            state=slot.state,
            planned_at=slot.planned_at,
            document=slot.document,
            task=task,
            clock=clock_of(slot.state, since, self.act.now, self.settings),
            seats=tuple(self._seat(*each) for each in self.seats.get(slot.application_id, [])),
            recused=tuple(name for _, name in aside),
            is_own=self.act.actor.person_id in {application.host_id, *(person_id for person_id, _ in aside)},
        )

    def _seat(self, seat: DefenseSeat, person: Person) -> SeatView:
        key = (seat.application_id, seat.expert_id)
        entries = self.sheets.get(key, [])
        is_done = key in self.scored
        mine = any(sheet.by_id == self.act.actor.person_id for sheet, _ in entries)
        shows = is_done or len(entries) >= _ENTRIES or mine
        differ = not is_done and len({sheet.score for sheet, _ in entries}) > 1
        keyed = tuple(
            Keyed(by.name, sheet.by_id == self.act.actor.person_id, sheet.score if shows else None)
            for sheet, by in entries
        )
        return SeatView(person.public_id, person.name, seat.reason, is_done, keyed, differ)


def my_slots(act: Act) -> tuple[MySlot, ...]:
    """Return the slots in which the acting expert sits and which are not recorded yet. Raises ``NotAllowed``."""
    if not act.actor.holds(RoleKey.EXPERT):
        raise NotAllowed(needed=RoleKey.EXPERT.value)
    return tuple(
        MySlot(
            case=application.public_id,
            case_id=case.public_id,
            session=session.title,
            room=session.room,
            title=case.title,
            lot=slot.lot,
            planned_at=slot.planned_at,
            state=slot.state,
            takes_scores=slot.state in SCORED,
            score=score,
        )
        for slot, session, application, case, score in rows.slots_for(act.session, act.person_id)
    )
