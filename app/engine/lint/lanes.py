"""Lanes: each node in exactly one of the innermost; and the roles that may start a case."""

from collections.abc import Iterator

from app.domain.roles import RoleKey
from app.engine.findings import Finding, finding
from app.engine.lint.graph import BPMN, Model, Scope, parts
from app.engine.lint.options import Surroundings
from app.engine.parsing.notation import words
from app.engine.xml import Element, nearest_id


def check_starters(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Whoever may start a case by a call is named by a role."""
    for process in model.processes:
        for word in words(process.element, "starters"):
            if word not in set(RoleKey):
                yield finding(process.id, "starter_unknown", role=word)


def check_lanes(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Every node of a process with lanes lies in one innermost lane, and lanes hold only nodes that exist."""
    for process in model.processes:
        lanes = [lane for holder in parts(process.element, "laneSet") for lane in _innermost(holder)]
        for lane in _every(process.element):
            for reference in _references(lane):
                if reference not in model.ids:
                    yield finding(nearest_id(lane), "dangling_lane_node", id=reference)
        yield from _membership(process, lanes)


def _membership(process: Scope, lanes: list[Element]) -> Iterator[Finding]:
    homes: dict[str, list[str]] = {}
    for lane in lanes:
        for reference in dict.fromkeys(_references(lane)):
            homes.setdefault(reference, []).append(lane.get("id", ""))
    for reference, holders in homes.items():
        if len(holders) > 1:
            yield finding(reference, "node_in_two_lanes", lanes="、".join(holders))
    for node in process.nodes.values() if lanes else ():
        if node.id not in homes and (node.host is None or node.host.id not in homes):
            yield finding(node.id, "node_without_lane")


def _every(process: Element) -> Iterator[Element]:
    return process.iter(f"{{{BPMN}}}lane")


def _innermost(holder: Element) -> Iterator[Element]:
    for lane in parts(holder, "lane"):
        nested = next(parts(lane, "childLaneSet"), None)
        if nested is not None and next(parts(nested, "lane"), None) is not None:
            yield from _innermost(nested)
        else:
            yield lane


def _references(lane: Element) -> list[str]:
    return [(each.text or "").strip() for each in parts(lane, "flowNodeRef")]
