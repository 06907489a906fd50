"""Who judges what: proposed by an exact solver beside this process, changed by hand under the same rules (C5.3b)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.adapters.assigning import assign
from app.domain.assignment import Fault, FaultKind, Outcome, Problem, best_for_one, faults, fits
from app.domain.cycle import settings_from_json
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import CycleStatus
from app.domain.units import TRACK_NAMES
from app.services import audit
from app.services.acting import Act
from app.services.messages import post
from app.services.outbox import enqueue, handles
from app.services.panel.seating import Seat, seats_of, ties_text
from app.services.panel.ties import Entry, Graph, NoSuchPanel, entries_of, tie_graph
from app.store.models import AssignmentRun, Cycle
from app.store.queries import assigned, cycles
from app.store.queries import cohort as members
from app.store.queries.within import within

ASSIGN = "assign_panel"
"""The work that searches for the best assignment."""


class AssignmentWrong(DomainError):
    """What somebody put together breaks a rule. Params: ``reason``, ``studio``, ``expert``, ``number``, ``needed``."""

    code = "assignment_wrong"


class AssignmentSettled(DomainError):
    """The experts have been told: a change is a replacement now. Params: ``cycle``."""

    code = "assignment_settled"
    kind = Kind.CONFLICT


class SearchRunning(DomainError):
    """A search goes on already; its result is waited for. Params: ``cycle``."""

    code = "search_running"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Table:
    """A cycle's cases, its panel, and who stands aside from what: what an assignment is made of."""

    cycle: Cycle
    entries: tuple[Entry, ...]
    seats: tuple[Seat, ...]
    ties: Graph
    cap: int | None

    @property
    def reviewers(self) -> int:
        """How many experts a case gets."""
        return settings_from_json(self.cycle.settings).reviewers_per_case

    def problem(self) -> Problem:
        """Return what the solver is asked, by public ids; another group's case is as closed as one's own unit's."""
        return Problem(
            cases=tuple(entry.application.public_id for entry in self.entries),
            experts=tuple(seat.person.public_id for seat in self.seats),
            reviewers=self.reviewers,
            cap=self.cap,
            tied=frozenset(self._pairs(lambda seat, entry: not self.may_judge(seat, entry))),
            fits=frozenset(self._pairs(is_fit)),
        )

    def _pairs(self, wanted: Any) -> Iterable[tuple[str, str]]:
        for seat in self.seats:
            for entry in self.entries:
                if wanted(seat, entry):
                    yield entry.application.public_id, seat.person.public_id

    def may_judge(self, seat: Seat, entry: Entry) -> bool:
        """Tell whether an expert may be given a case."""
        return seat.judges(entry) and entry.application.id not in self.ties[seat.person.id]


def is_fit(seat: Seat, entry: Entry) -> bool:
    """Tell whether an expert's fields match a case's."""
    application = entry.application
    return fits([str(each) for each in seat.expert.fields], application.field or "", TRACK_NAMES[application.track])


def table_of(act: Act, cycle: Cycle, entries: Sequence[Entry] | None = None, *, leavers: Collection[int] = ()) -> Table:
    """Return what an assignment of a cycle is made of; ``leavers``: of who left the panel, those to be shown."""
    found = entries_of(act, cycle.id) if entries is None else tuple(entries)
    seats = seats_of(act, cycle, leavers=leavers)
    run = last_run(act, cycle)
    cap = run.cap if run is not None else settings_from_json(cycle.settings).reviews_per_expert
    return Table(cycle, found, seats, tie_graph(act, cycle, found, [seat.expert for seat in seats]), cap)


def last_run(act: Act, cycle: Cycle) -> AssignmentRun | None:
    """Return the latest search."""
    return within(act.session, ("run", cycle.id), lambda: assigned.last_run(act.session, cycle.id))


def search(act: Act, cycle: Cycle, *, cap: int | None) -> None:
    """Have the best assignment searched for, nobody with more than ``cap`` cases; it takes the place of the last."""
    settings = settings_from_json(cycle.settings)
    run = AssignmentRun(
        cycle_id=cycle.id,
        reviewers=settings.reviewers_per_case,
        cap=cap,
        asked_by_id=act.actor.person_id,
        asked_at=act.now,
    )
    act.session.add(run)
    act.session.flush()
    enqueue(act, kind=ASSIGN, payload={"cycle": cycle.id, "run": run.id})


def search_again(act: Act, *, cycle: str, cap: int | None) -> None:
    """Search anew, with another cap: what was put together by hand is given up.

    Raises ``NotAllowed``, ``NoSuchPanel``, ``AssignmentSettled``, ``SearchRunning``.
    """
    act.require(RoleKey.SECRETARIAT)
    found = open_cycle(act, cycle)
    run = assigned.last_run(act.session, found.id)
    if run is None or run.done_at is None:
        raise SearchRunning(cycle=found.title)
    search(act, found, cap=cap)
    audit.record(act, case_id=audit.OFFICE, action="search_assignment", object=f"cycle/{cycle}", result=f"cap {cap}")


def open_cycle(act: Act, public_id: str) -> Cycle:
    """Return a cycle whose experts have not been told yet. Raises ``NoSuchPanel``, ``AssignmentSettled``."""
    found = cycles.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise NoSuchPanel(cycle=public_id)
    if found.experts_assigned_at is not None or found.status is not CycleStatus.CLOSED:
        raise AssignmentSettled(cycle=found.title)
    return found


