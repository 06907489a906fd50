"""A model as it is drawn: nodes with their places, flows with their bends, lanes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.engine.parsing.notation import OURS
from app.engine.xml import Element, child, children, local, read_xml

_EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_NOT_NODES = {"sequenceFlow", "laneSet", "documentation", "extensionElements", "textAnnotation", "association"}
SUBPROCESS = {"subProcess", "transaction", "adHocSubProcess"}
"""Kinds of node that hold other nodes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the diagram's own units (pixels at 100 %)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. ``kind`` is its BPMN name; ``trigger`` an event's definition ("timer", "message", "error", …);
    ``parent`` the sub-process it lies in; ``host`` what a boundary event is attached to; ``box`` None: not drawn.
    ``is_exceptional``: nobody is told beforehand that a case may come here (``sy:exceptional``).
    """

    id: str
    kind: str
    name: str
    lane: str | None
    parent: str | None
    box: Box | None
    label: Box | None = None
    trigger: str = ""
    host: str | None = None
    is_repeated: bool = False
    is_exceptional: bool = False

    @property
    def is_event(self) -> bool:
        """Whether it is a circle."""
        return self.kind in _EVENTS

    @property
    def is_gateway(self) -> bool:
        """Whether it is a diamond."""
        return self.kind.endswith("Gateway")

    @property
    def centre(self) -> tuple[float, float]:
        """The centre, (0, 0) for what is not drawn."""
        return self.box.middle if self.box else (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow and its bends; ``points`` is empty where the diagram does not draw it.

    ``is_exceptional``: as of a node (``sy:exceptional``), where both ends are usual.
    """

    id: str
    source: str
    target: str
    name: str
    points: tuple[tuple[float, float], ...] = ()
    label: Box | None = None
    is_exceptional: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane; its id is the key of a role."""

    id: str
    name: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Chart:
    """One process of a model with its diagram."""

    process_id: str
    name: str
    lanes: tuple[Lane, ...]
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]

    def flows_from(self, node_id: str) -> Iterator[Flow]:
        """Yield the flows that leave a node, in document order."""
        return (flow for flow in self.flows if flow.source == node_id)


@lru_cache(maxsize=64)
def read_chart(content: bytes, process_id: str) -> Chart | None:
    """Read the drawing of ``process_id`` from a BPMN file; None if the file has no such process.

    Raises ``ModelUnreadable``.
    """
    root = read_xml(content, process_id)
    process = next((found for found in children(root, "process") if found.get("id") == process_id), None)
    if process is None:
        return None
    places = _Places(root)
    lanes = tuple(_lanes(process, places))
    homes = {ref: lane_id for lane in process.iter("{*}lane") for ref, lane_id in _refs(lane).items()}
    nodes = {node.id: node for node in _nodes(process, None, homes, places)}
    flows = tuple(_flow(found, places) for found in process.iter("{*}sequenceFlow"))
    return Chart(process_id, process.get("name", ""), lanes, nodes, flows)


class _Places:
    """The diagram's boxes, labels and bends by the id of what they draw."""

    def __init__(self, root: Element) -> None:
        self.boxes: dict[str, Box] = {}
        self.labels: dict[str, Box] = {}
        self.bends: dict[str, tuple[tuple[float, float], ...]] = {}
        for shape in root.iter("{*}BPMNShape"):
            self._keep(shape, shape.get("bpmnElement", ""))
        for edge in root.iter("{*}BPMNEdge"):
            drawn = edge.get("bpmnElement", "")
            self.bends[drawn] = tuple((_at(point, "x"), _at(point, "y")) for point in children(edge, "waypoint"))
            self._keep_label(edge, drawn)

    def _keep(self, shape: Element, drawn: str) -> None:
        bounds = child(shape, "Bounds")
        if bounds is not None:
            self.boxes[drawn] = _box(bounds)
        self._keep_label(shape, drawn)

    def _keep_label(self, shape: Element, drawn: str) -> None:
        label = child(shape, "BPMNLabel")
        bounds = None if label is None else child(label, "Bounds")
        if bounds is not None:
            self.labels[drawn] = _box(bounds)


def _at(element: Element, name: str) -> float:
    return float(element.get(name, "0"))


def _box(bounds: Element) -> Box:
    return Box(_at(bounds, "x"), _at(bounds, "y"), _at(bounds, "width"), _at(bounds, "height"))


def _lanes(process: Element, places: _Places) -> Iterator[Lane]:
    for lane in process.iter("{*}lane"):
        lane_id = lane.get("id", "")
        yield Lane(lane_id, lane.get("name", ""), places.boxes.get(lane_id))


def _refs(lane: Element) -> dict[str, str]:
    return {(ref.text or "").strip(): lane.get("id", "") for ref in children(lane, "flowNodeRef")}


def _nodes(scope: Element, parent: str | None, homes: Mapping[str, str], places: _Places) -> Iterator[Node]:
    for found in children(scope):
        kind, node_id = local(found), found.get("id", "")
        if kind in _NOT_NODES or not _is_node(found, kind):
            continue
        yield Node(
            id=node_id,
            kind=kind,
            name=found.get("name", ""),
            lane=homes.get(node_id),
            parent=parent,
            box=places.boxes.get(node_id),
            label=places.labels.get(node_id),
            trigger=_trigger(found),
            host=found.get("attachedToRef"),
            is_repeated=child(found, "multiInstanceLoopCharacteristics") is not None,
            is_exceptional=_is_exceptional(found),
        )
        if kind in SUBPROCESS:
            yield from _nodes(found, node_id, homes, places)


def _is_node(found: Element, kind: str) -> bool:
    is_activity = kind.lower().endswith("task") or kind in SUBPROCESS or kind == "callActivity"
    return found.get("id") is not None and (is_activity or kind in _EVENTS or kind.endswith("Gateway"))


def _trigger(found: Element) -> str:
    return next((local(part).removesuffix("EventDefinition") for part in children(found) if _defines_event(part)), "")


def _defines_event(part: Element) -> bool:
    return local(part).endswith("EventDefinition")


def _flow(found: Element, places: _Places) -> Flow:
    flow_id = found.get("id", "")
    return Flow(
        id=flow_id,
        source=found.get("sourceRef", ""),
        target=found.get("targetRef", ""),
        name=found.get("name", ""),
        points=places.bends.get(flow_id, ()),
        label=places.labels.get(flow_id),
        is_exceptional=_is_exceptional(found),
    )


def _is_exceptional(found: Element) -> bool:
    return found.get(f"{{{OURS}}}exceptional") == "true"
