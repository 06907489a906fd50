"""The diagram of a BPMN file as plain boxes and lines, to be measured by the tests."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = (
    "acceptance",
    "annulment",
    "application",
    "call_change",
    "construction",
    "construction_year",
    "cycle",
    "falsity",
    "filing",
    "host_change",
    "objection",
    "panel_invitation",
    "problem_report",
    "provincial_objection",
    "review_request",
    "unit_list",
)

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
OMGDI = "{http://www.omg.org/spec/DD/20100524/DI}"
SY = "{urn:shuangyou:bpmn:1}"

TASKS = frozenset({"userTask", "serviceTask", "businessRuleTask", "callActivity"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent"})
NODES = TASKS | GATEWAYS | EVENTS | {"subProcess"}

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def centre(self) -> Point:
        return self.left + self.width / 2, self.top + self.height / 2

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share an area; touching is not overlapping."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def is_crossed_by(self, segment: Segment) -> bool:
        """Whether a horizontal or vertical line runs through the inside; along the border is outside."""
        (x1, y1), (x2, y2) = segment
        return (
            min(x1, x2) < self.right
            and max(x1, x2) > self.left
            and min(y1, y2) < self.bottom
            and max(y1, y2) > self.top
        )

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        on_side = x in (self.left, self.right) and self.top <= y <= self.bottom
        return on_side or (y in (self.top, self.bottom) and self.left <= x <= self.right)

    @property
    def sides(self) -> tuple[Segment, ...]:
        corners = [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]
        return tuple(pairwise([*corners, corners[0]]))


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node as drawn; ``frames``: the ids of the sub-processes around it, the nearest first; ``host``: what a
    boundary event sits on.
    """

    id: str
    kind: str
    name: str
    lane: str
    frames: tuple[str, ...]
    host: str | None
    box: Box
    label: Box | None


@dataclass(frozen=True, slots=True)
class Line:
    """A sequence flow as drawn."""

    id: str
    name: str
    source: str
    target: str
    frames: tuple[str, ...]
    points: tuple[Point, ...]
    label: Box | None

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(pairwise(self.points))


@dataclass(frozen=True, slots=True)
class Drawing:
    process: str
    root: etree._Element
    pool: Box
    lanes: dict[str, Box]
    nodes: dict[str, Node]
    lines: tuple[Line, ...]

    @property
    def frames(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "subProcess"]

    @property
    def solid(self) -> list[Node]:
        """Everything that fills its place: sub-process frames are seen through."""
        return [node for node in self.nodes.values() if node.kind != "subProcess"]

    def labels(self) -> Iterator[tuple[str, str, Box]]:
        for each in (*self.nodes.values(), *self.lines):
            if each.label is not None:
                yield each.id, each.name, each.label


def model_path(process: str) -> Path:
    return ROOT / "bpmn" / process / f"{process}.bpmn"


def read_drawing(process: str) -> Drawing:
    root = etree.parse(model_path(process)).getroot()
    shapes = {shape.get("bpmnElement", ""): shape for shape in root.iter(f"{DI}BPMNShape")}
    edges = {edge.get("bpmnElement", ""): edge for edge in root.iter(f"{DI}BPMNEdge")}
    lanes = {lane.get("id", ""): lane for lane in root.iter(f"{BPMN}lane")}
    lane_of = {ref.text or "": key for key, lane in lanes.items() for ref in lane.iter(f"{BPMN}flowNodeRef")}
    (participant,) = root.iter(f"{BPMN}participant")
    nodes = [_node(element, shapes, lane_of) for element in _elements(root, NODES)]
    return Drawing(
        process,
        root,
        _bounds(shapes[participant.get("id", "")]),
        {key: _bounds(shapes[key]) for key in lanes},
        {node.id: node for node in nodes},
        tuple(_line(flow, edges[flow.get("id", "")]) for flow in _elements(root, {"sequenceFlow"})),
    )


def _elements(root: etree._Element, kinds: frozenset[str] | set[str]) -> Iterator[etree._Element]:
    for element in root.iter(f"{BPMN}*"):
        if etree.QName(element).localname in kinds:
            yield element


def _node(element: etree._Element, shapes: dict[str, etree._Element], lane_of: dict[str, str]) -> Node:
    key = element.get("id", "")
    return Node(
        key,
        etree.QName(element).localname,
        element.get("name", ""),
        lane_of.get(key, ""),
        _frames(element),
        element.get("attachedToRef"),
        _bounds(shapes[key]),
        _label(shapes[key]),
    )


def _line(flow: etree._Element, edge: etree._Element) -> Line:
    points = tuple((float(p.get("x", "nan")), float(p.get("y", "nan"))) for p in edge.iter(f"{OMGDI}waypoint"))
    ends = flow.get("sourceRef", ""), flow.get("targetRef", "")
    return Line(flow.get("id", ""), flow.get("name", ""), *ends, _frames(flow), points, _label(edge))


def _frames(element: etree._Element) -> tuple[str, ...]:
    return tuple(around.get("id", "") for around in element.iterancestors(f"{BPMN}subProcess"))


def _bounds(shape: etree._Element) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    assert bounds is not None
    return Box(*(float(bounds.get(side, "nan")) for side in ("x", "y", "width", "height")))


def _label(shape: etree._Element) -> Box | None:
    label = shape.find(f"{DI}BPMNLabel")
    return None if label is None else _bounds(label)


def text_width(text: str, size: float) -> float:
    """The width of a line of text: a Chinese character is as wide as high, a Latin one a little over half."""
    return sum(size if ord(character) > 0xFF else size * 0.58 for character in text)


def lines_needed(text: str, size: float, width: float) -> int:
    return math.ceil(text_width(text, size) / width)