def solve(act: Act, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Search while nothing is locked."""
    table = table_of(act, cycles.cycle(act.session, payload["cycle"]))
    found = assign(table.problem())
    return {
        "outcome": found.outcome.value,
        "chosen": {case: list(experts) for case, experts in found.chosen.items()},
        "numbers": {"cost": found.cost, "bound": found.bound, "gap": found.gap, "seconds": found.seconds},
        "aside": {seat.person.public_id: ties_text(seat.person.id, table.ties) for seat in table.seats},
        "remedy": asdict(found.remedy) if found.remedy else None,
    }


@handles(ASSIGN, prepare=solve)
def keep_solution(act: Act, payload: Mapping[str, Any]) -> None:
    """Keep what was found as the proposal, unless a later search was begun meanwhile; the cycle goes on."""
    cycle = members.locked_cycle(act.session, payload["cycle"])
    run = assigned.last_run(act.session, cycle.id)
    if run is None or run.id != payload["run"] or run.done_at is not None or cycle.experts_assigned_at is not None:
        return
    run.outcome, run.remedy, run.done_at = Outcome(payload["outcome"]), payload["remedy"], act.now
    run.aside = payload["aside"]
    run.cost, run.bound = payload["numbers"]["cost"], payload["numbers"]["bound"]
    run.gap, run.seconds = payload["numbers"]["gap"], payload["numbers"]["seconds"]
    assigned.unassign_cycle(act.session, cycle.id)
    keep(act, cycle, payload["chosen"])
    if run.asked_by_id is None:  # the cycle itself asked and waits
        key = {"cohort": cycle.public_id}
        post(act, name="assignment_proposed", key=key, dedupe_key=f"assignment_proposed:{cycle.public_id}:{run.id}")


def keep(
    act: Act, cycle: Cycle, chosen: Mapping[str, Collection[str]], *, by_hand: Collection[tuple[str, str]] = ()
) -> None:
    """Keep who is to judge what; cases and experts by their public ids."""
    applications = {entry.application.public_id: entry.application.id for entry in entries_of(act, cycle.id)}
    people = {seat.person.public_id: seat.person.id for seat in seats_of(act, cycle)}
    assigned.assign(
        act.session,
        [
            {
                "application_id": applications[case],
                "person_id": people[expert],
                "by_hand": (case, expert) in by_hand,
                "at": act.now,
            }
            for case, experts in chosen.items()
            if case in applications
            for expert in experts
            if expert in people
        ],
    )


def chosen_in(act: Act, cycle: Cycle) -> dict[str, tuple[str, ...]]:
    """Return who is to judge what in a cycle, by public ids."""
    found: dict[str, tuple[str, ...]] = {}
    for application, _, person in assigned.assigned_in(act.session, cycle.id):
        found[application.public_id] = (*found.get(application.public_id, ()), person.public_id)
    return found


def change_assignment(act: Act, *, cycle: str, wanted: Mapping[str, Collection[str]]) -> None:
    """Give cases other experts by hand: each as many as it is to have, nobody tied, nobody above the cap.

    ``wanted``: for each case that changes, its experts; public ids. Raises ``NotAllowed``, ``AssignmentSettled``,
    ``AssignmentWrong``.
    """
    act.require(RoleKey.SECRETARIAT)
    found = open_cycle(act, cycle)
    members.locked_cycle(act.session, found.id)
    table = table_of(act, found)
    before = chosen_in(act, found)
    changed = {
        case: tuple(dict.fromkeys(experts))
        for case, experts in wanted.items()
        if set(experts) != set(before.get(case, ()))
    }
    after = {**before, **changed}
    check(table, after, only=changed)
    by_hand = {
        (case, expert) for case, experts in changed.items() for expert in experts if expert not in before.get(case, ())
    }
    ids = {entry.application.public_id: entry.application.id for entry in table.entries}
    assigned.unassign(act.session, [ids[case] for case in changed])
    keep(act, found, changed, by_hand=by_hand)
    for case, expert in sorted(by_hand):
        audit.record(
            act, case_id=audit.OFFICE, action="assign_by_hand", object=f"application/{case}", result=f"person/{expert}"
        )


def check(table: Table, chosen: Mapping[str, Collection[str]], *, only: Collection[str] | None = None) -> None:
    """Check an assignment, or that of some cases together with everybody's load. Raises ``AssignmentWrong``."""
    problem = table.problem()
    for fault in faults(problem, chosen):
        if only is None or not fault.case or fault.case in only:
            raise _wrong(table, fault)
    stray = next((case for case in only or () if case not in problem.cases), None)
    if stray is not None:
        raise AssignmentWrong(reason="assignment_not_on_panel", studio=stray, expert="", number=0, needed=0)


def _wrong(table: Table, fault: Fault) -> AssignmentWrong:
    studio = next((each.instance.title for each in table.entries if each.application.public_id == fault.case), "")
    expert = next((each.person.name for each in table.seats if each.person.public_id == fault.expert), "")
    needed = (table.cap or 0) if fault.kind is FaultKind.OVER_CAP else table.reviewers
    return AssignmentWrong(
        reason=f"assignment_{fault.kind}", studio=studio, expert=expert, number=fault.number, needed=needed
    )


def given_to(act: Act, cycle: Cycle, entry: Entry) -> tuple[Seat, ...] | None:
    """Return the best experts for one case that came later; None where the panel has too few for it."""
    table = table_of(act, cycle, [entry])
    loads = assigned.loads_in(act.session, cycle.id)
    given = {seat.person.public_id: loads.get(seat.person.id, 0) for seat in table.seats}
    found = best_for_one(table.problem(), entry.application.public_id, given)
    if found is None:
        return None
    return tuple(seat for seat in table.seats if seat.person.public_id in found)
