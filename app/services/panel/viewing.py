"""What whoever forms a panel sees: the register with its ties, draws, invitations, and who judges what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.assignment import loads
from app.domain.recusal import RECUSAL_NAMES, Reason
from app.domain.roles import RoleKey
from app.domain.states import CycleStatus
from app.services.acting import Act
from app.services.panel.assigning import Table, chosen_in, is_fit, last_run, table_of
from app.services.panel.remedies import Change, changes_of
from app.services.panel.seating import Seat, groups_of, ties_text
from app.services.panel.ties import FORMING, Entry, Graph, NoSuchPanel, entries_of, tie_graph
from app.services.papers.reading import PaperRow, pledges_in
from app.services.seeing import KeptOut
from app.store.models import AssignmentRun, Cycle, PanelDraw, PanelInvitation, PanelMember, Person
from app.store.queries import applications, assigned, cycles, forming
from app.store.queries import panel as rows

READERS = (*FORMING, RoleKey.AUDITOR)
"""Who may look: the auditor changes nothing."""

PER_PAGE = 50
"""Cases on a page of the matrix."""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A case somebody stands aside from, and why, in words."""

    studio: str
    reasons: str


@dataclass(frozen=True, slots=True)
class ExpertShown:
    """An expert of the register; ``seat`` where they sit on the panel, ``drawn`` where the last draw took them.

    ``pledge``: the paper that they signed.
    """

    person: Person
    unit: str
    fields: str
    ties: str
    aside: tuple[ReasonShown, ...]
    seat: PanelMember | None
    group: str
    drawn: bool
    pledge: PaperRow | None


@dataclass(frozen=True, slots=True)
class PanelPage:
    """A cycle's panel as it is being formed, or sits."""

    cycle: Cycle
    cases: int
    experts: tuple[ExpertShown, ...]
    draws: tuple[tuple[PanelDraw, str], ...]
    invitations: tuple[tuple[PanelInvitation, str], ...]
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One expert and one case; ``aside`` says why not, empty where they may judge."""

    expert: str
    is_given: bool
    is_fit: bool
    by_hand: bool
    aside: str


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the matrix."""

    case: str
    studio: str
    field: str
    cells: tuple[Cell, ...]

    @property
    def given(self) -> int:
        """How many experts it has."""
        return sum(cell.is_given for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who judges what, a page of cases by all of the panel; ``loads``: cases an expert has in all."""

    cycle: Cycle
    reviewers: int
    cap: int | None
    seats: tuple[Seat, ...]
    loads: Mapping[str, int]
    lines: tuple[Line, ...]
    cases: int
    page: int
    pages: int
    run: AssignmentRun | None
    remedy: tuple[Change, ...]
    is_settled: bool


def forming_cycles(act: Act) -> Sequence[Cycle]:
    """Return the cycles whose panels are formed or sit. Raises ``NotAllowed``."""
    act.require(*READERS)
    return cycles.cycles_in(act.session, [CycleStatus.CLOSED, CycleStatus.ANNOUNCED])


def panel_page(act: Act, *, cycle: str) -> PanelPage:
    """Return a cycle's panel for whoever forms it. Raises ``NotAllowed``, ``KeptOut``, ``NoSuchPanel``."""
    found = seen_cycle(act, cycle)
    pool = rows.pool(act.session, found.id)
    entries = entries_of(act, found.id)
    ties, groups = tie_graph(act, found, entries, [expert for expert, *_ in pool]), groups_of(found)
    pledges = pledges_in(act, found.id)
    return PanelPage(
        cycle=found,
        cases=len(entries),
        experts=tuple(
            ExpertShown(
                person,
                unit.name if unit else "",
                "、".join(str(each) for each in expert.fields),
                ties_text(person.id, ties),
                tuple(_aside(person.id, entries, ties)),
                seat,
                groups.named(seat.review_group).name if seat else "",
                person.public_id in (taken or ()),
                pledges.get(person.id),
            )
            for expert, person, unit, seat, taken in pool
        ),
        draws=tuple((row, person.name) for row, person in forming.draws_of(act.session, found.id)),
        invitations=tuple((row, person.name) for row, person in forming.invitations_of(act.session, found.id)),
        is_settled=found.experts_assigned_at is not None,
    )


def seen_cycle(act: Act, public_id: str) -> Cycle:
    """Return a cycle for whoever forms its panel; who has a case of their own in it is kept out.

    Raises ``NotAllowed``, ``KeptOut``, ``NoSuchPanel``.
    """
    act.require(*READERS)
    found = cycles.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise NoSuchPanel(cycle=public_id)
    if act.actor.person_id in applications.live_hosts(act.session, found.id):
        raise KeptOut(reason="own_case")
    return found


def _aside(person_id: int, entries: Sequence[Entry], ties: Graph) -> list[ReasonShown]:
    found = ties[person_id]
    return [
        ReasonShown(entry.instance.title, reasons_text(found[entry.application.id]))
        for entry in entries
        if entry.application.id in found
    ]


def reasons_text(reasons: Collection[Reason]) -> str:
    """Say why somebody stands aside, with what it rests on and where it was learned."""
    return "；".join(
        RECUSAL_NAMES[each.kind]
        + (f"（{each.detail}）" if each.detail else "")
        + (f"〔{each.learned}所记〕" if each.learned else "")
        for each in reasons
    )


def matrix(act: Act, *, cycle: str, page: int = 1, most: int = PER_PAGE) -> Matrix:
    """Return a page of who judges what. Raises ``NotAllowed``, ``KeptOut``, ``NoSuchPanel``."""
    found = seen_cycle(act, cycle)
    table = table_of(act, found, leavers=assigned.loads_in(act.session, found.id))
    chosen = chosen_in(act, found)
    by_hand = assigned.by_hand_in(act.session, found.id)
    pages = max(1, -(-len(table.entries) // most))
    at = min(max(page, 1), pages)
    shown = table.entries[(at - 1) * most : at * most]
    run = last_run(act, found)
    return Matrix(
        cycle=found,
        reviewers=table.reviewers,
        cap=table.cap,
        seats=table.seats,
        loads=loads(chosen),
        lines=tuple(_line(table, entry, chosen.get(entry.application.public_id, ()), by_hand) for entry in shown),
        cases=len(table.entries),
        page=at,
        pages=pages,
        run=run,
        remedy=changes_of(run.remedy, table) if run else (),
        is_settled=found.experts_assigned_at is not None,
    )


def _line(table: Table, entry: Entry, given: Collection[str], by_hand: Collection[tuple[str, str]]) -> Line:
    key = entry.application.public_id
    return Line(
        key,
        entry.instance.title,
        entry.application.field or "",
        tuple(
            Cell(
                seat.person.public_id,
                seat.person.public_id in given,
                is_fit(seat, entry),
                (key, seat.person.public_id) in by_hand,
                _why_not(table, seat, entry),
            )
            for seat in table.seats
        ),
    )


def _why_not(table: Table, seat: Seat, entry: Entry) -> str:
    reasons = table.ties[seat.person.id].get(entry.application.id)
    if reasons:
        return reasons_text(reasons)
    return "" if seat.judges(entry) else "其他评审组"
