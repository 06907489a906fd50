"""What happened to a unit in time: names, superiors, mergers; closed units keep theirs."""

from dataclasses import dataclass
from datetime import date

from app.services.acting import Act
from app.services.authority import reach_of
from app.services.units import UnitUnknown
from app.store.queries import admin, merging, roster


@dataclass(frozen=True, slots=True)
class UnitEventRow:
    """Something that happened to a unit; ``about``: to which, where it was another that touched this one."""

    kind: str
    on: date
    document: str
    name_before: str | None
    about: str
    about_id: str
    other: str
    other_id: str
    by: str


@dataclass(frozen=True, slots=True)
class SuperiorRow:
    """A superior that a unit has or had."""

    name: str
    code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """A unit with everything that happened to it, and its superiors in time."""

    public_id: str
    code: str
    name: str
    kind: str
    governance: str
    is_closed: bool
    events: tuple[UnitEventRow, ...]
    superiors: tuple[SuperiorRow, ...]


def unit_history(act: Act, *, public_id: str) -> UnitHistory:
    """Return what happened to a unit, closed ones included. Raises ``NotAllowed``, ``UnitUnknown``."""
    within = reach_of(act)
    unit = admin.unit(act.session, public_id, within)
    if unit is None:
        raise UnitUnknown(unit=public_id)
    events = tuple(
        UnitEventRow(
            kind=event.kind.value,
            on=event.on_day,
            document=event.document,
            name_before=event.name_before,
            about=about.name,
            about_id=about.public_id,
            other=other.name if other else "",
            other_id=other.public_id if other else "",
            by=by or "",
        )
        for event, about, other, by in merging.events_of(act.session, unit.id)
    )
    superiors = tuple(
        SuperiorRow(above.name, above.code, edge.valid_from, edge.valid_to)
        for edge, above in merging.superiors_of(act.session, unit.id)
    )
    return UnitHistory(
        public_id=unit.public_id,
        code=unit.code,
        name=unit.name,
        kind=unit.kind.value,
        governance=unit.governance.value if unit.governance else "",
        is_closed=roster.is_closed(act.session, unit.id),
        events=events,
        superiors=superiors,
    )
