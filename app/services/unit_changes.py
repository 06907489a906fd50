"""Changes of units by document: renamed, moved, merged, split, closed; nothing is deleted, what was is still shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleHeldAlready, RoleKey
from app.domain.units import Governance, may_be_under
from app.services import audit
from app.services.acting import Act
from app.services.people import Grant, UnitClosed, check_beside
from app.services.terms import watch_end
from app.services.units import UnitUnknown, move, note_event
from app.store.models import Person, RoleHolding, Unit, UnitEdge, UnitEvent, UnitEventKind
from app.store.queries import admin, merging, organisation, roster


class DocumentMissing(DomainError):
    """A unit changes by a document: its number or title is told."""

    code = "document_missing"
    kind = Kind.BAD_INPUT


class UnitNameMissing(DomainError):
    """A unit has a name, and a new one another than before."""

    code = "unit_name_missing"
    kind = Kind.BAD_INPUT


class ChangeAhead(DomainError):
    """A change is written down once it holds: its day is today or before. Params: ``on``."""

    code = "change_ahead"
    kind = Kind.BAD_INPUT


class SuperiorUnfit(DomainError):
    """A unit of this kind cannot stand under that one, or the unit would stand under itself. Params: ``unit``."""

    code = "superior_unfit"


class MergeUnfit(DomainError):
    """A unit goes into another one of its own kind that does not stand under it. Params: ``unit``, ``into``."""

    code = "merge_unfit"


class ListsRunning(DomainError):
    """Both units have a list of their own in a running cycle: they merge once it is announced. Params: ``cycle``."""

    code = "lists_running"
    kind = Kind.CONFLICT


class UnitBusy(DomainError):
    """Units stand under it or tasks wait on its desks: it is merged, not closed. Params: ``below``, ``waiting``."""

    code = "unit_busy"
    kind = Kind.CONFLICT


class CodeTaken(DomainError):
    """Another unit has this code, or it is blank. Params: ``unit``."""

    code = "unit_code_taken"
    kind = Kind.CONFLICT


def rename_unit(act: Act, *, unit: str, name: str, document: str, on: date) -> None:
    """Give a unit a new name from a day on; before it, it is still called as it was.

    Raises ``NotAllowed``, ``UnitUnknown``, ``DocumentMissing``, ``UnitNameMissing``, ``ChangeAhead``.
    """
    row = _open_unit(act, unit, document)
    if not name.strip() or name.strip() == row.name:
        raise UnitNameMissing
    if on > act.today:
        raise ChangeAhead(on=on)
    act.session.add(
        UnitEvent(
            unit_id=row.id, kind=UnitEventKind.RENAMED, on_day=on, document=document.strip(), name_before=row.name,
            by_id=act.actor.person_id, at=act.now,
        )
    )  # fmt: skip
    before, row.name = row.name, name.strip()
    _record(act, "rename_unit", row, f"{before} → {row.name} ({document.strip()})")


def move_unit(act: Act, *, unit: str, superior: str, document: str, governance: Governance | None = None) -> None:
    """Let a unit stand under another superior (its code) from today; ``governance``: who runs it then.

    Raises ``NotAllowed``, ``UnitUnknown``, ``DocumentMissing``, ``SuperiorUnfit``.
    """
    row = _open_unit(act, unit, document)
    above = _by_code(act, superior)
    run_by = governance or row.governance
    below = roster.units_below([row.id], act.today)
    if roster.is_among(act.session, above.id, below) or not may_be_under(row.kind, above.kind, run_by):
        raise SuperiorUnfit(unit=above.name)
    row.governance = run_by
    _put_under(act, row, above)
    note_event(act, row, UnitEventKind.MOVED, document.strip(), above)
    _record(act, "move_unit", row, f"under {above.code} ({document.strip()})")


def merge_units(act: Act, *, unit: str, into: str, document: str) -> None:
    """Let a unit go into another (its code): what is held there, what stands under it, its desks with every waiting
    task, its part in running cases. All of it or nothing.

    Raises ``NotAllowed``, ``UnitUnknown``, ``DocumentMissing``, ``MergeUnfit``, ``ListsRunning``, and what
    ``check_grant`` raises for somebody who may not hold there what they hold here.
    """
    old = _open_unit(act, unit, document)
    new = _by_code(act, into)
    if old.kind is not new.kind or old.id == new.id or roster.is_closed(act.session, new.id):
        raise MergeUnfit(unit=old.name, into=new.name)
    both = merging.cycles_with_both(act.session, old.id, new.id)
    if both:
        raise ListsRunning(cycle=both[0])
    for edge in merging.edges_below(act.session, old.id):
        _put_under(act, act.session.get_one(Unit, edge.unit_id), new, edge)
    waiting = _pass_desks(act, old, new)
    merging.pass_parts(act.session, old.id, new.id)
    held = _pass_holdings(act, old, new)
    _take_out(act, old)
    note_event(act, old, UnitEventKind.MERGED, document.strip(), new)
    _record(act, "merge_units", old, f"into {new.code}, {held} roles, {waiting} tasks ({document.strip()})")


@dataclass(frozen=True, slots=True)
class SplitOff:
    """A unit to be made of a part of another: its code, its name, codes of the units that go with it."""

    code: str
    name: str
    below: Sequence[str] = ()


def split_unit(act: Act, *, unit: str, off: SplitOff, document: str) -> str:
    """Make a new unit beside another, of its kind, under the same superior; return its public id.

    Raises ``NotAllowed``, ``UnitUnknown``, ``DocumentMissing``, ``UnitNameMissing``, ``CodeTaken``, ``SuperiorUnfit``.
    """
    row = _open_unit(act, unit, document)
    code, name = off.code.strip(), off.name.strip()
    if not name:
        raise UnitNameMissing
    if not code or organisation.unit_by_code(act.session, code) is not None:
        raise CodeTaken(unit=code)
    fresh = Unit(code=code, name=name, kind=row.kind, governance=row.governance, schooling=row.schooling)
    act.session.add(fresh)
    act.session.flush()
    above = merging.edge_above(act.session, row.id)
    if above is not None:
        act.session.add(UnitEdge(unit_id=fresh.id, superior_id=above.superior_id, valid_from=act.today))
    going = {edge.unit_id: edge for edge in merging.edges_below(act.session, row.id)}
    for each in (_by_code(act, code) for code in off.below):
        if each.id not in going:
            raise SuperiorUnfit(unit=each.name)
        _put_under(act, each, fresh, going[each.id])
        note_event(act, each, UnitEventKind.MOVED, document.strip(), fresh)
    note_event(act, row, UnitEventKind.SPLIT, document.strip(), fresh)
    _record(act, "split_unit", row, f"{fresh.code} split off ({document.strip()})")
    return fresh.public_id


def close_unit(act: Act, *, unit: str, document: str) -> None:
    """Close a unit under which nothing stands and on whose desks nothing waits; what is held there ends.

    Raises ``NotAllowed``, ``UnitUnknown``, ``DocumentMissing``, ``UnitBusy``.
    """
    row = _open_unit(act, unit, document)
    below, waiting = len(merging.edges_below(act.session, row.id)), merging.count_waiting(act.session, row.id)
    if below or waiting:
        raise UnitBusy(below=below, waiting=waiting)
    for holding, _, _ in merging.open_holdings(act.session, row.id, act.today):
        _end(act, holding)
    _take_out(act, row)
    note_event(act, row, UnitEventKind.CLOSED, document.strip())
    _record(act, "close_unit", row, document.strip())


def _open_unit(act: Act, public_id: str, document: str) -> Unit:
    act.require(RoleKey.SYSADMIN)
    row = admin.unit(act.session, public_id)
    if row is None:
        raise UnitUnknown(unit=public_id)
    if roster.is_closed(act.session, row.id):
        raise UnitClosed(unit=row.name)
    if not document.strip():
        raise DocumentMissing
    return row


def _by_code(act: Act, code: str) -> Unit:
    row = organisation.unit_by_code(act.session, code.strip())
    if row is None:
        raise UnitUnknown(unit=code)
    if roster.is_closed(act.session, row.id):
        raise UnitClosed(unit=row.name)
    return row


def _put_under(act: Act, unit: Unit, superior: Unit, edge: UnitEdge | None = None) -> None:
    before = edge or merging.edge_above(act.session, unit.id)
    move(act, before, UnitEdge(unit_id=unit.id, superior_id=superior.id, valid_from=act.today))
    act.session.flush()


def _take_out(act: Act, unit: Unit) -> None:
    """End a unit's place in the tree; one that it took today it never had."""
    edge = merging.edge_above(act.session, unit.id)
    if edge is None:
        return
    if edge.valid_from >= act.today:
        act.session.delete(edge)
    else:
        edge.valid_to = act.today - timedelta(days=1)
    act.session.flush()


