"""What an event waits for or throws."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.domain.time import SHANGHAI
from app.engine.feel import strip_marker
from app.engine.timing import (
    ONE_DAY,
    BadTimeError,
    is_iso,
    micros,
    midnight,
    moment_of,
    parse_cycle,
    parse_duration,
    parse_moment,
)

if TYPE_CHECKING:
    from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class Signal:
    """Reaches every waiting receiver in the same case; carries no data."""

    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """An error or an escalation by its code; as something waited for, None catches every code."""

    code: str | None


class Error(Code):
    """Ends the activity around it; the innermost boundary event that catches it goes on."""


class Escalation(Code):
    """Tells the innermost boundary event that catches it; goes unnoticed if there is none."""


@dataclass(frozen=True, slots=True)
class Terminate:
    """Ends the scope at once."""


@dataclass(frozen=True, slots=True)
class Property:
    """A correlation property of a message: ``path`` is FEEL over the message's data (None: the variable of that id)."""

    id: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """Sent to, or awaited from, another case."""

    name: str
    properties: tuple[Property, ...]


class TimerKind(StrEnum):
    """When a timer is due: at a moment, after a while, or again and again."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Timer:
    """Due at a time given as ISO 8601 text or FEEL; a duration may count working days (C5.2b)."""

    kind: TimerKind
    text: str
    counts_working_days: bool = False

    def begin(self, token: "Token") -> None:
        """Note on the token when it is due; raises `EngineIncident` for a time that cannot be read."""
        text = read_time(token, self.text)
        try:
            if self.kind is TimerKind.CYCLE:
                _repeat(token, text, token.case.clock, 0)
            else:
                token.internal_data["due"] = micros(self._due(token, text))
        except BadTimeError as unreadable:
            raise token.incident("bad_timer", str(unreadable)) from unreadable

    def begin_again(self, token: "Token", previous: Mapping[str, Any]) -> bool:
        """Note on the token the occurrence that follows ``previous``; False if there is none."""
        if "cycle" not in previous:
            return False
        text, begun, index = previous["cycle"]
        times = parse_cycle(text).times
        if times is not None and index + 1 >= times:
            return False
        _repeat(token, text, begun, index + 1)
        return True

    def _due(self, token: "Token", text: str) -> datetime:
        if self.kind is TimerKind.DATE:
            return parse_moment(text)
        if self.counts_working_days:
            return after_working_days(token, whole_days(text))
        return parse_duration(text).after(token.case.now)


def _repeat(token: "Token", text: str, begun: int, index: int) -> None:
    token.internal_data["cycle"] = [text, begun, index]
    token.internal_data["due"] = micros(parse_cycle(text).moment(moment_of(begun), index))


Event = Timer | Message | Signal | Error | Escalation | Terminate


def read_time(token: "Token", text: str) -> str:
    """ISO 8601 text as it stands or as an expression gives it; raises `EngineIncident` if it gives no text."""
    text = text.strip()
    value = text if is_iso(text) else token.evaluate(text)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise token.incident("bad_timer", f"{strip_marker(text)!r} gave {value!r}, neither date nor duration")
    return value


def whole_days(text: str) -> int:
    """The days of ``P5D`` or ``5``; raises `BadTimeError` for anything else."""
    days = int(text) if text.isdecimal() else parse_duration(text).days
    if days is None:
        raise BadTimeError(f"{text!r} is not a number of whole days such as P5D")
    return days


def after_working_days(token: "Token", days: int) -> datetime:
    """00:00 of the day after the ``days``-th working day, counted from tomorrow (C5.2b)."""
    today = token.case.now.astimezone(SHANGHAI).date()
    return midnight(token.case.runtime.calendar.add_working_days(today, days)) + ONE_DAY
