"""Diagrams: what has happened, which way is still expected, where everything is drawn."""

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from app.web.diagrams.chart import Chart, read_chart
from app.web.diagrams.history import Mark, Visits, marks_of, visits_of
from app.web.diagrams.overview import draw_overview, steps_of
from app.web.diagrams.picture import letters, line_of, wrapped
from app.web.diagrams.plan import draw_plan
from app.web.diagrams.rows import Row, rows_of
from app.web.diagrams.way import Way, is_step

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
PROCESSES = ["application", "cycle", "objection", "unit_list"]

TO_REVIEW = [
    "application_started", "fill_in", "preparation_started", "lock_submission", "fork_attest", "attest_superior",
    "declare_school", "declare_discipline", "join_attest", "route_case", "gw_route", "set_reviewer", "assess",
    "gw_countersign", "initial_review", "gw_initial",
]  # fmt: skip
RETURNED = ["count_return", "correct", "assess", "gw_countersign", "initial_review", "gw_initial"]
TO_PANEL = [
    "enter_list", "publicity_opened", "preparation_done", "list_outcome", "gw_list", "selection_started", "gw_wall",
    "format_check", "gw_format", "enter_panel", "panel_assigned",
]  # fmt: skip


class Happened(NamedTuple):
    element_id: str
    state: str


def chart(process: str) -> Chart:
    found = read_chart((BPMN / process / f"{process}.bpmn").read_bytes(), process)
    assert found is not None
    return found


def trail(done: Iterable[str], here: Iterable[str] = ()) -> list[Happened]:
    passed = [Happened(node, state) for node in done for state in ("entered", "completed")]
    return passed + [Happened(node, "entered") for node in here]


def marks(happened: list[Happened], *, has_ended: bool = False) -> dict[str, Mark]:
    return dict(steps_of(chart("application"), visits_of(happened), has_ended=has_ended).marks)


def test_a_file_without_the_process_has_no_chart():
    assert read_chart((BPMN / "cycle" / "cycle.bpmn").read_bytes(), "application") is None


def test_visits_count_what_was_entered_and_left():
    happened = [*trail(["a", "b"]), Happened("a", "entered"), Happened("b", "entered"), Happened("b", "cancelled")]
    visits = visits_of(happened)
    assert visits["a"] == Visits(entered=[0, 4], completed=[1])
    assert visits["b"] == Visits(entered=[2, 5], completed=[3], cancelled=1)
    assert (visits["a"].is_here, visits["b"].is_here) == (True, False)


def test_a_cancelled_node_that_never_finished_is_not_marked():
    visits = visits_of([Happened("a", "entered"), Happened("a", "cancelled")])
    assert marks_of(visits, {}) == {}


def test_the_expected_way_of_an_application_is_the_one_to_announcement():
    way = Way(chart("application"))
    expected = [node for node in way.expected(["application_started"]) if is_step(way.chart.nodes[node])]
    assert expected == [
        "fill_in", "attest_superior", "declare_school", "declare_discipline", "initial_review", "publicity_opened",
        "list_outcome", "format_check", "panel_assigned", "material_review", "defense", "panel_result",
        "final_decision", "announced",
    ]  # fmt: skip


def test_the_way_is_expected_from_where_the_case_stands():
    found = marks(trail([*TO_REVIEW, *TO_PANEL], here=["material_review"]))
    assert found["material_review"] is Mark.HERE
    assert [node for node, mark in found.items() if mark is Mark.AHEAD] == [
        "defense", "panel_result", "final_decision", "announced", "ended_announced",
    ]  # fmt: skip
    assert "correct" not in found
    assert "decide_route" not in found


def test_a_return_is_shown_as_one():
    found = marks(trail([*TO_REVIEW, *RETURNED, *TO_PANEL], here=["material_review"]))
    assert found["correct"] is Mark.RETURNED
    assert found["initial_review"] is Mark.DONE


