"""What a diagram consists of once it is laid out: lanes, frames, lines and nodes, ready for the template."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.web.diagrams.chart import Box, Node
from app.web.diagrams.history import Mark

LETTER = 14.0
"""Width of a Chinese character in a diagram, in pixels; a Latin letter takes about half."""

Point = tuple[float, float]
_HEAD = 7.0
_HALF_HEAD = 4.0


@dataclass(frozen=True, slots=True)
class Band:
    """A lane as drawn, with its heading at the left."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A flow: its path, the head of its arrow, how it is coloured, and its name with the place of it."""

    path: str
    head: str
    mark: Mark
    name: str = ""
    at: Point = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """A node as drawn. ``kind``: task, event, gateway or frame; ``glyph`` what it carries inside; ``words`` its name in
    lines; ``note`` stands below it (working days).
    """

    id: str
    kind: str
    mark: Mark
    box: Box
    words: tuple[str, ...]
    name: str = ""
    glyph: str = ""
    note: str = ""
    is_end: bool = False
    is_start: bool = False
    is_repeated: bool = False
    is_wait: bool = False
    label: Point | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A laid-out diagram, ``width`` × ``height`` pixels at 100 %; ``title`` says in words what it shows."""

    width: float
    height: float
    heading: float
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    shapes: tuple[Shape, ...]
    title: str


def glyph_of(node: Node) -> str:
    """Return what a node carries inside: an event's trigger, a gateway's kind, nothing for a task."""
    if node.is_gateway:
        return {"parallelGateway": "plus", "inclusiveGateway": "ring", "eventBasedGateway": "events"}.get(
            node.kind, "cross"
        )
    return node.trigger if node.is_event else ""


def letters(text: str) -> float:
    """Return a text's width in Chinese characters."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in text)  # noqa: PLR2004 - from here on CJK


def wrapped(text: str, most: float) -> tuple[str, ...]:
    """Break a name into at most two lines of ``most`` Chinese characters, of about the same length."""
    wide = letters(text)
    if wide <= most:
        return (text,)
    head, bracket, tail = text.partition("（")
    if bracket and letters(head) <= most and letters(tail) < most:
        return (head, bracket + tail)
    if " " in text:
        return _at_space(text)
    first = _cut(text, min(most, (wide + 1) / 2))
    rest = text[len(first) :]
    if letters(rest) <= most:
        return (first, rest)
    first = _cut(text, most)
    rest = text[len(first) :]
    return (first, rest if letters(rest) <= most else _cut(rest, most - 1) + "…")


def _at_space(text: str) -> tuple[str, str]:
    """Break at the space that leaves the longer of the two lines shortest."""
    places = [place for place, letter in enumerate(text) if letter == " "]
    best = min(places, key=lambda place: max(letters(text[:place]), letters(text[place:])))
    return text[:best], text[best + 1 :]


def _cut(text: str, most: float) -> str:
    taken = ""
    for letter in text:
        if letters(taken + letter) > most:
            break
        taken += letter
    return taken


def line_of(points: Iterable[Point], mark: Mark, name: str = "", at: Point = (0.0, 0.0)) -> Line:
    """Return a flow through ``points`` (at least two), with an arrow at its end."""
    stops = list(points)
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in stops)
    return Line(path, _arrow(stops[-2], stops[-1]), mark, name, at)


def _arrow(before: Point, tip: Point) -> str:
    (x, y), horizontal = tip, abs(tip[0] - before[0]) >= abs(tip[1] - before[1])
    if horizontal:
        back = x - _HEAD if tip[0] >= before[0] else x + _HEAD
        return f"M{back:g} {y - _HALF_HEAD:g}L{x:g} {y:g}L{back:g} {y + _HALF_HEAD:g}"
    back = y - _HEAD if tip[1] >= before[1] else y + _HEAD
    return f"M{x - _HALF_HEAD:g} {back:g}L{x:g} {y:g}L{x + _HALF_HEAD:g} {back:g}"