def _pass_desks(act: Act, old: Unit, new: Unit) -> int:
    moved = 0
    for queue in merging.queues_at(act.session, old.id):
        target = organisation.role_queue_id(act.session, queue.role_id or 0, new.id)
        moved += merging.move_rows(act.session, queue.id, target)
    return moved


def _pass_holdings(act: Act, old: Unit, new: Unit) -> int:
    """Let everybody hold at the new unit from today what they held at the old one, to the same last day."""
    rows = merging.open_holdings(act.session, old.id, act.today)
    wanted = [
        (person, Grant(RoleKey(role), new.id, max(holding.valid_from, act.today), holding.valid_to))
        for holding, role, person in rows
    ]
    for holding, _, _ in rows:
        _end(act, holding)
    return sum(_hold(act, person, grant, new) for person, grant in wanted)


def _hold(act: Act, person: Person, grant: Grant, unit: Unit) -> bool:
    try:
        check_beside(act, person, grant, unit.kind)
    except RoleHeldAlready:
        return False  # they sit at that desk already
    role_id = organisation.role_id(act.session, grant.role.value) or 0
    act.session.add(
        RoleHolding(
            person_id=person.id, role_id=role_id, unit_id=unit.id, valid_from=grant.valid_from,
            valid_to=grant.valid_to, granted_by_id=act.actor.person_id,
        )
    )  # fmt: skip
    act.session.flush()
    organisation.role_queue_id(act.session, role_id, unit.id)
    watch_end(act, person.id, grant.valid_to)
    return True


def _end(act: Act, holding: RoleHolding) -> None:
    if holding.valid_from >= act.today:
        act.session.delete(holding)
    else:
        holding.valid_to = act.today - timedelta(days=1)
    act.session.flush()


def _record(act: Act, action: str, unit: Unit, result: str) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"unit/{unit.code}", result=result)
