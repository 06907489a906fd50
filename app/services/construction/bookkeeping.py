"""A studio's book line by line: a wrong line is struck with its reason and stays to be seen (C6.3, C6.4, C6.6).

Who may record a line may strike it until the year's report is reviewed; afterwards the superior Party organisation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.domain.amounts import fen_of
from app.domain.cycle import settings_from_json
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import StudioState
from app.services import audit
from app.services.acting import Act
from app.services.construction.escalating import tell_funds_missing
from app.services.construction.reading import StudioUnknown
from app.services.seeing import kept_out, visible_to
from app.store.models import Cycle, MoneyKind, Payer, SpendingHeading, Studio, StudioMoney, StudioYear
from app.store.queries import parties, studios
from app.store.queries import studio_money as rows

_LONGEST = 500

_OPEN = frozenset({StudioState.BUILDING, StudioState.SUSPENDED, StudioState.IN_ACCEPTANCE, StudioState.DEFERRED})
"""States in which the book may still be set right."""

_PAYING: Mapping[Payer, RoleKey] = {
    Payer.SCHOOL: RoleKey.SCHOOL_PARTY,
    Payer.COUNTY: RoleKey.COUNTY,
    Payer.CITY: RoleKey.PRELIM,
    Payer.PROVINCE: RoleKey.PROVINCE_COMMITTEE,
}


class MoneyLineUnknown(DomainError):
    """The studio's book has no such line. Params: ``line``."""

    code = "money_line_unknown"
    kind = Kind.NOT_FOUND


class MoneyLineStruck(DomainError):
    """The line was struck already. Params: ``clause``."""

    code = "money_line_struck"
    kind = Kind.CONFLICT


class StrikeNotYours(DomainError):
    """Another strikes this line now. Params: ``role``: whose it is, ``clause``."""

    code = "strike_not_yours"
    kind = Kind.FORBIDDEN


class StrikeUnexplained(DomainError):
    """A line is struck with its reason. Params: ``clause``."""

    code = "strike_unexplained"
    kind = Kind.BAD_INPUT


class BookClosed(DomainError):
    """The studio's time is over; its book is what was accepted. Params: ``clause``."""

    code = "book_closed"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Struck:
    """That a line was struck: when, by whom, why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the book. ``is_correction``: it stands in the place of a struck one."""

    line: int
    kind: MoneyKind
    payer: Payer | None
    heading: SpendingHeading | None
    fen: int
    on_day: date
    note: str
    by: str
    is_correction: bool
    struck: Struck | None
    may_strike: bool

    @property
    def counted(self) -> int:
        """What of it the sums hold, in fen: nothing once it is struck."""
        return 0 if self.struck else self.fen


class Sums(NamedTuple):
    """A year's money in fen."""

    pledged: int
    received: int
    spent: int
    left: int


@dataclass(frozen=True, slots=True)
class YearBook:
    """A year's lines in the order of their days. ``is_reviewed``: its report was."""

    number: int
    is_reviewed: bool
    lines: tuple[LineShown, ...]

    @property
    def sums(self) -> Sums:
        """What was pledged, came, was spent and is left, without what is struck."""
        pledged, received, spent = (
            sum(line.counted for line in self.lines if line.kind is kind)
            for kind in (MoneyKind.PLEDGE, MoneyKind.RECEIPT, MoneyKind.SPENDING)
        )
        return Sums(pledged, received, spent, received - spent)


@dataclass(frozen=True, slots=True)
class Book:
    """A studio's book."""

    studio: str
    name: str
    years: tuple[YearBook, ...]


def view_book(act: Act, *, public_id: str) -> Book:
    """Return a studio's book for whoever may see its case; six statements. Raises ``StudioUnknown``."""
    studio = _seen(act, public_id)
    at_desks = _desks(act, studio)
    found = rows.lines_of(act.session, studio.id)
    years = [
        YearBook(
            year.number,
            year.reviewed_at is not None,
            tuple(_shown(act, studio, year, at_desks, row) for row in found if row[0].year == year.number),
        )
        for year in rows.years_of(act.session, studio.id)
    ]
    return Book(studio.public_id, studio.name, tuple(years))


@dataclass(frozen=True, slots=True)
class Strike:
    """Which line is struck and why; ``instead``: the right amount in yuan where only the amount was wrong."""

    line: int
    reason: str
    instead: str = ""


