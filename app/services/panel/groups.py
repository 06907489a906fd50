"""Review groups (评审组): formed by field and track, filled by draw or by hand, each odd and at least five (C5.3a)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.errors import DomainError, Kind
from app.domain.review_groups import LEAST_VOTING, Group, group_to_json
from app.domain.roles import RoleKey
from app.domain.units import TRACK_NAMES, Track
from app.services import audit
from app.services.acting import Act
from app.services.panel.assigning import Table, open_cycle, table_of
from app.services.panel.seating import groups_of
from app.services.panel.ties import Entry
from app.services.panel.viewing import seen_cycle
from app.store.models import Cycle
from app.store.queries import cohort as members
from app.store.types import new_public_id

_LONGEST_NAME, _MOST, _LARGEST = 30, 20, 99


class GroupWrong(DomainError):
    """A group has a name of its own and an odd number of at least five members. Params: ``reason``."""

    code = "review_group_wrong"
    kind = Kind.BAD_INPUT


class GroupInUse(DomainError):
    """Somebody sits in the group: propose the panel without it first. Params: ``group``."""

    code = "review_group_in_use"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class WantedGroup:
    """A group as typed; ``key`` names the one that changes, ``track`` empty: both, ``fields`` with commas."""

    key: str
    name: str
    track: str
    fields: str
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands: its members, its cases, and the case with the fewest voting members after recusal."""

    group: Group
    members: tuple[str, ...]
    cases: int
    fewest: int
    studio: str
    needed: int

    @property
    def is_sound(self) -> bool:
        """Tell whether it is odd, at least five, and enough for each of its cases."""
        is_odd = len(self.members) >= LEAST_VOTING and len(self.members) % 2 == 1
        return is_odd and (not self.cases or self.fewest >= self.needed)


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """A cycle's review groups; ``outside``: cases that no formed group covers."""

    cycle: Cycle
    standings: tuple[Standing, ...]
    outside: tuple[str, ...]
    is_formed: bool
    is_settled: bool


def view_groups(act: Act, *, cycle: str) -> GroupsPage:
    """Return the review groups of a cycle. Raises ``NotAllowed``, ``KeptOut``, ``NoSuchPanel``."""
    found = seen_cycle(act, cycle)
    table, groups = table_of(act, found), groups_of(found)
    outside = [each.instance.title for each in table.entries if groups.formed and _group_of(found, each) is None]
    return GroupsPage(
        cycle=found,
        standings=tuple(standings(found, table)),
        outside=tuple(outside),
        is_formed=bool(groups.formed),
        is_settled=found.experts_assigned_at is not None,
    )


def _group_of(cycle: Cycle, entry: Entry) -> Group | None:
    return groups_of(cycle).of_case(entry.application.track, entry.application.field or "")


def standings(cycle: Cycle, table: Table) -> Iterator[Standing]:
    """Yield how each group stands; where none is formed, those in which somebody sits, or the whole panel."""
    groups = groups_of(cycle)
    sitting = {seat.group for seat in table.seats}
    shown = groups.formed or [each for each in groups.choices if each.key in sitting] or groups.choices[:1]
    for group in shown:
        entries = [entry for entry in table.entries if _judges(cycle, group, entry)]
        found = [(_voting(table, entry), entry.instance.title) for entry in entries]
        fewest, studio = min(found, default=(0, ""))
        names = tuple(seat.person.name for seat in table.seats if seat.group in {group.key, groups.choices[0].key})
        yield Standing(group, names, len(entries), fewest, studio, table.reviewers)


def _judges(cycle: Cycle, group: Group, entry: Entry) -> bool:
    if groups_of(cycle).formed:
        return _group_of(cycle, entry) == group
    return group.covers(entry.application.track, entry.application.field or "")


def _voting(table: Table, entry: Entry) -> int:
    return sum(table.may_judge(seat, entry) for seat in table.seats)


def standing_told(cycle: Cycle, table: Table) -> Iterator[tuple[str, str]]:
    """Yield a line about each formed group, for whoever confirms the panel."""
    for each in standings(cycle, table) if cycle.review_groups else ():
        told = f"{len(each.members)} 人，评审 {each.cases} 件"
        yield each.group.name, f"{told}，回避后每件至少 {each.fewest} 人可评" if each.cases else told


def keep_group(act: Act, *, cycle: str, wanted: WantedGroup) -> None:
    """Form a group, or change one. Raises ``NotAllowed``, ``GroupWrong``, ``AssignmentSettled``, ``NoSuchPanel``."""
    act.require(RoleKey.SECRETARIAT)
    found = members.locked_cycle(act.session, open_cycle(act, cycle).id)
    formed = groups_of(found).formed
    group = _read(act, wanted, formed)
    if any(each.key == group.key for each in formed):
        kept = [group if each.key == group.key else each for each in formed]
    else:
        kept = [*formed, group]
    _keep(act, found, kept, "keep_review_group", group)


def _read(act: Act, wanted: WantedGroup, formed: tuple[Group, ...]) -> Group:
    name = wanted.name.strip()
    others = [each.name for each in formed if each.key != wanted.key]
    if not name or len(name) > _LONGEST_NAME or name in others or len(others) >= _MOST:
        raise GroupWrong(reason="group_name")
    if wanted.track and wanted.track not in set(Track):
        raise GroupWrong(reason="group_track")
    if not LEAST_VOTING <= wanted.size <= _LARGEST or wanted.size % 2 == 0:
        raise GroupWrong(reason="group_size")
    fields = wanted.fields.replace("，", ",").replace("、", ",").split(",")
    group = Group(
        new_public_id(),
        name,
        Track(wanted.track) if wanted.track else None,
        tuple(dict.fromkeys(each.strip() for each in fields if each.strip())),
        wanted.size,
        act.now.isoformat(),
    )
    known = next((each for each in formed if each.key == wanted.key), None)
    if wanted.key and known is None:
        raise GroupWrong(reason="group_key")
    return replace(group, key=known.key) if known else group


def drop_group(act: Act, *, cycle: str, key: str) -> None:
    """Give a group up in which nobody sits. Raises ``NotAllowed``, ``GroupInUse``, ``GroupWrong``."""
    act.require(RoleKey.SECRETARIAT)
    found = members.locked_cycle(act.session, open_cycle(act, cycle).id)
    group = next((each for each in groups_of(found).formed if each.key == key), None)
    if group is None:
        raise GroupWrong(reason="group_key")
    if any(seat.group == key for seat in table_of(act, found).seats):
        raise GroupInUse(group=group.name)
    _keep(act, found, [each for each in groups_of(found).formed if each.key != key], "drop_review_group", group)


def _keep(act: Act, cycle: Cycle, groups: list[Group], action: str, group: Group) -> None:
    cycle.review_groups = [group_to_json(each) for each in groups]
    act.session.flush()
    track = TRACK_NAMES[group.track] if group.track else ""
    told = " ".join(part for part in (group.name, track, *group.fields, str(group.size)) if part)
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"cycle/{cycle.public_id}", result=told)


def changed_since(cycle: Cycle, moment: datetime) -> bool:
    """Tell whether a group was formed or changed after a moment."""
    return any(datetime.fromisoformat(each.at) > moment for each in groups_of(cycle).formed)
