"""The diagrams people read every day: on the grid, in their lanes, nothing over anything else."""

from itertools import combinations

import pytest

from tests.bpmn.drawing import PROCESSES, TASKS, Box, Drawing, Node, Segment, lines_needed, read_drawing

LABEL_SIZE = 11
"""Size in pixels in which modellers set labels beside a shape."""
TASK_SIZE = 12
ICON = 24
"""A task's name keeps clear of the corner in which modellers draw the mark of its kind."""


@pytest.fixture(params=PROCESSES)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return read_drawing(request.param)


def test_every_element_is_drawn_once(drawing: Drawing) -> None:
    drawn = [shape.get("bpmnElement") for shape in drawing.root.iter("{*}BPMNShape", "{*}BPMNEdge")]
    (participant,) = drawing.root.iter("{*}participant")
    expected = [participant.get("id"), *drawing.lanes, *drawing.nodes, *(line.id for line in drawing.lines)]
    assert sorted(drawn, key=str) == sorted(expected, key=str)


def test_coordinates_are_whole_numbers(drawing: Drawing) -> None:
    boxes = [drawing.pool, *drawing.lanes.values(), *(node.box for node in drawing.nodes.values())]
    numbers = [side for box in boxes for side in (box.left, box.top, box.width, box.height)]
    numbers += [value for line in drawing.lines for point in line.points for value in point]
    assert [value for value in numbers if value != int(value)] == []


def test_lanes_fill_the_pool_from_top_to_bottom(drawing: Drawing) -> None:
    lanes = sorted(drawing.lanes.values(), key=lambda lane: lane.top)
    assert {(lane.left, lane.right) for lane in lanes} == {(drawing.pool.left + 30, drawing.pool.right)}
    assert [lane.top for lane in lanes] == [drawing.pool.top, *(lane.bottom for lane in lanes[:-1])]
    assert lanes[-1].bottom == drawing.pool.bottom


def test_shapes_lie_inside_their_lane(drawing: Drawing) -> None:
    assert [node.id for node in drawing.solid if not drawing.lanes[node.lane].holds(node.box)] == []


def test_frames_lie_inside_the_pool_and_hold_what_is_theirs(drawing: Drawing) -> None:
    assert [frame.id for frame in drawing.frames if not drawing.pool.holds(frame.box)] == []
    boxes = {frame.id: frame.box for frame in drawing.frames}
    assert [node.id for node in drawing.solid if not all(boxes[frame].holds(node.box) for frame in node.frames)] == []
    assert [
        line.id for line in drawing.lines if not all(_within(boxes[frame], line.segments) for frame in line.frames)
    ] == []


def _within(box: Box, segments: tuple[Segment, ...]) -> bool:
    return all(box.left < x < box.right and box.top < y < box.bottom for ends in segments for x, y in ends)


def test_nothing_overlaps(drawing: Drawing) -> None:
    overlapping = [
        (one.id, other.id)
        for one, other in combinations(drawing.solid, 2)
        if one.box.overlaps(other.box) and one.id != other.host and other.id != one.host
    ]
    assert overlapping == []


def test_outside_stays_outside_the_frames(drawing: Drawing) -> None:
    strangers = [
        (frame.id, node.id)
        for frame in drawing.frames
        for node in drawing.solid
        if frame.id not in (*node.frames, node.host) and node.box.overlaps(frame.box)
    ]
    crossing = [
        (frame.id, line.id)
        for frame in drawing.frames
        for line in drawing.lines
        if frame.id not in line.frames and any(frame.box.is_crossed_by(segment) for segment in line.segments)
    ]
    assert (strangers, crossing) == ([], [])


def test_boundary_events_sit_on_the_border_of_their_host(drawing: Drawing) -> None:
    sitting = [node for node in drawing.nodes.values() if node.host]
    adrift = [node.id for node in sitting if not drawing.nodes[node.host or ""].box.has_on_border(node.box.centre)]
    assert adrift == []


def test_lines_are_orthogonal(drawing: Drawing) -> None:
    slanting = [line.id for line in drawing.lines for (x1, y1), (x2, y2) in line.segments if (x1 == x2) == (y1 == y2)]
    assert slanting == []


