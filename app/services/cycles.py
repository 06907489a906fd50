"""Cycles as people meet them: created, extended, and their rules for everybody to read (C5.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.domain.clauses import Clause, clause
from app.domain.cycle import CycleSettings, SettingNote, notes, settings_to_json
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.rubric import Rubric
from app.domain.states import CycleStatus
from app.domain.time import SHANGHAI
from app.engine import Deliver
from app.services.acting import Act
from app.services.programme.deadlines import CycleUnknown, dates_of
from app.services.programme.parties import province_parties, undertaking_unit_id
from app.services.programme.subjects import settings_of
from app.services.programme.wording import setting_text
from app.services.running import Begin, Party, advance, start_instance
from app.services.settings_history import Version, published_versions_of, versions_of
from app.services.studios import Names, school_of, studio_name
from app.store.models import Cycle
from app.store.queries import cases, organisation, publicity
from app.store.queries import cycles as rows
from app.store.queries.lines import line_of, lines_of
from app.store.types import new_public_id

OFFICE = (RoleKey.PROVINCE_COMMITTEE, RoleKey.SECRETARIAT)
"""The roles that begin a call and see drafts of it."""

WATCHERS = (*OFFICE, RoleKey.AUDITOR)
"""The roles that see how a whole cycle is going."""

_SHOWN = frozenset({CycleStatus.RELEASED, CycleStatus.OPEN, CycleStatus.CLOSED, CycleStatus.ANNOUNCED})


class ExtensionUnexplained(DomainError):
    """An extension is published with its reason (C5.1)."""

    code = "extension_unexplained"
    kind = Kind.BAD_INPUT


class ListsStarted(DomainError):
    """Units' lists run already with the published reporting cut-off: it cannot be moved any more (C5.2b)."""

    code = "lists_started"
    kind = Kind.CONFLICT


class NotExtendable(DomainError):
    """Only a cycle that takes submissions can be extended (C5.1). Params: ``status``."""

    code = "not_extendable"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in a list of cycles."""

    public_id: str
    title: str
    year: int
    status: CycleStatus
    opens_at: datetime | None
    deadline_at: datetime | None
    as_of: date | None
    announced_at: datetime | None
    is_accepting: bool


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One setting on the public page, in words, with the clause it belongs to."""

    note: SettingNote
    clause: Clause
    text: str


@dataclass(frozen=True, slots=True)
class Announced:
    """A studio that a cycle announced."""

    studio: str
    host: str
    school: str
    track: str


@dataclass(frozen=True, slots=True)
class CycleView:
    """A cycle's public page: its dates, the call's text, every setting, and in the end who was announced.

    ``case``: where its history and papers are, for those who run it; empty for the public, and where there is none.
    """

    row: CycleRow
    text: str | None
    deadline_first: datetime | None
    list_cutoff: datetime | None
    reporting_cutoff: datetime | None
    settings_version: int
    settings: tuple[RuleSetting, ...]
    rubric: Rubric
    announcement_number: str | None
    announcement: str | None
    announced: tuple[Announced, ...]
    extensions: tuple["ExtensionRow", ...]
    versions: tuple[Version, ...]
    case: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A deadline that was moved, with the published reason."""

    at: datetime
    reason: str
    deadline_before: datetime
    deadline_after: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """Later moments by name (``deadline``, ``list_cutoff``, ``reporting_cutoff``) and the published reason."""

    reason: str
    moments: Mapping[str, datetime] = field(default_factory=dict)


def create_cycle(act: Act, *, title: str, year: int, like: str = "") -> str:
    """Begin a cycle and return its public id; its call is drafted next, by the undertaking unit.

    It begins with the settings of another cycle (``like``: its public id), or with the rules' defaults. Raises
    ``NotAllowed``, ``CycleUnknown``, ``NoUndertakingUnit``.
    """
    act.require(*OFFICE)
    settings = settings_of(_cycle(act, like)) if like else CycleSettings()
    programme_id = organisation.programme_id(act.session)
    cycle = Cycle(
        public_id=new_public_id(),
        programme_id=programme_id,
        title=title,
        year=year,
        status=CycleStatus.DRAFT,
        settings=settings_to_json(replace(settings, version=CycleSettings().version)),
        settings_version=1,
    )
    act.session.add(cycle)
    act.session.flush()
    secretariat = undertaking_unit_id(act)
    province = line_of(act.session, secretariat, act.today)[-1]
    begin = Begin(
        process_key="cycle",
        business_key=cycle.public_id,
        title=title,
        cycle_id=cycle.id,
        data={"cycle": {"id": cycle.public_id}},
        parties=(Party(RoleKey.SECRETARIAT, unit_id=secretariat), *province_parties(province.id)),
    )
    start_instance(act, begin=begin)
    return cycle.public_id


def extend_cycle(act: Act, *, cycle: str, extension: Extension) -> None:
    """Move the deadline, and where needed the cut-offs behind it, to later moments; ``as_of`` stays (C5.1).

    Raises ``NotAllowed``, ``CycleUnknown``, ``ExtensionUnexplained``, ``ListsStarted``, ``NotExtendable``,
    ``DateNotLater``, ``DatesOutOfOrder``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    found = _cycle(act, cycle)
    if not extension.reason.strip():
        raise ExtensionUnexplained
    if found.status is not CycleStatus.OPEN or act.now >= dates_of(found).deadline:
        raise NotExtendable(status=CycleStatus.CLOSED if found.status is CycleStatus.OPEN else found.status)
    if "reporting_cutoff" in extension.moments and publicity.lists_of_cycle(act.session, found.id):
        raise ListsStarted
    dates_of(found).extended(**extension.moments)
    moments = {name: moment.isoformat() for name, moment in extension.moments.items()}
    data = {"extension": {"moments": moments, "reason": extension.reason.strip()}}
    instance = rows.cycle_instance(act.session, found.public_id)
    command = Deliver("deadline_extended", {"cohort": found.public_id}, data)
    if not advance(act, instance_id=instance.id, command=command).delivered:
        raise NotExtendable(status=found.status.value)


