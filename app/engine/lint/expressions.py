"""Every expression of a process: FEEL that can be read, over names that can exist, of the kind its place needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.engine import feel
from app.engine.feel import FeelError, Reading
from app.engine.findings import Finding, finding
from app.engine.lint.activities import collection_of
from app.engine.lint.graph import OWN, Model, Node, extensions, part, parts
from app.engine.lint.options import Surroundings
from app.engine.lint.timers import SAMPLE, check_timer, timers_of
from app.engine.xml import Element, local, namespace, nearest_id, text_of

MAX_LIMITS = 3
"""Expressions of one file that may run into the machine's limits before the rest is left unread."""
GIVEN = frozenset({"now"}) | {
    f"{prefix}{name}"
    for prefix in ("nrOf", "numberOf")
    for name in ("Instances", "CompletedInstances", "ActiveInstances", "TerminatedInstances")
}
"""Names that the engine gives: the time, and the counts inside a multi-instance activity."""
_LITERALS = frozenset({"NumericLiteral", "StringLiteral", "List", "Context", "null", "BooleanLiteral"})
# shapes that certainly give no boolean, number or text
_NOT_BOOLEAN = (_LITERALS - {"BooleanLiteral"}) | {
    "ArithmeticExpression",
    "DateTimeLiteral",
    "ForExpression",
    "FunctionDefinition",
    "Interval",
}
_NOT_NUMBER = (_LITERALS - {"NumericLiteral"}) | {
    "Comparison",
    "Conjunction",
    "Disjunction",
    "FunctionDefinition",
    "Interval",
}
_NOT_LIST = (_LITERALS - {"List"}) | {"Comparison", "Conjunction", "Disjunction", "FunctionDefinition", "Interval"}
_FORBIDDEN_SHAPES = {"boolean": _NOT_BOOLEAN, "number": _NOT_NUMBER, "list": _NOT_LIST, "any": frozenset[str]()}
_KINDS: dict[str, type | tuple[type, ...]] = {"boolean": bool, "number": (int, float), "list": list, "any": object}
# words of other languages that FEEL reads as names
_FOREIGN = frozenset({"True", "False", "None", "nil", "undefined", "execution", "NULL"})


@dataclass(frozen=True, slots=True)
class Place:
    """An expression: its element's id, its text and the kind of value needed ("boolean", "number", "list", "any")."""

    element: str | None
    text: str
    wanted: str


def check_expressions(model: Model, around: Surroundings) -> Iterator[Finding]:
    """Conditions, multi-instance and loop markers, parameters of service tasks, assignments, correlation."""
    names = known_names(model, around)
    yield from _until_limits(check_expression(place, names) for place in _places(model))


def known_names(model: Model, around: Surroundings) -> frozenset[str] | None:
    """The names that expressions may read: those of the data, those that the engine gives, those of items."""
    if around.names is None:
        return None
    items = {
        each.get(key, "") for each in model.root.iter("{*}inputDataItem", "{*}outputDataItem") for key in ("id", "name")
    }
    items |= {each.get("inputElement", "") for each in model.root.iter("{*}loopCharacteristics")}
    for each in model.root.iter("{*}multiInstanceLoopCharacteristics"):
        items |= {str(value) for key, value in each.attrib.items() if str(key).endswith("}elementVariable")}
    return around.names | GIVEN | items


def _until_limits(groups: Iterable[Iterable[Finding]]) -> Iterator[Finding]:
    limits = 0
    for group in groups:
        for found in group:
            limits += found.code == "feel_limit"
            yield found
        if limits >= MAX_LIMITS:
            return


def check_expression(place: Place, names: frozenset[str] | None) -> Iterator[Finding]:
    """What is wrong with one expression."""
    text = feel.strip_marker(place.text)
    reading = feel.read(text)
    if reading.problem is not None:
        yield of_feel(place.element, reading.problem)
        return
    found = list(_names(place.element, text, reading, names))
    if reading.shape in _FORBIDDEN_SHAPES[place.wanted]:
        found.append(finding(place.element, f"not_{place.wanted}", text=text))
    yield from found or _tried(place, text, reading)