def test_a_correction_still_going_on_is_not_a_return_yet():
    found = marks(trail([*TO_REVIEW, "count_return"], here=["correct"]))
    assert found["correct"] is Mark.HERE
    assert found["initial_review"] is Mark.DONE


def test_nothing_is_ahead_of_a_case_that_has_ended():
    happened = trail([*TO_REVIEW, "record_rejection", "review_lapsed", "rejected", "on_rejected", "ended_rejected"])
    found = marks(happened, has_ended=True)
    assert Mark.AHEAD not in found.values()
    assert Mark.HERE not in found.values()
    assert found["ended_rejected"] is Mark.DONE
    assert found["on_rejected"] is Mark.DONE


def test_a_boundary_event_shows_when_it_led_somewhere():
    happened = trail([*TO_REVIEW, *TO_PANEL, "new_fact"], here=["material_review", "reexamine_record"])
    steps = steps_of(chart("application"), visits_of(happened), has_ended=False)
    assert ("new_fact", "reexamine_record") in {(link.source, link.target) for link in steps.links}


@pytest.mark.parametrize("process", PROCESSES)
def test_an_overview_lies_in_its_lanes_and_nothing_overlaps(process):
    happened = {"application": trail([*TO_REVIEW, *RETURNED, *TO_PANEL], here=["material_review"])}
    steps = steps_of(chart(process), visits_of(happened.get(process, [])), has_ended=False)
    picture = draw_overview(steps, {}, "")
    for shape in picture.shapes:
        assert picture.heading < shape.box.x
        assert shape.box.right < picture.width
        assert any(band.y < shape.box.y and shape.box.bottom < band.y + band.height for band in picture.bands)
    for one, other in combinations(picture.shapes, 2):
        apart = one.box.right < other.box.x or other.box.right < one.box.x
        assert apart or one.box.bottom < other.box.y or other.box.bottom < one.box.y


@pytest.mark.parametrize("process", PROCESSES)
def test_a_plan_draws_every_node_and_flow_of_the_file(process):
    drawn = chart(process)
    picture = draw_plan(drawn, visits_of([]), "")
    assert picture is not None
    assert {shape.id for shape in picture.shapes} == set(drawn.nodes)
    assert len(picture.lines) == len(drawn.flows)
    assert all(shape.box.right <= picture.width and shape.box.bottom <= picture.height for shape in picture.shapes)


def test_a_model_without_diagram_has_no_plan():
    bare = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">
      <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process>
      </definitions>"""
    found = read_chart(bare, "p")
    assert found is not None
    assert draw_plan(found, visits_of([]), "") is None


def test_rows_tell_what_happened_in_order_and_branches_under_their_fork():
    happened = trail([*TO_REVIEW, *RETURNED], here=["publicity_opened"])
    rows = rows_of(steps_of(chart("application"), visits_of(happened), has_ended=False), {"fill_in": "8 日"})
    assert rows[0] == Row("填写申报书", "主持人（申报人）", Mark.DONE, "8 日")
    assert [branch.name for branch in rows[1].branches] == ["上级党组织证明", "学校党组织声明", "纪检机构声明"]
    assert [(row.name, row.mark) for row in rows[2:5]] == [
        ("初评", Mark.DONE), ("修改申报材料", Mark.RETURNED), ("名单公示", Mark.HERE),
    ]  # fmt: skip


def test_names_break_where_they_read_well():
    assert wrapped("初评", 5.6) == ("初评",)
    assert wrapped("主持人（申报人）", 6) == ("主持人", "（申报人）")
    assert wrapped("Superior Party organisation", 6) == ("Superior Party", "organisation")
    assert wrapped("学校党组织声明", 5.6) == ("学校党组", "织声明")
    assert all(letters(line) <= 6 for line in wrapped("一个非常非常长的步骤名称没有尽头", 6))


def test_an_arrow_points_where_its_line_ends():
    assert line_of([(0, 0), (10, 0)], Mark.DONE).head == "M3 -4L10 0L3 4"
    assert line_of([(0, 9), (0, 0)], Mark.DONE).head == "M-4 7L0 0L4 7"
