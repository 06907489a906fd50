"""The whole model as its designer drew it, every node and flow in its place, coloured by what has happened."""

from collections.abc import Iterable, Mapping

from app.web.diagrams.chart import SUBPROCESS, Box, Chart, Flow, Node
from app.web.diagrams.history import Mark, Visits, marks_of
from app.web.diagrams.picture import Band, Line, Picture, Shape, glyph_of, line_of, wrapped
from app.web.diagrams.way import Way

_HEADING = 112.0
_MARGIN = 12.0
_WORDS = 6.6
_LABEL_DROP = 12.0


def draw_plan(chart: Chart, visits: Mapping[str, Visits], title: str) -> Picture | None:
    """Draw ``chart`` as it stands in its file; None for a model without diagram information."""
    placed = [node for node in chart.nodes.values() if node.box]
    if not placed:
        return None
    left, top, right, bottom = _edges(chart, placed)
    shift = (_HEADING + _MARGIN - left, -top)
    marks = marks_of({node: visit for node, visit in visits.items() if node in chart.nodes}, Way(chart).onward)
    return Picture(
        right + shift[0] + _MARGIN,
        bottom - top + 1,
        _HEADING,
        tuple(Band(lane.name, lane.box.y - top, lane.box.height) for lane in chart.lanes if lane.box),
        tuple(_line(flow, marks, visits, shift) for flow in chart.flows if len(flow.points) > 1),
        tuple(_shape(node, marks, shift) for node in placed),
        title,
    )


def _edges(chart: Chart, placed: list[Node]) -> tuple[float, float, float, float]:
    boxes = [node.box for node in placed if node.box]
    all_boxes = boxes + [lane.box for lane in chart.lanes if lane.box]
    left = min(box.x for box in boxes)
    right = max(box.right for box in all_boxes)
    return left, min(box.y for box in all_boxes), right, max(box.bottom for box in all_boxes)


def _moved(box: Box, shift: tuple[float, float]) -> Box:
    return Box(box.x + shift[0], box.y + shift[1], box.width, box.height)


def _shape(node: Node, marks: Mapping[str, Mark], shift: tuple[float, float]) -> Shape:
    if node.box is None:
        raise ValueError(node.id)
    kind = _kind(node)
    label = _moved(node.label, shift) if node.label else None
    box = _moved(node.box, shift)
    return Shape(
        id=node.id,
        kind=kind,
        mark=marks.get(node.id, Mark.AHEAD),
        box=box,
        words=wrapped(node.name, _WORDS) if kind == "task" else (),
        name=node.name,
        glyph=glyph_of(node),
        is_end=node.kind == "endEvent",
        is_start=node.kind == "startEvent",
        is_repeated=node.is_repeated,
        label=_label_of(kind, box, label),
    )


def _kind(node: Node) -> str:
    if node.kind in SUBPROCESS:
        return "frame"
    if node.is_event:
        return "event"
    return "gateway" if node.is_gateway else "task"


def _label_of(kind: str, box: Box, label: Box | None) -> tuple[float, float] | None:
    if kind == "task":
        return None
    if kind == "frame":
        return (box.middle[0], box.y + 18)
    if label is None:
        return (box.middle[0], box.bottom + 16)
    return (label.middle[0], label.y + _LABEL_DROP)


def _line(flow: Flow, marks: Mapping[str, Mark], visits: Mapping[str, Visits], shift: tuple[float, float]) -> Line:
    points = [(x + shift[0], y + shift[1]) for x, y in flow.points]
    at = (0.0, 0.0)
    if flow.label:
        label = _moved(flow.label, shift)
        at = (label.middle[0], label.y + _LABEL_DROP)
    return line_of(points, _mark_of(flow, marks, visits), flow.name if flow.label else "", at)


def _mark_of(flow: Flow, marks: Mapping[str, Mark], visits: Mapping[str, Visits]) -> Mark:
    source, target = visits.get(flow.source), visits.get(flow.target)
    if source is None or target is None or not _followed(source, target):
        return Mark.AHEAD
    is_back = Mark.RETURNED in {marks.get(flow.source), marks.get(flow.target)}
    return Mark.RETURNED if is_back else Mark.DONE


def _followed(source: Visits, target: Visits) -> bool:
    """Whether the target was entered next after the source was left, at least once."""
    return any(entered > left for left in source.completed for entered in target.entered)


def in_words(nodes: Iterable[tuple[str, Mark]]) -> Mapping[Mark, tuple[str, ...]]:
    """Gather names by mark, for saying in words what a picture shows."""
    said: dict[Mark, list[str]] = {mark: [] for mark in Mark}
    for name, mark in nodes:
        if name:
            said[mark].append(name)
    return {mark: tuple(names) for mark, names in said.items()}