def test_lines_turn_at_every_point_between(drawing: Drawing) -> None:
    straight = [
        line.id
        for line in drawing.lines
        for (a, b), (_, c) in zip(line.segments, line.segments[1:], strict=False)
        if len({a[0], b[0], c[0]}) == 1 or len({a[1], b[1], c[1]}) == 1
    ]
    assert straight == []


def test_lines_run_from_border_to_border(drawing: Drawing) -> None:
    loose = [
        line.id
        for line in drawing.lines
        if not drawing.nodes[line.source].box.has_on_border(line.points[0])
        or not drawing.nodes[line.target].box.has_on_border(line.points[-1])
    ]
    assert loose == []


def test_no_line_runs_through_a_shape(drawing: Drawing) -> None:
    through = [
        (line.id, node.id)
        for line in drawing.lines
        for node in drawing.solid
        if any(node.box.is_crossed_by(segment) for segment in line.segments)
    ]
    assert through == []


def test_lines_run_on_one_another_only_from_or_to_the_same_shape(drawing: Drawing) -> None:
    merged = [
        (one.id, other.id)
        for one, other in combinations(drawing.lines, 2)
        if one.source != other.source
        and one.target != other.target
        and any(_share_a_stretch(a, b) for a in one.segments for b in other.segments)
    ]
    assert merged == []


def _share_a_stretch(one: Segment, other: Segment) -> bool:
    for along, across in ((0, 1), (1, 0)):
        if one[0][across] == one[1][across] == other[0][across] == other[1][across]:
            low = max(min(one[0][along], one[1][along]), min(other[0][along], other[1][along]))
            high = min(max(one[0][along], one[1][along]), max(other[0][along], other[1][along]))
            return low < high
    return False


def test_events_gateways_and_named_flows_have_a_place_for_their_label(drawing: Drawing) -> None:
    beside = [node for node in drawing.solid if node.kind not in TASKS]
    lacking = [each.id for each in (*beside, *drawing.lines) if each.name and each.label is None]
    assert lacking == []


def test_labels_have_room_for_their_text(drawing: Drawing) -> None:
    small = [key for key, name, box in drawing.labels() if box.height < 14 * lines_needed(name, LABEL_SIZE, box.width)]
    assert small == []


def test_names_of_tasks_fit_on_one_line(drawing: Drawing) -> None:
    tasks = [node for node in drawing.solid if node.kind in TASKS]
    long = [node.id for node in tasks if lines_needed(node.name, TASK_SIZE, node.box.width - ICON) > 1]
    assert long == []


def test_labels_are_clear_of_shapes(drawing: Drawing) -> None:
    covering = [(key, node.id) for key, _, box in drawing.labels() for node in drawing.solid if box.overlaps(node.box)]
    assert covering == []


def test_labels_are_clear_of_lines_and_borders(drawing: Drawing) -> None:
    frames = [(frame.id, side) for frame in drawing.frames for side in frame.box.sides]
    lanes = [(key, side) for key, lane in drawing.lanes.items() for side in lane.sides]
    lines = [(line.id, segment) for line in drawing.lines for segment in line.segments]
    everything = frames + lanes + lines
    struck = [(key, at) for key, _, box in drawing.labels() for at, line in everything if box.is_crossed_by(line)]
    assert struck == []


def test_labels_are_clear_of_one_another(drawing: Drawing) -> None:
    labels = list(drawing.labels())
    assert [(a[0], b[0]) for a, b in combinations(labels, 2) if a[2].overlaps(b[2])] == []


def test_labels_stand_beside_what_they_name(drawing: Drawing) -> None:
    far = [node.id for node in drawing.solid if node.label is not None and _distance(node, node.label) > 30]
    assert far == []


def _distance(node: Node, label: Box) -> float:
    sideways = max(node.box.left - label.right, label.left - node.box.right, 0)
    upwards = max(node.box.top - label.bottom, label.top - node.box.bottom, 0)
    return max(sideways, upwards)
