"""Namespaces, and the small pieces that files are read from."""

from collections.abc import Iterator
from typing import Final

from app.engine.findings import Finding, finding
from app.engine.lint.graph import Node, extensions, part
from app.engine.xml import Element, local, namespace, text_of

OURS: Final = "urn:shuangyou:bpmn:1"
CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
SPIFF: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"


class Refusal(Exception):
    """A part of a model that this engine does not run."""

    def __init__(self, found: Finding) -> None:
        self.finding = found
        super().__init__(found.message)


def refusal(node: Node, code: str, **params: object) -> Refusal:
    """The refusal of ``node`` for the reason ``code``."""
    return Refusal(finding(node.id, code, **params))


def ours(element: Element, name: str) -> str | None:
    """One of the product's own attributes; None where it is missing or blank."""
    return attribute(element, OURS, name)


def attribute(element: Element, space: str, name: str) -> str | None:
    """An attribute in a namespace; None where it is missing or blank."""
    return (element.get(f"{{{space}}}{name}") or "").strip() or None


def words(element: Element, name: str) -> tuple[str, ...]:
    """One of the product's own attributes as a list of words."""
    return tuple((ours(element, name) or "").split())


def extension(element: Element, space: str, name: str) -> Element | None:
    """The first extension element of that namespace and name."""
    return next((each for each in extensions(element) if local(each) == name and namespace(each) == space), None)


def parameters(element: Element) -> dict[str, str]:
    """``sy:param`` children of the extension elements: name → FEEL."""
    found = (each for each in extensions(element) if local(each) == "param" and namespace(each) == OURS)
    return {each.get("name", ""): each.get("value", "") for each in found}


def documentation(element: Element) -> str:
    """The element's own documentation, not that of what stands inside it."""
    return text_of(part(element, "documentation"))


def text_in(element: Element | None, name: str) -> str | None:
    """The text of the child ``name``; None where it is missing or blank."""
    return None if element is None else text_of(part(element, name)) or None


def lanes(scope: Element) -> Iterator[tuple[str, str]]:
    """Ids of nodes and of the lane each stands in; inner lanes come after the lanes around them."""
    held = part(scope, "laneSet")
    waiting = [] if held is None else [held]
    while waiting:
        for lane in (each for each in waiting.pop(0) if local(each) == "lane"):
            for reference in (each for each in lane if local(each) == "flowNodeRef"):
                yield text_of(reference), lane.get("id", "")
            waiting += [each for each in lane if local(each) == "childLaneSet"]
