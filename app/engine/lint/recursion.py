"""Processes that call one another without end."""

from collections.abc import Callable, Iterator

from app.engine.findings import Finding, finding
from app.engine.lint.graph import Model, Node, Scope
from app.engine.lint.options import Surroundings
from app.engine.lint.structure import spread
from app.engine.lint.waiting import may_change_data, never_waits


def check_recursion(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Processes of this file that cannot end without a call of themselves ending first."""
    processes = {process.id: process for process in model.processes}
    endless = set(processes)
    while ending := {key for key in endless if _can_end(processes[key], endless)}:
        endless -= ending
    for key in sorted(endless):
        for node in _calls(processes[key]):
            if called(node) in endless:
                yield finding(node.id, "endless_call", id=called(node))
    for key, process in processes.items():
        if key not in endless:
            yield from _circles(process, processes)


def called(node: Node) -> str:
    """The id of the process that a call activity calls."""
    return node.element.get("calledElement", "")


def _circles(process: Scope, processes: dict[str, Scope]) -> Iterator[Finding]:
    """Calls that come back to the process with the same data, or at least in the same step."""
    for belongs, code in ((_keeps_data, "endless_call"), (never_waits, "restless_call")):
        for node in _reached_calls(process, belongs):
            if process.id in _spread_calls(called(node), processes, belongs):
                yield finding(node.id, code, id=called(node))
                return


def _keeps_data(node: Node) -> bool:
    return not may_change_data(node) and node.kind != "eventBasedGateway"


def _spread_calls(first: str, processes: dict[str, Scope], belongs: Callable[[Node], bool]) -> set[str]:
    """The process ``first`` and all that are called in turn on ways through nodes that ``belongs`` accepts."""
    seen = {first} & set(processes)
    todo = list(seen)
    while todo:
        for node in _reached_calls(processes[todo.pop()], belongs):
            if called(node) in processes and called(node) not in seen:
                seen.add(called(node))
                todo.append(called(node))
    return seen


def _reached_calls(scope: Scope, belongs: Callable[[Node], bool]) -> Iterator[Node]:
    for node in spread(scope.starts, lambda node: node.after() if belongs(node) else ()):
        if node.kind == "callActivity":
            yield node
        elif node.inner is not None:
            yield from _reached_calls(node.inner, belongs)


def _calls(scope: Scope) -> Iterator[Node]:
    for inner in scope.walk():
        yield from (node for node in inner.nodes.values() if node.kind == "callActivity")


def _can_end(scope: Scope, endless: set[str]) -> bool:
    """Whether a way leads from the start to an end past activities that can end."""
    reached = spread(scope.starts, lambda node: _past(node, endless))
    return any(node.kind == "endEvent" for node in reached) or not scope.starts


def _past(node: Node, endless: set[str]) -> Iterator[Node]:
    blocked = called(node) in endless if node.kind == "callActivity" else False
    if node.inner is not None and not _can_end(node.inner, endless):
        blocked = True
    if not blocked:
        yield from (flow.target for flow in node.outgoing)
    yield from node.boundaries
