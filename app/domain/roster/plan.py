"""What an import would do, row by row; the same plan again means that nothing has moved meanwhile."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from app.domain.roster.columns import SheetKind


class Verdict(StrEnum):
    """What becomes of a row. ``LEFT``: it is another administrator's to import and is passed over."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: a stable word and what belongs in its sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after, as people read it; ``field`` is the column's key."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a sheet with what becomes of it; ``key`` and ``name`` say whom or what it is about."""

    line: int
    key: str
    name: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """A sheet: what it is, what is wrong with it as a whole, its rows."""

    name: str
    kind: SheetKind | None
    faults: tuple[Fault, ...] = ()
    rows: tuple[PlannedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All sheets of a file."""

    sheets: tuple[PlannedSheet, ...]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many rows there are of each verdict."""
        found = Counter(row.verdict for sheet in self.sheets for row in sheet.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is refused."""
        return not self.counts[Verdict.REFUSED] and not any(sheet.faults for sheet in self.sheets)

    @property
    def does_something(self) -> bool:
        """Tell whether anything would be added or changed."""
        return bool(self.counts[Verdict.ADDED] + self.counts[Verdict.CHANGED])

    @property
    def digest(self) -> str:
        """SHA-256 of everything the plan says: two equal plans do the same."""
        body = json.dumps([asdict(sheet) for sheet in self.sheets], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()

    def rows(self, verdicts: frozenset[Verdict]) -> Iterator[tuple[PlannedSheet, PlannedRow]]:
        """Yield the rows of these verdicts with their sheets, in order."""
        return ((sheet, row) for sheet in self.sheets for row in sheet.rows if row.verdict in verdicts)


def judged(line: int, key: str, name: str, changes: Sequence[Change] | None, faults: Sequence[Fault]) -> PlannedRow:
    """Return a row with its verdict; ``changes`` None: there is nothing like it yet."""
    if faults:
        return PlannedRow(line, key, name, Verdict.REFUSED, faults=tuple(faults))
    if changes is None:
        return PlannedRow(line, key, name, Verdict.ADDED)
    return PlannedRow(line, key, name, Verdict.CHANGED if changes else Verdict.UNCHANGED, tuple(changes))
