"""Review groups (评审组): which cases each judges, who may sit in it, and members dealt to them by lot (C5.3a)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.units import TRACK_NAMES, Track

LEAST_VOTING = 5
"""A review group has an odd number of at least five voting members after recusal."""

WHOLE = "all"
"""The key of who judges every case, whatever groups there are."""


@dataclass(frozen=True, slots=True)
class Group:
    """A review group. ``track`` None: both; ``fields`` empty: every one; ``size``: how many a draw deals to it."""

    key: str
    name: str
    track: Track | None = None
    fields: tuple[str, ...] = ()
    size: int = LEAST_VOTING
    at: str = ""

    def covers(self, track: Track, field: str) -> bool:
        """Tell whether a case is of its track, and of its fields."""
        return self.track in {None, track} and (not self.fields or any(_alike(each, field) for each in self.fields))

    def may_seat(self, fields: Collection[str]) -> bool:
        """Tell whether somebody with these fields may be dealt to it; who names none may sit anywhere."""
        named = [each.strip() for each in fields if each.strip()]
        tracks = frozenset(named) & frozenset(TRACK_NAMES.values())
        subjects = [each for each in named if each not in tracks]
        if self.track is not None and tracks and TRACK_NAMES[self.track] not in tracks:
            return False
        return not (self.fields and subjects) or any(_alike(one, each) for one in self.fields for each in subjects)


def _alike(one: str, other: str) -> bool:
    return bool(other) and (one in other or other in one)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that an office formed, in their order; a case belongs to the first that covers it.

    Where none is formed, the whole panel judges, or each track's own members.
    """

    formed: tuple[Group, ...] = ()

    @property
    def choices(self) -> tuple[Group, ...]:
        """The groups somebody may be put into."""
        return (_WHOLE, *(self.formed or _TRACKS))

    def named(self, key: str) -> Group:
        """Return a group by its key; any other key means the whole panel."""
        return next((each for each in (*self.formed, *_TRACKS) if each.key == key), _WHOLE)

    def of_case(self, track: Track, field: str) -> Group | None:
        """Return the formed group that a case belongs to."""
        return next((each for each in self.formed if each.covers(track, field)), None)

    def judges(self, key: str, track: Track, field: str) -> bool:
        """Tell whether the members of a group may judge a case; asked for every pair of a whole cycle."""
        if key in {WHOLE, track.value}:
            return True
        found = self.of_case(track, field)
        return found is not None and found.key == key

    def keys_for(self, track: Track, field: str) -> frozenset[str]:
        """Return the keys of the groups whose members may judge a case."""
        found = self.of_case(track, field)
        return frozenset({WHOLE, track.value, *({found.key} if found else ())})


_WHOLE = Group(WHOLE, "综合组")
_TRACKS = tuple(Group(track.value, f"{name}组", track) for track, name in TRACK_NAMES.items())


ONE = Groups()
"""No group formed: the whole panel."""


def groups_from_json(raw: Iterable[Mapping[str, Any]]) -> Groups:
    """Return groups as they are kept."""
    return Groups(
        tuple(
            Group(
                each["key"],
                each["name"],
                Track(each["track"]) if each["track"] else None,
                tuple(each["fields"]),
                each["size"],
                each["at"],
            )
            for each in raw
        )
    )


def group_to_json(group: Group) -> dict[str, Any]:
    """Return a group as it is kept."""
    track = group.track.value if group.track else None
    return {"key": group.key, "name": group.name, "track": track, "fields": list(group.fields),
            "size": group.size, "at": group.at}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A group at a draw: how many it wants, who may sit in it; for each case somebody is tied to, who is free."""

    key: str
    name: str
    size: int
    may: frozenset[str]
    free: Mapping[str, frozenset[str]] = field(default_factory=dict)


def dealt(order: Sequence[str], tables: Sequence[Table], least: int) -> dict[str, list[str]]:
    """Deal experts, in the order of their lots, to the groups.

    Each goes to the group with the fewest members so far (the first of several) among those they may sit in that want
    somebody: up to their size; then, while a case has fewer than ``least`` free of ties, whoever is free for one; then
    one more where the number is even. Whom no group wants is not drawn.
    """
    seats: dict[str, list[str]] = {table.key: [] for table in tables}
    for expert in order:
        wanting = [table for table in tables if expert in table.may and _wants(table, seats[table.key], expert, least)]
        if wanting:
            seats[min(wanting, key=lambda table: len(seats[table.key])).key].append(expert)
    return seats


def _wants(table: Table, seated: Sequence[str], expert: str, least: int) -> bool:
    if len(seated) < table.size:
        return True
    short = [free for free in table.free.values() if len(free & frozenset(seated)) < least]
    return any(expert in free for free in short) or (not short and len(seated) % 2 == 0)
