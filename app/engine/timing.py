"""Moments, durations and repetitions as ISO 8601 writes them, computed on the calendar of Asia/Shanghai."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from app.domain.time import SHANGHAI

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
ONE_DAY: Final = timedelta(days=1)

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,9})?)S)?)?\Z"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z")
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?:(?P<start>[^/P][^/]*)/)?(?P<period>P[^/]+)\Z")


class BadTimeError(ValueError):
    """Text that is not the moment, duration or repetition it should be; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and exact time. Months are added first; a day that a month lacks becomes its last day."""

    months: int
    exact: timedelta

    @property
    def days(self) -> int | None:
        """The whole days that it lasts; None if it has months or parts of a day."""
        return None if self.months or self.exact % ONE_DAY else self.exact // ONE_DAY

    def after(self, moment: datetime, times: int = 1) -> datetime:
        """``times`` durations after ``moment``, each counted from ``moment``: the 31st stays the 31st."""
        local = moment.astimezone(SHANGHAI)
        months = local.month - 1 + self.months * times
        try:
            year, month = local.year + months // 12, months % 12 + 1
            day = min(local.day, monthrange(year, month)[1])
            return local.replace(year=year, month=month, day=day) + self.exact * times
        except (ValueError, OverflowError) as beyond:
            raise BadTimeError(f"the time lies beyond the calendar: {beyond}") from beyond


LEAST_PERIOD = timedelta(minutes=1)
"""How often a timer may repeat: a case that slept for months catches up with every occurrence."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: ``times`` (None: endless), the first moment (None: one period after it begins) and the period."""

    times: int | None
    start: datetime | None
    period: Duration

    def moment(self, begun: datetime, index: int) -> datetime:
        """The ``index``-th occurrence (from 0) of a repetition that began at ``begun``."""
        return self.period.after(begun, index + 1) if self.start is None else self.period.after(self.start, index)


def parse_duration(text: str) -> Duration:
    """``P1Y2M3W4DT5H6M7.8S`` and parts of it; negative ones are refused."""
    found = _DURATION.match(text)
    if found is None:
        raise BadTimeError(f"{text!r} is not an ISO 8601 duration such as P3D or PT12H")
    part = {name: float(value or 0) for name, value in found.groupdict().items()}
    months = int(part.pop("years") * 12 + part.pop("months"))
    try:
        return Duration(months, timedelta(**part))
    except OverflowError as beyond:
        raise BadTimeError(f"{text!r} is longer than the calendar") from beyond


def parse_moment(text: str) -> datetime:
    """A date (its midnight) or date and time; without an offset it is Asia/Shanghai's."""
    if not _MOMENT.match(text):
        raise BadTimeError(f"{text!r} is not an ISO 8601 date such as 2026-12-01 or 2026-12-01T08:00:00+08:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as unreal:
        raise BadTimeError(f"{text!r} does not exist: {unreal}") from unreal
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def parse_cycle(text: str) -> Cycle:
    """``R3/P1D``, ``R/PT12H``, ``R3/2027-01-01T00:00:00+08:00/P1M``."""
    found = _CYCLE.match(text)
    if found is None:
        raise BadTimeError(f"{text!r} is not an ISO 8601 repetition such as R3/P1D")
    period = parse_duration(found["period"])
    if not period.months and not period.exact:
        raise BadTimeError(f"{text!r} repeats without time passing")
    if not period.months and period.exact < LEAST_PERIOD:
        raise BadTimeError(f"{text!r} repeats more often than every minute: a storm of timers")
    times = int(found["times"]) if found["times"] else None
    if times == 0:
        raise BadTimeError(f"{text!r} never happens")
    return Cycle(times, parse_moment(found["start"]) if found["start"] else None, period)


def is_iso(text: str) -> bool:
    """Whether the text is meant as ISO 8601 and not as an expression."""
    return bool(_DURATION.match(text) or _MOMENT.match(text) or _CYCLE.match(text))


def midnight(day: date) -> datetime:
    """00:00 of ``day`` in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def micros(moment: datetime) -> int:
    """Microseconds since 1970; ``moment`` is aware."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(value: int) -> datetime:
    """The moment that `micros` gave ``value`` for, in Asia/Shanghai."""
    return (EPOCH + value * _MICROSECOND).astimezone(SHANGHAI)