def _tried(place: Place, text: str, reading: Reading) -> Iterator[Finding]:
    """What reads nothing but the time can be tried now: it fails or gives the wrong kind of value in every case."""
    if not reading.free <= SAMPLE.keys():
        return
    try:
        value = feel.evaluate(text, SAMPLE)
    except FeelError as failed:
        code = "feel_limit" if failed.code == "limit" else "always_fails"
        yield finding(place.element, code, text=text, detail=failed.detail)
        return
    if not isinstance(value, _KINDS[place.wanted]) or (place.wanted == "number" and isinstance(value, bool)):
        yield finding(place.element, f"not_{place.wanted}", text=text)


def of_feel(element: str | None, problem: FeelError) -> Finding:
    """The finding for an expression that cannot be evaluated."""
    return finding(element, f"feel_{problem.code}", text=problem.text, detail=problem.detail)


def _names(element: str | None, text: str, reading: Reading, names: frozenset[str] | None) -> Iterator[Finding]:
    for name in sorted(reading.free & _FOREIGN):
        yield finding(element, "foreign_word", name=name, text=text)
    if names is not None:
        for name in sorted(reading.free - names - _FOREIGN):
            yield finding(element, "undeclared_name", name=name, text=text)


def _places(model: Model) -> Iterator[Place]:
    for scope in model.scopes():
        for flow in scope.flows:
            if flow.condition:
                yield Place(flow.id or scope.id, flow.condition, "boolean")
        for node in scope.nodes.values():
            yield from _repetition(node)
            yield from _own(node)
    for element in model.root.iter("{*}messagePath", "{*}dataPath"):
        yield Place(nearest_id(element), text_of(element), "any")
    for retrieval in model.root.iter("{*}correlationPropertyRetrievalExpression"):
        for element in parts(retrieval, "formalExpression"):
            yield Place(nearest_id(element), text_of(element), "any")


def _repetition(node: Node) -> Iterator[Place]:
    several = part(node.element, "multiInstanceLoopCharacteristics")
    loop = part(node.element, "standardLoopCharacteristics")
    for holder, name, wanted in (
        (several, "loopCardinality", "number"),
        (several, "completionCondition", "boolean"),
        (loop, "loopCondition", "boolean"),
    ):
        if holder is not None and (held := part(holder, name)) is not None:
            yield Place(node.id, text_of(held), wanted)
    # a loopDataInputRef is a name, not an expression
    if several is not None and part(several, "loopDataInputRef") is None and (collection := collection_of(node)):
        yield Place(node.id, collection, "list")


def _own(node: Node) -> Iterator[Place]:
    """The product's own attributes, and parameters of actions and messages."""
    for name, wanted in (("person", "any"), ("due", "any"), ("workingDays", "number"), ("priority", "number")):
        if text := node.element.get(f"{{{OWN}}}{name}"):
            yield Place(node.id, text, wanted)
    for each in extensions(node.element):
        if namespace(each) == OWN and local(each) == "param":
            yield Place(node.id, each.get("value", ""), "any")


def check_timers(model: Model, around: Surroundings) -> Iterator[Finding]:
    """Times of timer events: ISO 8601, or FEEL that gives it."""
    names = known_names(model, around)

    def read(element: str | None, text: str) -> Iterator[Finding]:
        return check_expression(Place(element, text, "any"), names)

    yield from _until_limits(
        check_timer(node, definition, read) for node in model.nodes() for definition in timers_of(node)
    )


def check_own_parameters(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Parameters of service tasks have distinct names; lists of elements name elements."""
    nodes = {node.id for node in model.nodes()}
    for node in model.nodes():
        names = [each.get("name", "") for each in _params(node)]
        for name in {name for name in names if not name or names.count(name) > 1}:
            yield finding(node.id, "bad_parameter", name=name)
        for other in node.element.get(f"{{{OWN}}}exclude", "").split():
            if other not in nodes:
                yield finding(node.id, "unknown_exclude", id=other)


def _params(node: Node) -> list[Element]:
    return [each for each in extensions(node.element) if namespace(each) == OWN and local(each) == "param"]
