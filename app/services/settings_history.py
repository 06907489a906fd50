"""The versions of a cycle's settings: what each changed, when, why, and by whom (C5.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from app.domain.cycle import CycleSettings, notes, settings_from_json
from app.services.acting import Act
from app.services.programme.wording import setting_text
from app.store.models import Cycle, CycleSettingsVersion
from app.store.queries import funnel as rows


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that a version changed, in words."""

    clause: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version. ``changes``: against the one before, of the first one against the plan's defaults."""

    number: int
    at: datetime
    by: str
    reason: str
    is_first_published: bool
    changes: tuple[Change, ...]


def versions_of(act: Act, cycle: Cycle) -> tuple[Version, ...]:
    """Return every version of a cycle's settings, the latest first; one statement."""
    found = rows.versions(act.session, cycle.id)
    settings = [CycleSettings(), *(settings_from_json(row.data) for row, _ in found)]
    changes = [changes_between(before, after) for before, after in pairwise(settings)]
    versions = [_version(cycle, row, by, each) for (row, by), each in zip(found, changes, strict=True)]
    return tuple(reversed(versions))


def published_versions_of(act: Act, cycle: Cycle) -> tuple[Version, ...]:
    """Return the versions that were ever in force for applicants: the one that was published, and those after it."""
    first = cycle.published_version or cycle.settings_version
    return tuple(version for version in versions_of(act, cycle) if version.number >= first)


def changes_between(before: CycleSettings, after: CycleSettings) -> tuple[Change, ...]:
    """Return the settings that differ, in the order of the clauses."""
    return tuple(_differing(before, after))


def _differing(before: CycleSettings, after: CycleSettings) -> Iterator[Change]:
    for old, new in zip(notes(before), notes(after), strict=True):
        if old.value != new.value:
            yield Change(new.clause, new.name, setting_text(old.value), setting_text(new.value))


def _version(cycle: Cycle, row: CycleSettingsVersion, by: str | None, changes: Sequence[Change]) -> Version:
    first = cycle.published_version
    return Version(row.version, row.at, by or "", row.reason, row.version == first, tuple(changes))
