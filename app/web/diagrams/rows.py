"""The same steps from top to bottom: for phones, and for the side of a task's page."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.diagrams.chart import Node
from app.web.diagrams.history import Mark
from app.web.diagrams.overview import Steps

_LATER = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One step; ``lane`` the Chinese name of who does it; ``branches`` what goes on side by side after a fork."""

    name: str
    lane: str
    mark: Mark
    note: str
    is_fork: bool = False
    branches: tuple["Row", ...] = ()


def rows_of(steps: Steps, notes: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the steps in order; branches under their fork, joins and ends left out unless the case stands there."""
    lanes = {lane.id: lane.name for lane in steps.chart.lanes}
    branched = {target for fork in _forks(steps) for target in _after(fork.id, steps)}
    rows: list[Row] = []
    for node in sorted(steps.nodes, key=lambda node: steps.since.get(node.id, len(steps.since) + _LATER)):
        if node.id not in branched and _is_told(node, steps):
            branches = tuple(
                _row(other, steps, notes, lanes) for other in steps.nodes if other.id in _after(node.id, steps)
            )
            rows.append(_row(node, steps, notes, lanes, branches if node in _forks(steps) else ()))
    return tuple(rows)


def _is_told(node: Node, steps: Steps) -> bool:
    if node.kind == "parallelGateway":
        return node in _forks(steps)
    if node.kind == "endEvent":
        return steps.marks[node.id] is not Mark.AHEAD
    return node.kind != "startEvent"


def _forks(steps: Steps) -> list[Node]:
    return [node for node in steps.nodes if node.kind == "parallelGateway" and len(_after(node.id, steps)) > 1]


def _after(node: str, steps: Steps) -> set[str]:
    return {link.target for link in steps.links if link.source == node}


def _row(
    node: Node, steps: Steps, notes: Mapping[str, str], lanes: Mapping[str, str], branches: tuple[Row, ...] = ()
) -> Row:
    mark = steps.marks[node.id]
    return Row(node.name, lanes.get(node.lane or "", ""), mark, notes.get(node.id, ""), bool(branches), branches)
