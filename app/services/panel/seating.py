"""Who sits on a panel: proposed with reasons, each case left with enough judges, the groups odd (C5.3a)."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.domain.cycle import settings_from_json
from app.domain.errors import DomainError
from app.domain.recusal import RECUSAL_NAMES, RecusalReason
from app.domain.review_groups import LEAST_VOTING, ONE, WHOLE, Groups, groups_from_json
from app.services.acting import Act
from app.services.panel.ties import Entry, Graph
from app.services.studios import studio_name
from app.store.models import Cycle, Expert, PanelMember, Person, Unit
from app.store.queries import panel as rows
from app.store.queries.within import within


class PanelTooSmall(DomainError):
    """After recusal too few may vote on a case. Params: ``studio``, ``voting``, ``needed``, ``clause``."""

    code = "panel_too_small"


class PanelNotOdd(DomainError):
    """A review group has an odd number of at least five voting members (C5.3a).

    Params: ``group``, ``voting``, ``clause``.
    """

    code = "panel_not_odd"


@dataclass(frozen=True, slots=True)
class Seat:
    """An expert on a panel; ``group``: the key of theirs among the panel's ``groups``."""

    expert: Expert
    person: Person
    unit: Unit | None
    group: str = WHOLE
    member: PanelMember | None = None
    groups: Groups = ONE

    def judges(self, entry: Entry) -> bool:
        """Tell whether the case belongs to the group."""
        return self.groups.judges(self.group, entry.application.track, entry.application.field or "")

    @property
    def group_name(self) -> str:
        """How the group is called."""
        return self.groups.named(self.group).name


def seats_of(act: Act, cycle: Cycle, *, leavers: Collection[int] = ()) -> tuple[Seat, ...]:
    """Return who sits on a cycle's panel with a vote, proposed or confirmed; of those who left it only ``leavers``."""
    found = within(act.session, ("panel", cycle.id), lambda: rows.panel_of(act.session, cycle.id))
    groups = groups_of(cycle)
    return tuple(
        Seat(expert, person, unit, member.review_group, member, groups)
        for member, person, expert, unit in found
        if member.voting and (member.left_at is None or person.id in leavers)
    )


def groups_of(cycle: Cycle) -> Groups:
    """Return the review groups of a cycle."""
    return groups_from_json(cycle.review_groups)


def check_groups(seats: Collection[Seat]) -> None:
    """Check that every review group has an odd number of at least five. Raises ``PanelNotOdd``."""
    sizes = Counter(seat.group for seat in seats)
    names = {seat.group: seat.group_name for seat in seats}
    common = sizes.pop(WHOLE, 0)
    for key, number in sizes.items() or [(WHOLE, 0)]:
        voting = number + common
        if voting < LEAST_VOTING or voting % 2 == 0:
            raise PanelNotOdd(group=names.get(key, ""), voting=voting, clause="C5.3a")


@dataclass(frozen=True, slots=True)
class Bench:
    """Who may judge one case, and who of the panel stands aside."""

    entry: Entry
    free: tuple[Seat, ...]
    aside: tuple[Seat, ...]


def benches(entries: Sequence[Entry], seats: Sequence[Seat], ties: Graph) -> tuple[Bench, ...]:
    """Return for each case who may judge it, and who stands aside."""
    return tuple(_bench(entry, seats, ties) for entry in entries)


def _bench(entry: Entry, seats: Sequence[Seat], ties: Graph) -> Bench:
    of_group = [seat for seat in seats if seat.judges(entry)]
    aside = [seat for seat in seats if entry.application.id in ties[seat.person.id]]
    return Bench(entry, tuple(seat for seat in of_group if seat not in aside), tuple(aside))


def check_benches(cycle: Cycle, found: Iterable[Bench]) -> None:
    """Check that every case keeps as many judges as it is to have. Raises ``PanelTooSmall``."""
    needed = settings_from_json(cycle.settings).reviewers_per_case
    for bench in found:
        if len(bench.free) < needed:
            studio = studio_name(bench.entry.branch.name)
            raise PanelTooSmall(studio=studio, voting=len(bench.free), needed=needed, clause="C5.3a")


def ties_text(person_id: int, ties: Graph) -> str:
    """Say from how many cases somebody stands aside, and for which reasons."""
    found = ties.get(person_id, {})
    counted = Counter(reasons[0].kind for reasons in found.values())
    told = "、".join(f"{RECUSAL_NAMES[kind]} {counted[kind]}" for kind in RecusalReason if counted[kind])
    return f"回避 {len(found)} 件：{told}" if found else "无须回避"
