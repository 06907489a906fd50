"""Multi-instance and loop markers: standard BPMN, and the extensions of Camunda 7 and 8."""

from app.engine.definition import Element as Described
from app.engine.lint.graph import Node, part
from app.engine.nodes.base import Node as Runnable
from app.engine.nodes.graph import Graph
from app.engine.nodes.instances import MultiInstanceNode, Plan, Variable
from app.engine.nodes.loops import Container, LoopNode
from app.engine.parsing.notation import CAMUNDA, ZEEBE, attribute, extension, refusal, text_in
from app.engine.xml import Element


def each_name(name: str) -> str:
    """The name of the node of one pass."""
    return f"{name}(each)"


def repeated(graph: Graph, node: Node, element: Described, once: Runnable) -> Container | None:
    """The node of the activity as a whole, if it is done several times. Raises `Refusal`."""
    several = part(node.element, "multiInstanceLoopCharacteristics")
    loop = part(node.element, "standardLoopCharacteristics")
    if several is not None:
        return MultiInstanceNode(graph, node.id, element, once, _plan(node, several))
    return None if loop is None else _loop(graph, node, element, once)


def is_repeated(node: Node) -> bool:
    """Whether the activity is done several times."""
    return any(
        part(node.element, marker) is not None
        for marker in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    )


def _loop(graph: Graph, node: Node, element: Described, once: Runnable) -> LoopNode:
    marker = part(node.element, "standardLoopCharacteristics")
    condition = text_in(marker, "loopCondition")
    maximum = "" if marker is None else marker.get("loopMaximum", "")
    if condition is None and not maximum.isdecimal():
        raise refusal(node, "endless_repetition")
    whole = LoopNode(graph, node.id, element, once)
    whole.condition = condition
    whole.maximum = int(maximum) if maximum.isdecimal() else None
    whole.tests_before = marker is not None and marker.get("testBefore") in {"true", "1"}
    return whole


def _plan(node: Node, marker: Element) -> Plan:
    zeebe = extension(marker, ZEEBE, "loopCharacteristics")
    cardinality = text_in(marker, "loopCardinality")
    collection = _collection(node, marker, zeebe)
    if (cardinality is None) == (collection is None):
        raise refusal(node, "repetition_over_nothing" if cardinality is None else "repetition_over_both")
    sequential = marker.get("isSequential") in {"true", "1"}
    completion = text_in(marker, "completionCondition")
    if zeebe is not None:
        item = zeebe.get("inputElement", "").strip()
        outputs = zeebe.get("outputCollection", "").strip() or None
        return Plan(
            sequential=sequential,
            collection=collection,
            cardinality=cardinality,
            item=(item,) if item else (),
            result=zeebe.get("outputElement") if outputs else None,
            outputs=outputs,
            by_position=True,
            completion=completion,
        )
    result = _names(part(marker, "outputDataItem"))
    outputs = text_in(marker, "loopDataOutputRef")
    return Plan(
        sequential=sequential,
        collection=collection,
        cardinality=cardinality,
        item=_names(part(marker, "inputDataItem")) or _camunda_item(marker),
        result=Variable(result) if result and outputs else None,
        outputs=_called(node, outputs)[0] if result and outputs else None,
        completion=completion,
    )


def _collection(node: Node, marker: Element, zeebe: Element | None) -> str | Variable | None:
    reference = text_in(marker, "loopDataInputRef")
    if reference is not None:
        return Variable(_called(node, reference))
    if zeebe is not None and zeebe.get("inputCollection"):
        return zeebe.get("inputCollection")
    return attribute(marker, CAMUNDA, "collection")


def _camunda_item(marker: Element) -> tuple[str, ...]:
    name = attribute(marker, CAMUNDA, "elementVariable")
    return () if name is None else (name,)


def _names(item: Element | None) -> tuple[str, ...]:
    """The id of a data item and, where it differs, its name: models use either in expressions."""
    if item is None:
        return ()
    named = (item.get("id", "").strip(), (item.get("name") or "").strip())
    return tuple(dict.fromkeys(name for name in named if name))


def _called(node: Node, reference: str) -> tuple[str, ...]:
    """A reference to data: the data's name may be the id referred to or, of a drawn data object or input, its name."""
    root = node.element.getroottree().getroot()
    drawn = (each for each in root.iter() if isinstance(each.tag, str) and each.get("id") == reference)
    return (reference, *(name for name in _names(next(drawn, None)) if name != reference))