def strike_line(act: Act, *, studio: str, strike: Strike) -> None:
    """Strike a wrong line of a studio's book (public id); it stays, and the sums follow.

    Raises ``StudioUnknown``, ``MoneyLineUnknown``, ``MoneyLineStruck``, ``StrikeNotYours``, ``StrikeUnexplained``,
    ``BookClosed``, ``MoneyInvalid``.
    """
    found = _seen(act, studio)
    line = rows.locked_line(act.session, found.id, strike.line)
    if line is None:
        raise MoneyLineUnknown(line=strike.line)
    if line.struck_at is not None:
        raise MoneyLineStruck(clause="C6.4")
    year = studios.year_of(act.session, found.id, line.year)
    needed = _striker(line, year)
    if not _may_strike(act, found, needed, _desks(act, found)):
        raise StrikeNotYours(role=needed.value, clause="C6.4")
    if found.state not in _OPEN:
        raise BookClosed(clause="C6.4")
    if not 0 < len(strike.reason.strip()) <= _LONGEST:
        raise StrikeUnexplained(clause="C6.4")
    line.struck_at, line.struck_by_id, line.strike_reason = act.now, act.person_id, strike.reason.strip()
    if strike.instead.strip():
        act.session.add(_corrected(act, line, fen_of(strike.instead.strip(), "C6.4")))
    act.session.flush()
    _see_to_support(act, found, line, year)
    what = f"studio/{found.public_id}/money/{line.id}"
    audit.record(act, case_id=found.instance_id, action="strike_money", object=what, result=line.strike_reason)


def _seen(act: Act, public_id: str) -> Studio:
    found = studios.seen_one(act.session, public_id, visible_to(act.actor))
    if found is None:
        raise kept_out(act, [public_id]) or StudioUnknown(studio=public_id)
    return found[0]


def _desks(act: Act, studio: Studio) -> frozenset[RoleKey]:
    """The roles that the actor holds where they are played in this studio."""
    found = parties.of_case(act.session, studio.instance_id)
    return frozenset(RoleKey(role) for role, unit, _ in found if unit and act.actor.holds(RoleKey(role), unit.id))


def _striker(line: StudioMoney, year: StudioYear) -> RoleKey:
    """Whose it is to strike a line: who records such lines, once the year is reviewed the superior."""
    if year.reviewed_at is not None:
        return RoleKey.SUPERIOR_PARTY
    is_pledge = line.kind is MoneyKind.PLEDGE and line.payer is not None
    return _PAYING[line.payer] if is_pledge and line.payer else RoleKey.HOST


def _may_strike(act: Act, studio: Studio, needed: RoleKey, at_desks: frozenset[RoleKey]) -> bool:
    is_host = studio.host_id == act.actor.person_id
    return is_host if needed is RoleKey.HOST else needed in at_desks and not is_host


def _shown(
    act: Act, studio: Studio, year: StudioYear, at_desks: frozenset[RoleKey], row: tuple[StudioMoney, str, str | None]
) -> LineShown:
    line, by, striker = row
    is_open = line.struck_at is None and studio.state in _OPEN
    return LineShown(
        line=line.id,
        kind=line.kind,
        payer=line.payer,
        heading=line.heading,
        fen=line.fen,
        on_day=line.on_day,
        note=line.note,
        by=by,
        is_correction=line.instead_of_id is not None,
        struck=Struck(line.struck_at, striker or "", line.strike_reason or "") if line.struck_at else None,
        may_strike=is_open and _may_strike(act, studio, _striker(line, year), at_desks),
    )


def _corrected(act: Act, line: StudioMoney, fen: int) -> StudioMoney:
    return StudioMoney(
        studio_id=line.studio_id,
        year=line.year,
        kind=line.kind,
        payer=line.payer,
        heading=line.heading,
        fen=fen,
        on_day=line.on_day,
        note=line.note,
        submission_id=line.submission_id,
        row_key=f"{line.row_key}/{line.id}",
        by_id=act.person_id,
        instead_of_id=line.id,
    )


def _see_to_support(act: Act, studio: Studio, line: StudioMoney, year: StudioYear) -> None:
    """Where with the line the year's support is gone, and it was due: payer and 省委教育工委 are told (C6.4)."""
    is_support = line.kind is MoneyKind.RECEIPT and line.payer is studio.payer and line.payer is not Payer.SCHOOL
    is_owed = line.payer is not Payer.PROVINCE or line.year == 1  # C6.3: the plan does not say yearly
    if not is_support or not is_owed or line.payer is None or year.funds_missing_at is not None:
        return
    settings = settings_from_json(act.session.get_one(Cycle, studio.cycle_id).settings)
    is_due = act.today > year.starts_on + timedelta(days=settings.funding_days)
    if is_due and not studios.received_from(act.session, studio.id, line.year, line.payer):
        year.funds_missing_at = act.now
        act.session.flush()
        tell_funds_missing(act, case_id=studio.instance_id, year=line.year, payer=line.payer.value)
        audit.record(act, case_id=studio.instance_id, action="miss_funds", object=f"year/{line.year}", result="C6.4")
