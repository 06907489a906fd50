"""Timers: read when the model is released, not when a case reaches them."""

import re
from collections.abc import Callable, Iterator

from app.engine import feel
from app.engine.feel import FeelError
from app.engine.findings import Finding, finding
from app.engine.lint.graph import OWN, Node, event_definitions, parts
from app.engine.timing import BadTimeError, parse_cycle, parse_duration, parse_moment
from app.engine.xml import Element, local, text_of

_OWN_CALENDAR = f"{{{OWN}}}calendar"
_PARSERS: dict[str, Callable[[str], object]] = {
    "timeDate": parse_moment,
    "timeDuration": parse_duration,
    "timeCycle": parse_cycle,
}
# text that its author meant as ISO 8601, well-formed or not
_MEANT_AS_ISO = re.compile(r"([-+]?P[\dT]\S*|P|R\d+|R\d*/.*|\d{4}-?\d{2}-?\d{2}\S*|\d{1,2}:\d{2}\S*)\Z")
_CRON = re.compile(r"(@\w+|[\d*/,?LW#-]+(\s+[\d*/,?LW#\w-]+){4,6})\Z")

SAMPLE = {"now": "2026-03-02T09:00:00+08:00"}
"""What an expression can be tried with before there is a case: the one name that is always given."""

ReadExpression = Callable[[str | None, str], Iterator[Finding]]


def timers_of(node: Node) -> list[Element]:
    """The node's timer definitions."""
    return [each for each in event_definitions(node.element) if local(each) == "timerEventDefinition"]


def check_timer(node: Node, definition: Element, read: ReadExpression) -> Iterator[Finding]:
    """One timer: exactly one time of a kind that fits the event. ``read`` says what is wrong with an expression."""
    times = list(parts(definition, *_PARSERS))
    if len(times) != 1:
        yield finding(node.id, "timer_without_time" if not times else "timer_with_several_times")
        return
    kind, text = local(times[0]), text_of(times[0])
    if kind == "timeCycle":
        yield from _repeating(node)
    if definition.get(_OWN_CALENDAR) is not None:
        yield from _calendar(node, definition.get(_OWN_CALENDAR, ""), kind, text)
    if not text.strip("= "):
        yield finding(node.id, "timer_without_time")
    elif _MEANT_AS_ISO.match(text) or _CRON.match(text):
        yield from _iso(node, kind, text)
    else:
        yield from _expression(node, kind, text, read)


def _repeating(node: Node) -> Iterator[Finding]:
    """A repetition has a place only on a boundary that leaves its activity running."""
    if node.kind != "boundaryEvent":
        yield finding(node.id, "cycle_outside_boundary")
    elif node.is_interrupting:
        yield finding(node.id, "cycle_interrupting")


def _calendar(node: Node, calendar: str, kind: str, text: str) -> Iterator[Finding]:
    if calendar != "working":
        yield finding(node.id, "unknown_calendar", calendar=calendar)
    elif kind != "timeDuration":
        yield finding(node.id, "calendar_without_duration")
    elif text.startswith("P") and not re.match(r"P[1-9]\d{0,3}D\Z", text):
        yield finding(node.id, "calendar_not_days", text=text)


def _iso(node: Node, kind: str, text: str) -> Iterator[Finding]:
    try:
        time = _PARSERS[kind](text)
    except BadTimeError:
        yield finding(node.id, "bad_time", kind=kind, text=text)
        return
    if kind == "timeCycle" and getattr(time, "period").months:  # noqa: B009 - the parser of this kind gives a Cycle
        yield finding(node.id, "cycle_of_months", text=text)


def _expression(node: Node, kind: str, text: str, read: ReadExpression) -> Iterator[Finding]:
    found = list(read(node.id, text))
    yield from found
    if found or not feel.read(feel.strip_marker(text)).free <= SAMPLE.keys():
        return
    # nothing is read from the data: the value is known now, or as good as known
    try:
        value = feel.evaluate(text, SAMPLE)
        _PARSERS[kind](value if isinstance(value, str) else "")
    except (BadTimeError, FeelError):
        yield finding(node.id, "bad_time", kind=kind, text=text)
