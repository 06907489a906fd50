"""What happened to a studio beside its yearly work, and what the reader may do about it (C6.1b, C6.2, C4.5b)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.acceptance import Grade
from app.domain.papers import PaperKind
from app.domain.periods import Period
from app.domain.roles import RoleKey
from app.domain.states import STUDIO, StudioState
from app.domain.succession import HostRisk, Standing, risks
from app.services.acting import Act
from app.services.dossier.packing import may_pack
from app.services.programme.acceptance.replacing import Inspectors, view_inspectors
from app.services.programme.studio_life.deeds import COMMITTEE_DEEDS
from app.services.programme.studio_life.facts import may_report
from app.services.programme.succession.subjects import IN_TERM
from app.services.programme.succession.wishing import may_wish
from app.services.running import CaseUnknown
from app.services.seeing import SEE_ALL, visible_to
from app.services.studios import school_of
from app.store.models import AcceptanceState, ChangeState, HostChange, Studio, StudioEventKind
from app.store.queries import acceptance as acceptances
from app.store.queries import radar, studios
from app.store.queries import studio_pages as pages
from app.store.queries import succession as rows
from app.store.queries.lines import lines_of

_ON_TARGET = {
    StudioEventKind.SUSPENDED: StudioState.SUSPENDED,
    StudioEventKind.RESUMED: StudioState.BUILDING,
    StudioEventKind.ENDED_EARLY: StudioState.ENDED_EARLY,
    StudioEventKind.REVOKED: StudioState.REVOKED,
}

_REPORTABLE = frozenset({StudioState.BUILDING, StudioState.IN_ACCEPTANCE, StudioState.DEFERRED})
"""States in which a new fact is looked into (C4.5b): while a studio is suspended, nothing of it moves."""


@dataclass(frozen=True, slots=True)
class HostShown:
    """Who hosts or hosted a studio; ``until`` None: still."""

    name: str
    since: date
    until: date | None
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A wish to change the host; ``case``: the public id of its case."""

    host: str
    successor: str
    state: ChangeState
    asked_at: datetime
    effective_on: date | None
    document: str
    case: str


@dataclass(frozen=True, slots=True)
class EventShown:
    """Something that happened by a document. ``about``: the new name, or the member, where it is about one."""

    kind: StudioEventKind
    on_day: date
    document: str
    reason: str
    about: str
    by: str


@dataclass(frozen=True, slots=True)
class AcceptanceShown:
    """How an acceptance stands; ``public_id``: by which its public notice is found.

    ``certificate``: number and public id of the paper, once it is made.
    """

    public_id: str
    state: AcceptanceState
    visit: int
    deferred_until: date | None
    score: str | None
    grade: Grade | None
    concluded_on: date | None
    document: str | None
    inspectors: int
    certificate: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do here."""

    wish: bool
    deeds: tuple[StudioEventKind, ...]
    team: bool
    report: bool
    pack: bool


@dataclass(frozen=True, slots=True)
class Affairs:
    """A studio's affairs. ``inspectors``: for offices that see all."""

    public_id: str
    name: str
    direction: str
    document: str
    term: Period
    state: StudioState
    state_reason: str
    case: str
    hosts: tuple[HostShown, ...]
    changes: tuple[ChangeShown, ...]
    events: tuple[EventShown, ...]
    acceptance: AcceptanceShown | None
    inspectors: Inspectors | None
    risks: tuple[HostRisk, ...]
    may: May


def view_affairs(act: Act, *, public_id: str) -> Affairs:
    """Return a studio's affairs for whoever may see its case. Raises ``CaseUnknown``."""
    found = studios.seen_one(act.session, public_id, visible_to(act.actor))
    if found is None:
        raise CaseUnknown(case=public_id)
    studio, host, _, case = found
    changes = rows.changes_of(act.session, studio.id)
    has_open = any(change.state is ChangeState.OPEN for change, *_ in changes)
    return Affairs(
        public_id=studio.public_id,
        name=studio.name,
        direction=studio.direction,
        document=studio.document,
        term=Period(studio.starts_on, studio.ends_on),
        state=studio.state,
        state_reason=studio.state_reason or "",
        case=case.public_id,
        hosts=(HostShown(host.name, studio.host_since, None, "", studio.document), *_former(act, studio)),
        changes=tuple(_change(*each) for each in changes),
        events=_events(act, studio),
        acceptance=_acceptance(act, studio),
        inspectors=view_inspectors(act, studio) if _sees_inspectors(act, studio) else None,
        risks=risks_of(act, [studio]).get(studio.id, ()) if studio.state in IN_TERM else (),
        may=_may(act, studio, has_open=has_open),
    )


