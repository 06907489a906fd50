"""Every model's test cases pass, and together they take every way."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from app.engine import TrailEntry, TrailState
from app.engine.casefile import run_case
from tests.bpmn.drawing import BPMN, NODES, PROCESSES, ROOT, model_path
from tests.bpmn.replay import CALENDAR, trail_of

CASES = sorted((ROOT / "bpmn").glob("*/tests/*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parents[1].name}/{case.stem}")
def test_case_passes(case: Path) -> None:
    result = run_case(case, calendar=CALENDAR)
    assert (result.failed_step, result.expected, result.actual) == (None, None, None)
    assert result.passed


@pytest.mark.parametrize("process", PROCESSES)
def test_the_cases_take_every_way(process: str) -> None:
    root = etree.parse(model_path(process)).getroot()
    flows = {
        each.get("id", ""): (each.get("sourceRef", ""), each.get("targetRef", ""))
        for each in root.iter(f"{BPMN}sequenceFlow")
    }
    nodes = {each.get("id", "") for each in root.iter(f"{BPMN}*") if etree.QName(each).localname in NODES}
    trails = [trail_of(case) for case in CASES if case.parents[1].name == process]
    done = {entry.element_id for trail in trails for entry in trail if entry.state is TrailState.COMPLETED}
    taken = {flow for trail in trails for flow in flows_taken(trail, flows)}
    assert (sorted(nodes - done), sorted(set(flows) - taken)) == ([], [])


def flows_taken(trail: Iterable[TrailEntry], flows: dict[str, tuple[str, str]]) -> set[str]:
    """The flows that explain a trail: a node is entered from the one of its sources that was finished last.

    A parallel join is entered from all of them.
    """
    taken: set[str] = set()
    finished: dict[str, int] = {}
    for place, entry in enumerate(trail):
        if entry.state is TrailState.COMPLETED:
            finished[entry.element_id] = place
        elif entry.state is TrailState.ENTERED:
            sources = {flow: source for flow, (source, target) in flows.items() if target == entry.element_id}
            ways = {flow: finished[source] for flow, source in sources.items() if source in finished}
            joins = entry.kind == "parallelGateway"
            taken |= {flow for flow, when in ways.items() if joins or when == max(ways.values())}
    return taken


def test_a_way_not_taken_is_noticed() -> None:
    flows = {"a_to_c": ("a", "c"), "b_to_c": ("b", "c")}
    trail = [_entry("a", TrailState.COMPLETED), _entry("c", TrailState.ENTERED)]
    assert flows_taken(trail, flows) == {"a_to_c"}


def _entry(element_id: str, state: TrailState) -> TrailEntry:
    return TrailEntry((), element_id, "userTask", state, element_id, datetime(2026, 9, 1, tzinfo=UTC))
