"""The overview of a case: the steps people know, in lanes, left to right in the order of the model's own drawing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.web.diagrams.chart import Box, Chart, Node
from app.web.diagrams.history import Mark, Visits, marks_of
from app.web.diagrams.picture import LETTER, Band, Line, Picture, Point, Shape, glyph_of, letters, line_of, wrapped
from app.web.diagrams.way import Way, is_step

_HEADING = 112.0
_MARGIN = 22.0
_GAP = 24.0
_TURN = 14.0
_LANE = 84.0
_TASK = (88.0, 46.0)
_EVENT = (26.0, 26.0)
_GATEWAY = (30.0, 30.0)
_SAME_COLUMN = 40.0
_OVERLAP = 40.0
_WORDS = 5.6
_LEAST_WIDTH = 1270.0


@dataclass(frozen=True, slots=True)
class Link:
    """One shown node leads to another; ``mark`` DONE: a case went this way, RETURNED: it went back, AHEAD: it may."""

    source: str
    target: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Steps:
    """The nodes an overview shows, from left to right, each with its mark, and the links between them.

    ``since``: where in the trail each visited node was first entered.
    """

    chart: Chart
    marks: Mapping[str, Mark]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    since: Mapping[str, int]


def steps_of(chart: Chart, visits: Mapping[str, Visits], *, has_ended: bool) -> Steps:
    """Choose what to show: everything people did or wait for, and the way still expected unless the case has ended."""
    way = Way(chart)
    known = {node: visit for node, visit in visits.items() if node in chart.nodes}
    marks = marks_of(known, way.onward)
    standing = [node for node, mark in marks.items() if mark is Mark.HERE and node in way.moves]
    beginning = standing or ([way.start] if way.start and not known else [])
    ahead = () if has_ended else way.expected(beginning)
    shown = {node for node in (*marks, *ahead) if _is_shown(chart.nodes[node], way, marks)}
    nodes = tuple(sorted((chart.nodes[node] for node in shown), key=lambda node: node.centre))
    links = _links(way, shown, known, {node: place for place, node in enumerate(ahead)})
    since = {node: visit.entered[0] for node, visit in known.items() if visit.entered}
    return Steps(chart, {node.id: marks.get(node.id, Mark.AHEAD) for node in nodes}, nodes, tuple(links), since)


def _is_shown(node: Node, way: Way, marks: Mapping[str, Mark]) -> bool:
    if is_step(node) or node.kind == "parallelGateway":
        return True
    if node.kind == "boundaryEvent":
        return node.id in marks and any(_is_shown(way.chart.nodes[end], way, marks) for end in way.arrivals(node.id))
    if node.parent is not None:
        return False
    return node.id == way.start or (node.kind == "endEvent" and (node.id == way.goal or node.id in marks))


def _links(way: Way, shown: set[str], visits: Mapping[str, Visits], ahead: Mapping[str, int]) -> Iterable[Link]:
    """Which shown node leads to which: ways the case took, and ways along what is expected."""
    nodes = way.chart.nodes
    leads = {source: set(way.leads_to(source, shown)) for source in shown}
    for source, targets in leads.items():
        for target in targets:
            before, after = visits.get(source), visits.get(target)
            between = [visits[node] for node in targets if node in visits and target in leads[node]]
            if before and after and _went(before, after, between):
                is_back = is_step(nodes[target]) and after.entered[0] < before.completed[0]
                yield Link(source, target, Mark.RETURNED if is_back else Mark.DONE)
            elif target in ahead and target not in visits and ahead.get(source, -1) < ahead[target]:
                yield Link(source, target, Mark.AHEAD)


def _went(source: Visits, target: Visits, between: Iterable[Visits]) -> bool:
    """Tell whether a token went from one node to the other without entering what lies ``between`` on another way."""
    for entered in target.entered:
        left = max((place for place in source.completed if place < entered), default=None)
        if left is not None and not any(left < place < entered for node in between for place in node.entered):
            return True
    return False


def draw_overview(steps: Steps, notes: Mapping[str, str], title: str) -> Picture:
    """Lay the steps out. ``notes``: what stands below a step; ``title``: the picture in words."""
    rows = _rows(steps)
    boxes = _boxes(steps, rows)
    shapes = tuple(_shape(node, steps, boxes[node.id], notes.get(node.id, "")) for node in steps.nodes)
    lines = tuple(_line(link, steps, boxes) for link in steps.links)
    width = max([_LEAST_WIDTH, *(box.right + _MARGIN for box in boxes.values())])
    bands = tuple(Band(name, row * _LANE, _LANE) for name, row in rows.names())
    return Picture(width, len(bands) * _LANE + 1, _HEADING, bands, lines, shapes, title)


@dataclass(frozen=True, slots=True)
class _Rows:
    lanes: tuple[tuple[str, str], ...]

    def of(self, node: Node) -> int:
        return next((row for row, (lane, _) in enumerate(self.lanes) if lane == node.lane), 0)

    def names(self) -> Iterable[tuple[str, int]]:
        return ((name, row) for row, (_, name) in enumerate(self.lanes))


def _rows(steps: Steps) -> _Rows:
    used = {node.lane for node in steps.nodes}
    lanes = tuple((lane.id, lane.name) for lane in steps.chart.lanes if lane.id in used)
    return _Rows(lanes or (("", ""),))


def _size(node: Node) -> tuple[float, float]:
    if node.is_gateway:
        return _GATEWAY
    return _EVENT if node.is_event and not is_step(node) else _TASK


def _boxes(steps: Steps, rows: _Rows) -> dict[str, Box]:
    """Place each node as far left as its lane, its column and what leads to it allow."""
    boxes: dict[str, Box] = {}
    ends = dict.fromkeys(range(len(rows.lanes)), _HEADING + _MARGIN - _GAP)
    before = {
        link.target: [other.source for other in steps.links if other.target == link.target] for link in steps.links
    }
    last = 0.0
    for column in _columns(steps.nodes):
        centre = max(_least_centre(node, rows, ends, boxes, before.get(node.id, ())) for node in column)
        if not any(node.id in before for node in column):
            centre = max(centre, last)  # nothing leads here: it stands where its place in the drawing comes
        for node in column:
            width, height = _size(node)
            row = rows.of(node)
            middle = max(centre, ends[row] + _GAP + _room(node) / 2)
            boxes[node.id] = Box(middle - width / 2, row * _LANE + (_LANE - height) / 2 - 6, width, height)
            ends[row] = middle + _room(node) / 2
        last = max(last, centre)
    return boxes


def _room(node: Node) -> float:
    """The width that a node needs in its lane, with the name below an event."""
    width, _ = _size(node)
    is_named_below = node.is_event and not is_step(node)
    return max(width, letters(node.name) * LETTER - _GAP / 2) if is_named_below else width


def _columns(nodes: tuple[Node, ...]) -> list[list[Node]]:
    columns: list[list[Node]] = []
    for node in nodes:
        if columns and node.centre[0] - columns[-1][0].centre[0] < _SAME_COLUMN and _is_alone(node, columns[-1]):
            columns[-1].append(node)
        else:
            columns.append([node])
    return columns


def _is_alone(node: Node, column: list[Node]) -> bool:
    return all(node.lane != other.lane for other in column)


def _least_centre(
    node: Node, rows: _Rows, ends: Mapping[int, float], boxes: Mapping[str, Box], before: Iterable[str]
) -> float:
    """The leftmost centre: clear of the lane's last node, right of the centre line of whatever leads here."""
    least = ends[rows.of(node)] + _GAP + _room(node) / 2
    for source in before:
        if source in boxes:
            least = max(least, boxes[source].right + _TURN)
    return least


