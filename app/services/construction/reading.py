"""Studios as people look at them: those they may see, one with everything that is kept of it (C6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.states import StudioState
from app.domain.studios import DocumentKind
from app.services.acting import Act
from app.services.construction.obligations import Clock, Wanted, obligations
from app.services.seeing import kept_out, visible_to
from app.services.studios import school_of
from app.store.models import MoneyKind, Payer, SpendingHeading, StudioActivity, StudioYear
from app.store.queries import lines, roster
from app.store.queries import obligations as owed
from app.store.queries import studio_pages as pages
from app.store.queries import studios as rows

PAGE = 30
ACTIVITIES = 10
"""How many of the latest activities a studio's page shows."""


class StudioUnknown(DomainError):
    """There is no such studio, or not for this person. Params: ``studio``."""

    code = "studio_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class StudioRow:
    """A studio in a list; ``overdue``: how much is owed there beyond its time."""

    public_id: str
    name: str
    host: str
    direction: str
    starts_on: date
    ends_on: date
    state: StudioState
    overdue: int


@dataclass(frozen=True, slots=True)
class StudiosPage:
    """Studios, the newest first; ``next``: the public id to go on after, None at the end."""

    rows: tuple[StudioRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document under its number."""

    kind: DocumentKind
    year: int
    title: str
    number: str
    approved_at: datetime
    filed_at: datetime


@dataclass(slots=True)
class Money:
    """A year's money in fen, by payer and by heading."""

    pledged: dict[Payer, int] = field(default_factory=dict)
    received: dict[Payer, int] = field(default_factory=dict)
    spent: dict[SpendingHeading, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """What came less what was spent."""
        return sum(self.received.values()) - sum(self.spent.values())


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year that has begun."""

    row: StudioYear
    money: Money
    activities: int

    @property
    def is_unsupported(self) -> bool:
        """Tell whether the support was not there when it was due and has not come since (C6.4)."""
        return self.row.funds_missing_at is not None and not self._supported

    @property
    def was_late_supported(self) -> bool:
        """Tell whether the support came, after it was due."""
        return self.row.funds_missing_at is not None and self._supported

    @property
    def _supported(self) -> bool:
        return any(fen for payer, fen in self.money.received.items() if payer is not Payer.SCHOOL)


@dataclass(frozen=True, slots=True)
class Followed:
    """A commitment with what became of it: year → (planned, fulfilment, reported); ``activities`` that served it."""

    number: int
    heading: str
    text: str
    measure: str
    years: Mapping[int, tuple[str | None, str | None, str | None]]
    activities: int


@dataclass(frozen=True, slots=True)
class Formerly:
    """Who hosted before."""

    name: str
    from_on: date
    to_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class StudioView:
    """A studio's page. ``case``: its construction's public id; ``certificate``: (number, public id of the paper)."""

    public_id: str
    case: str
    name: str
    school: str
    host: str
    host_since: date
    former: tuple[Formerly, ...]
    direction: str
    document: str
    starts_on: date
    ends_on: date
    state: StudioState
    state_reason: str | None
    certificate: tuple[str, str] | None
    documents: tuple[Filed, ...]
    years: tuple[YearShown, ...]
    commitments: tuple[Followed, ...]
    activities: tuple[StudioActivity, ...]
    clock: Clock
    is_host: bool


def list_studios(
    act: Act, *, text: str = "", unit: str = "", after: str | None = None, most: int = PAGE
) -> StudiosPage:
    """Return the studios that the actor may see, narrowed to names that hold ``text``, to a unit and all below it."""
    found = lines.unit_by_public_id(act.session, unit) if unit else None
    branches = roster.units_below([found.id], act.today) if found else None
    page = pages.page(act.session, visible_to(act.actor), pages.Narrowed(text, branches, after), most + 1)
    shown = page[:most]
    late = owed.late_by_studio(act.session, [studio.id for studio, _, _ in shown], act.now) if shown else {}
    listed = tuple(
        StudioRow(
            public_id=studio.public_id,
            name=studio.name,
            host=host.name,
            direction=studio.direction,
            starts_on=studio.starts_on,
            ends_on=studio.ends_on,
            state=studio.state,
            overdue=late.get(studio.id, 0),
        )
        for studio, host, _ in shown
    )
    return StudiosPage(listed, listed[-1].public_id if len(page) > most else None)


def view_studio(act: Act, *, public_id: str) -> StudioView:
    """Return one studio; the same number of statements however long its history. Raises ``StudioUnknown``."""
    found = rows.seen_one(act.session, public_id, visible_to(act.actor))
    if found is None:
        raise kept_out(act, [public_id]) or StudioUnknown(studio=public_id)
    studio, host, branch, case = found
    line = lines.line_of(act.session, branch.id, act.today)
    paper = pages.paper_of(act.session, studio.instance_id, PaperKind.STUDIO_CERTIFICATE)
    return StudioView(
        public_id=studio.public_id,
        case=case.public_id,
        name=studio.name,
        school=school_of(line).name,
        host=host.name,
        host_since=studio.host_since,
        former=tuple(
            Formerly(name, row.from_on, row.to_on, row.reason)
            for row, name in rows.former_hosts(act.session, studio.id)
        ),
        direction=studio.direction,
        document=studio.document,
        starts_on=studio.starts_on,
        ends_on=studio.ends_on,
        state=studio.state,
        state_reason=studio.state_reason,
        certificate=(paper.number, paper.public_id) if paper and paper.made_at else None,
        documents=tuple(
            Filed(row.kind, row.year, row.title, row.number, row.approved_at, row.filed_at)
            for row in rows.documents_of(act.session, studio.id)
        ),
        years=_years(act, studio.id),
        commitments=_followed(act, studio.id),
        activities=tuple(pages.latest_activities(act.session, studio.id, ACTIVITIES)),
        clock=obligations(act, wanted=Wanted(studio=public_id)),
        is_host=act.actor.person_id == studio.host_id,
    )


def _years(act: Act, studio_id: int) -> tuple[YearShown, ...]:
    money: dict[int, Money] = {}
    for year, kind, payer, heading, fen in pages.money_of(act.session, studio_id):
        kept = money.setdefault(year, Money())
        if kind is MoneyKind.SPENDING:
            kept.spent[heading] = fen
        else:
            (kept.pledged if kind is MoneyKind.PLEDGE else kept.received)[payer] = fen
    return tuple(
        YearShown(row, money.get(row.number, Money()), held)
        for row, held in pages.years_with_activities(act.session, studio_id)
    )


def _followed(act: Act, studio_id: int) -> tuple[Followed, ...]:
    kept: dict[int, tuple[Followed, dict[int, tuple[str | None, str | None, str | None]]]] = {}
    for commitment, year, held in pages.followed(act.session, studio_id):
        if commitment.id not in kept:
            years: dict[int, tuple[str | None, str | None, str | None]] = {}
            text, measure = commitment.text, commitment.measure
            kept[commitment.id] = Followed(commitment.number, commitment.heading, text, measure, years, held), years
        if year is not None:
            state = year.fulfilment.value if year.fulfilment else None
            kept[commitment.id][1][year.year] = (year.planned, state, year.reported)
    return tuple(each for each, _ in kept.values())