def _former(act: Act, studio: Studio) -> Sequence[HostShown]:
    found = reversed(studios.former_hosts(act.session, studio.id))
    return [HostShown(name, row.from_on, row.to_on, row.reason, row.document or "") for row, name in found]


def _change(change: HostChange, host: str, successor: str | None, case: str | None) -> ChangeShown:
    return ChangeShown(
        host=host,
        successor=successor or "",
        state=change.state,
        asked_at=change.asked_at,
        effective_on=change.effective_on,
        document=change.document or "",
        case=case or "",
    )


def _events(act: Act, studio: Studio) -> tuple[EventShown, ...]:
    return tuple(
        EventShown(
            kind=event.kind,
            on_day=event.on_day,
            document=event.document,
            reason=event.reason,
            about=str(event.details.get("name") or event.details.get("member") or ""),
            by=name or "",
        )
        for event, name in reversed(rows.events_of(act.session, studio.id))
    )


def _acceptance(act: Act, studio: Studio) -> AcceptanceShown | None:
    found = acceptances.acceptance_of(act.session, studio.id)
    if found is None:
        return None
    named = acceptances.inspectors_of(act.session, found.id)
    paper = pages.paper_of(act.session, found.instance_id or 0, PaperKind.ACCEPTANCE_CERTIFICATE)
    return AcceptanceShown(
        public_id=found.public_id,
        state=found.state,
        visit=found.visit,
        deferred_until=found.deferred_until,
        score=found.score,
        grade=found.grade,
        concluded_on=found.concluded_on,
        document=found.document,
        certificate=(paper.number, paper.public_id) if paper and paper.made_at else None,
        inspectors=sum(inspector.visit == found.visit and inspector.left_at is None for inspector, _ in named),
    )


def _sees_inspectors(act: Act, studio: Studio) -> bool:
    return studio.host_id != act.actor.person_id and any(act.actor.holds(role) for role in SEE_ALL)


def _may(act: Act, studio: Studio, *, has_open: bool) -> May:
    is_committee = act.actor.holds(RoleKey.PROVINCE_COMMITTEE) and studio.host_id != act.actor.person_id
    in_term = studio.state in IN_TERM and studio.starts_on <= act.today <= studio.ends_on
    is_host = studio.host_id == act.actor.person_id
    deeds = [
        kind for kind in COMMITTEE_DEEDS if kind not in _ON_TARGET or STUDIO.allows(studio.state, _ON_TARGET[kind])
    ]
    return May(
        wish=in_term and not has_open and may_wish(act, studio),
        deeds=tuple(deeds) if is_committee else (),
        team=in_term and (is_host or act.actor.holds(RoleKey.SCHOOL_PARTY)),
        report=studio.state in _REPORTABLE and not is_host and may_report(act, studio),
        pack=may_pack(act, studio),
    )


def risks_of(act: Act, found: Sequence[Studio]) -> dict[int, tuple[HostRisk, ...]]:
    """Return what may take the host of each studio away before its term ends, by studio; two statements in all."""
    standing = radar.standing_of(act.session, [studio.id for studio in found], act.today)
    above = lines_of(act.session, [studio.branch_id for studio in found], act.today)
    told: dict[int, tuple[HostRisk, ...]] = {}
    for studio in found:
        row = standing[studio.id]
        school = school_of(above[studio.branch_id]).id
        line = [unit.id for unit in above[studio.branch_id]]
        within = set(line[: line.index(school) + 1])
        how = Standing(
            is_secretary=row.is_secretary,
            secretary_until=row.until,
            born_on=row.born_on,
            is_elsewhere=row.unit_id is not None and row.unit_id not in within,
        )
        told[studio.id] = tuple(risks(how, studio.ends_on))
    return told