def list_cycles(act: Act) -> tuple[CycleRow, ...]:
    """Return every released cycle, the newest first."""
    return tuple(_row(act, cycle) for cycle in rows.cycles_in(act.session, _SHOWN))


def current_cycle(act: Act) -> CycleRow | None:
    """Return the cycle that people ask about: the one that takes submissions, else the newest released one."""
    accepting = rows.accepting(act.session, act.now)
    found = accepting or rows.cycles_in(act.session, _SHOWN)
    return _row(act, found[0]) if found else None


def view_cycle(act: Act, *, public_id: str) -> CycleView:
    """Return a released cycle's public page. Raises ``CycleUnknown``."""
    cycle = _cycle(act, public_id)
    if cycle.status not in _SHOWN:
        raise CycleUnknown(cycle=public_id)
    return _view(act, cycle, published_versions_of(act, cycle))


def office_cycle(act: Act, *, public_id: str) -> CycleView:
    """Return any cycle as those who run it see it, with every version of its settings.

    Raises ``NotAllowed``, ``CycleUnknown``.
    """
    act.require(*WATCHERS)
    cycle = _cycle(act, public_id)
    case = cases.case_about(act.session, "cycle", public_id)
    return replace(_view(act, cycle, versions_of(act, cycle)), case=case)


def _view(act: Act, cycle: Cycle, versions: tuple[Version, ...]) -> CycleView:
    return CycleView(
        row=_row(act, cycle),
        text=cycle.call_text,
        deadline_first=cycle.deadline_first,
        list_cutoff=cycle.list_cutoff,
        reporting_cutoff=cycle.reporting_cutoff,
        settings_version=cycle.settings_version,
        settings=tuple(
            RuleSetting(note, clause(note.clause), setting_text(note.value)) for note in notes(settings_of(cycle))
        ),
        rubric=settings_of(cycle).rubric,
        announcement_number=cycle.announcement_number,
        announcement=cycle.announcement,
        announced=_announced(act, cycle),
        extensions=_extensions(act, [cycle])[cycle.id],
        versions=versions,
    )


def office_cycles(act: Act) -> tuple[tuple[CycleRow, tuple[ExtensionRow, ...]], ...]:
    """Return every cycle, drafts and cancelled ones included, with its extensions, the newest first; two statements.

    Raises ``NotAllowed``.
    """
    act.require(*OFFICE)
    found = rows.cycles_in(act.session, frozenset(CycleStatus))
    extensions = _extensions(act, found)
    return tuple((_row(act, cycle), extensions[cycle.id]) for cycle in found)


def _extensions(act: Act, cycles: Sequence[Cycle]) -> dict[int, tuple[ExtensionRow, ...]]:
    found: dict[int, list[ExtensionRow]] = {cycle.id: [] for cycle in cycles}
    for each in rows.extensions_of(act.session, list(found)):
        row = ExtensionRow(each.at, each.reason, each.deadline_before, each.deadline_after)
        found[each.cycle_id].append(row)
    return {cycle_id: tuple(listed) for cycle_id, listed in found.items()}


def _cycle(act: Act, public_id: str) -> Cycle:
    found = rows.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise CycleUnknown(cycle=public_id)
    return found


def _row(act: Act, cycle: Cycle) -> CycleRow:
    is_open = cycle.status is CycleStatus.OPEN
    return CycleRow(
        public_id=cycle.public_id,
        title=cycle.title,
        year=cycle.year,
        status=cycle.status,
        opens_at=cycle.opens_at,
        deadline_at=cycle.deadline_at,
        as_of=cycle.as_of,
        announced_at=cycle.announced_at,
        is_accepting=is_open and dates_of(cycle).is_accepting(act.now),
    )


def _announced(act: Act, cycle: Cycle) -> tuple[Announced, ...]:
    found = rows.announced_applications(act.session, cycle.id)
    day = (cycle.announced_at or act.now).astimezone(SHANGHAI).date()
    above = lines_of(act.session, [branch.id for _, _, branch in found], day)
    names = Names(act, (unit for line in above.values() for unit in line))
    return tuple(
        Announced(
            studio=studio_name(names.on(branch, day)),
            host=host.name,
            school=names.on(school_of(above[branch.id]), day),
            track=application.track.value,
        )
        for application, host, branch in found
    )