def _shape(node: Node, steps: Steps, box: Box, note: str) -> Shape:
    mark = steps.marks[node.id]
    kind = "gateway" if node.is_gateway else "task" if is_step(node) else "event"
    return Shape(
        id=node.id,
        kind=kind,
        mark=mark,
        box=box,
        words=wrapped(node.name, _WORDS) if kind == "task" else (),
        name=node.name,
        glyph=glyph_of(node) if kind == "gateway" else "",
        is_wait=node.is_event and kind == "task",
        note=note or (node.name if kind == "event" else ""),
        is_end=node.kind == "endEvent",
        is_start=node.kind == "startEvent",
        is_repeated=node.is_repeated,
    )


def _line(link: Link, steps: Steps, boxes: Mapping[str, Box]) -> Line:
    ends = (link.source, link.target)
    mark = Mark.RETURNED if steps.marks[link.target] is Mark.RETURNED and link.mark is Mark.DONE else link.mark
    others = [box for node, box in boxes.items() if node not in ends]
    return line_of(_route(boxes[link.source], boxes[link.target], others), mark)


def _route(start: Box, end: Box, others: list[Box]) -> list[Point]:
    """The first orthogonal way that touches no other node; the straightest one if none is clear."""
    ways = list(_ways(start, end))
    return next((way for way in ways if not any(_touches(way, box) for box in others)), ways[0])


def _ways(start: Box, end: Box) -> Iterable[list[Point]]:
    (x1, y1), (x2, y2) = start.middle, end.middle
    is_below = y2 > y1
    out_y, in_y = (start.bottom, end.y) if is_below else (start.y, end.bottom)
    if abs(y1 - y2) < 1:
        yield [(start.right, y1), (end.x, y2)] if x2 > x1 else [(start.x, y1), (end.right, y2)]
    elif min(start.right, end.right) - max(start.x, end.x) > _OVERLAP or x2 < start.right:
        yield from _straight(start, end, (out_y, in_y), is_below=is_below)
    if x2 >= start.right:
        gutters = (start.right + _TURN, end.x - _TURN)
        yield [(start.right, y1), (x2, y1), (x2, in_y)]
        yield [(x1, out_y), (x1, y2), (end.x, y2)]
        yield from ([(start.right, y1), (gutter, y1), (gutter, y2), (end.x, y2)] for gutter in gutters)
    else:
        beside = max(start.right, end.right) + (_TURN if is_below else _TURN / 2)
        yield [(x1, out_y), (x1, y2), (end.right, y2)]
        yield [(start.right, y1), (beside, y1), (beside, y2), (end.right, y2)]


def _straight(start: Box, end: Box, heights: tuple[float, float], *, is_below: bool) -> Iterable[list[Point]]:
    """Straight up or down where the two overlap; upward and downward ways keep apart."""
    left, right = max(start.x, end.x), min(start.right, end.right)
    middle = (left + right) / 2
    reach = (right - left) / 2 - 6
    for share in (0.4, -0.4) if is_below else (0.85, -0.85):
        if reach > _TURN:
            yield [(middle + share * reach, heights[0]), (middle + share * reach, heights[1])]
    yield [(middle, heights[0]), (middle, heights[1])]


def _touches(way: list[Point], box: Box) -> bool:
    return any(_crosses(one, two, box) for one, two in pairwise(way))


def _crosses(one: Point, two: Point, box: Box) -> bool:
    left, right = sorted((one[0], two[0]))
    top, bottom = sorted((one[1], two[1]))
    return left < box.right + 2 and right > box.x - 2 and top < box.bottom + 2 and bottom > box.y - 2
