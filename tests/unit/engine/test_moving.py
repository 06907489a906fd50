"""Running cases in a newer release: what stays, what is refused, and that a refusal touches nothing."""

from itertools import count

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.engine import Complete, Deliver, Source, load_definition
from app.engine.moving import CannotMove, Crossing, Release
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    chain,
    end,
    file,
    flow,
    message,
    par,
    process,
    race,
    several,
    start,
    sub,
    tag,
    timer,
    user,
    xor,
)  # fmt: skip
from tests.unit.engine.playing import WeekdayCalendar, play

TEN_DAYS = timer("timeDuration", "P10D")
TWENTY_DAYS = timer("timeDuration", "P20D")


def release(*content):
    drawn = content if content[0].startswith("<bpmn:process") else (process("p", *content),)
    sources = (Source("drawn.bpmn", file(*drawn)),)
    return Release(load_definition(sources, "p"), sources)


def line(*steps, lane=""):
    """A process of steps one after another; ``steps``: elements as (id, text) or ids of user tasks."""
    named = [step if isinstance(step, tuple) else (step, user(step)) for step in steps]
    ids = ["start", *(each for each, _ in named), "end"]
    return release(lane, start(), *(text for _, text in named), end(), chain(*ids))


def begun(before, *done, **data):
    case = play(before.definition, **data)
    for element in done:
        case.complete(element)
    return case


def moved(case, before, after, renamed=None):
    """The case goes on in the new model; the play is the same one."""
    crossing = Crossing(before, after, renamed or {})
    case.outcome = crossing.carry(case.outcome.blob, now=case.now, calendar=WeekdayCalendar())
    case.definition = after.definition
    case.trail += [(entry.element_id, str(entry.state)) for entry in case.outcome.trail]
    return case


def codes(case, before, after, renamed=None):
    """Why the case cannot go; a plan and a refused move leave the state as it was."""
    crossing, blob = Crossing(before, after, renamed or {}), bytes(case.outcome.blob)
    plan = crossing.plan(case.outcome.blob)
    if plan.obstacles:
        with pytest.raises(CannotMove) as refused:
            crossing.carry(case.outcome.blob, now=case.now, calendar=WeekdayCalendar())
        assert refused.value.obstacles == plan.obstacles
    assert case.outcome.blob == blob
    return [each.code for each in plan.obstacles]


def state_of(blob):
    """A state with its tokens' ids in the order in which they came."""
    text = zstandard.decompress(blob).decode()
    for place, row in enumerate(orjson.loads(text)["tokens"]):
        text = text.replace(row[0], f"token {place}")
    return orjson.loads(text)


# ---- what stays


def test_live_tasks_stay_and_the_future_is_the_new_one():
    before, after = line("a", "b", "c"), line("a", "b", "x", "c")
    case = begun(before, "a")
    open_tasks = case.outcome.open_tasks
    moved(case, before, after)
    assert case.outcome.open_tasks == open_tasks
    assert case.outcome.trail == ()
    assert case.complete("b").open == ["x"]
    assert case.complete("x").complete("c").ended


def test_a_step_passed_already_may_be_gone_or_come_before():
    case = begun(line("a", "b"), "a")
    assert moved(case, line("a", "b"), line("x", "b", "c")).complete("b").open == ["c"]


def test_a_renamed_task_keeps_its_token():
    before, after = line("a", "b"), line("a", "b2")
    case = begun(before, "a")
    task = case.task("b")
    assert codes(case, before, after) == ["move_gone"]
    assert moved(case, before, after, {"b": "b2"}).task("b2") == task
    assert case.complete("b2").ended


def test_what_was_said_at_a_renamed_task_is_known_by_its_new_name():
    before, after = line("a", "b"), line("x", "b", "c")
    case = play(before.definition).complete("a", a={"said": "yes"}, other=1)
    moved(case, before, after, {"a": "x"})
    assert case.seen("b") == {"a": {"said": "yes"}, "x": {"said": "yes"}, "other": 1}


def test_started_timers_keep_their_due_time():
    before = line("a", ("wait", catch("wait", TEN_DAYS)), "b")
    after = line("a", ("wait", catch("wait", TWENTY_DAYS)), "b")
    case = begun(before, "a")
    due = case.outcome.next_due_at
    assert [each.code for each in Crossing(before, after, {}).plan(case.outcome.blob).notes] == ["move_due_kept"]
    assert moved(case.advance(days=3), before, after).outcome.next_due_at == due


def reminded(event=None, name="late"):
    attached = (boundary(name, "a", event, interrupts=False), end("e2"), chain(name, "e2")) if event else ()
    return release(start(), user("a"), *attached, end(), chain("start", "a", "end"))


def test_an_added_event_waits_from_the_move_on():
    before, after = reminded(), reminded(TEN_DAYS)
    case = begun(before).advance(days=3)
    assert [each.code for each in Crossing(before, after, {}).plan(case.outcome.blob).notes] == ["move_event_added"]
    moved(case, before, after)
    assert (case.outcome.next_due_at - case.now).days == 10
    assert case.advance(days=10).open == ["a"]
    assert ("late", "completed") in case.trail
    assert case.complete("a").ended


def test_a_removed_event_is_waited_for_no_more():
    before, after = reminded(TEN_DAYS), reminded()
    case = begun(before)
    assert [each.code for each in Crossing(before, after, {}).plan(case.outcome.blob).notes] == ["move_event_removed"]
    assert moved(case, before, after).outcome.next_due_at is None
    assert case.complete("a").ended


def test_one_event_in_the_place_of_another():
    before, after = reminded(TEN_DAYS), reminded(TWENTY_DAYS, "later")
    case = moved(begun(before), before, after)
    assert (case.outcome.next_due_at - case.now).days == 20
    assert case.complete("a").ended


def test_an_event_that_has_happened_is_not_attached_again():
    before = reminded(TEN_DAYS)
    case = begun(before).advance(days=11)
    assert moved(case, before, reminded(TEN_DAYS)).outcome.next_due_at is None


@pytest.mark.parametrize("sequential", [False, True])
def test_instances_done_stay_done(sequential):
    each = user("each", several("people", "one", "told", "said", sequential=sequential))
    before, after = line(("each", each), "z"), line(("each", each), "x", "z")
    case = begun(before, people=["a", "b", "c"]).complete("each", said="yes")
    moved(case, before, after)
    while case.open[0] == "each":
        case.complete("each", said="no")
    assert (case.open, case.seen("x")["told"]) == (["x"], ["yes", "no", "no"])


def test_inside_a_sub_process_and_a_called_one():
    def drawn(*more):
        inner = (start("s1"), user("u"), *(user(each) for each in more), end("e1"), chain("s1", "u", *more, "e1"))
        called = (start(), user("v"), *(user(each) for each in more), end(), chain("start", "v", *more, "end"))
        return release(
            process("p", start(), par("f"), sub("s", *inner), call("c", "q"), par("j"), end(),
                    chain("start", "f", "s", "j", "end"), chain("f", "c", "j")),
            process("q", *called),
        )  # fmt: skip

    before, after = drawn(), drawn("w")
    case = moved(begun(before), before, after)
    assert case.complete("u").complete("v").open == ["w", "w"]
    assert case.complete("w").complete("w").ended


def test_a_join_keeps_who_has_come():
    def drawn(*more):
        return release(
            start(), par("f"), user("a"), user("b"), par("j"), *(user(each) for each in more), end(),
            chain("start", "f"), flow("f", "a"), flow("f", "b"), flow("a", "j", identifier="one"),
            flow("b", "j", identifier="two"), chain("j", *more, "end"),
        )  # fmt: skip

    before, after = drawn(), drawn("x")
    case = moved(begun(before, "a"), before, after)
    assert case.complete("b").open == ["x"]


def test_what_waits_for_a_message_still_gets_it():
    before = line(("wait", catch("wait", message())), "a")
    after = line(("wait", catch("wait", message())), "x", "a")
    case = begun(before)
    waiting = case.outcome.subscriptions
    assert moved(case, before, after).outcome.subscriptions == waiting
    assert case.send("go").open == ["x"]


# ---- what is refused


def lanes(**lane):
    sets = [tag("lane", {"id": key}, tag("flowNodeRef", {}, each)) for each, key in lane.items()]
    return tag("laneSet", {"id": "lanes"}, "".join(sets))


def branches(*names):
    return release(start(), par("f"), *(user(each) for each in names), par("j"), end(), chain("start", "f"),
                   *(flow("f", each) + flow(each, "j", identifier=f"to_{each}") for each in names),
                   chain("j", "end"))  # fmt: skip


def racing(*events):
    return release(start(), race("r"), *(catch(name, event) for name, event in events), end(), chain("start", "r"),
                   *(chain("r", name, "end") for name, _ in events))  # fmt: skip


ONCE, EACH = user("a"), user("a", several("people", "one"))
OTHER = user("a", several("others", "one"))
REFUSED = {
    "kind": (line(("a", ONCE)), line(("a", tag("manualTask", {"id": "a"}))), ["move_kind"]),
    "several instead of one": (line(("a", ONCE)), line(("a", EACH)), ["move_kind"]),
    "one instead of several": (line(("a", EACH)), line(("a", ONCE)), ["move_kind"]),
    "another collection": (line(("a", EACH)), line(("a", OTHER)), ["move_repetition"]),
    "another lane": (line("a", lane=lanes(a="host")), line("a", lane=lanes(a="unit_admin")), ["move_lane"]),
    "four eyes": (line("z", "a"), line("z", ("a", user("a", sy__exclude="z"))), ["move_four_eyes"]),
    "another process called": (
        release(process("p", start(), call("a", "q"), end(), chain("start", "a", "end")),
                process("q", start(), user("u"), end(), chain("start", "u", "end")),
                process("r", start(), user("u"), end(), chain("start", "u", "end"))),
        release(process("p", start(), call("a", "r"), end(), chain("start", "a", "end")),
                process("q", start(), user("u"), end(), chain("start", "u", "end")),
                process("r", start(), user("u"), end(), chain("start", "u", "end"))),
        ["move_inside"],
    ),
    "into a sub-process": (
        line("a"), line(("s", sub("s", start("s1"), user("a"), end("e1"), chain("s1", "a", "e1")))), ["move_elsewhere"]
    ),
    "another kind of event": (
        line(("a", catch("a", message()))), line(("a", catch("a", TEN_DAYS))), ["move_event"]
    ),
    "another message": (
        line(("a", catch("a", message()))), line(("a", catch("a", message("m_stop")))), ["move_message"]
    ),
    "another race": (
        racing(("a", message()), ("b", TEN_DAYS)),
        racing(("a", message()), ("b", TEN_DAYS), ("c", message("m_stop"))),
        ["move_race", "move_race"],
    ),
    "one branch more": (branches("a", "b"), branches("a", "b", "c"), ["move_ahead"]),
    "one after another": (branches("a", "b"), line("a", "b"), ["move_ahead"]),
    "a branch less": (branches("a", "b"), branches("a", "c"), ["move_gone"]),
}  # fmt: skip


@pytest.mark.parametrize("change", REFUSED)
def test_what_is_unsafe_is_refused_and_nothing_touched(change):
    before, after, expected = REFUSED[change]
    case = play(before.definition, people=["x", "y"], others=["z"])
    if "z" in case.open:
        case.complete("z")
    assert list(dict.fromkeys(codes(case, before, after))) == list(dict.fromkeys(expected))


def test_a_way_into_a_join_that_is_gone():
    before = branches("a", "b")
    after = release(start(), par("f"), user("a"), user("b"), par("j"), end(), chain("start", "f"),
                    flow("f", "a"), flow("a", "j", identifier="other"), flow("f", "b"),
                    flow("b", "j", identifier="to_b"), chain("j", "end"))  # fmt: skip
    assert codes(begun(before, "a"), before, after) == ["move_way_gone"]


@pytest.mark.parametrize("renamed", [{"a": "b"}, {"a": "nowhere"}, {"a": "x", "b": "x"}])
def test_a_mapping_is_one_to_one_onto_what_is_new(renamed):
    before, after = line("a", "b"), line("x", "b")
    assert "move_onto" in codes(begun(before), before, after, renamed)


def test_a_branch_added_ahead_of_the_split_is_no_obstacle():
    def drawn(*names):
        return release(start(), user("u"), par("f"), *(user(each) for each in names), par("j"), end(),
                       chain("start", "u", "f"), *(chain("f", each, "j") for each in names),
                       chain("j", "end"))  # fmt: skip

    before, after = drawn("a", "b"), drawn("a", "b", "c")
    assert moved(begun(before), before, after).complete("u").open == ["a", "b", "c"]


def test_a_way_back_to_before_the_split_is_no_way_out_of_it():
    def drawn(*names):
        return release(start(), xor("again"), par("f"), *(user(each) for each in names), par("j"), user("check"),
                       xor("ok", "on"), end(), chain("start", "again", "f"),
                       *(chain("f", each, "j") for each in names), chain("j", "check", "ok"),
                       flow("ok", "again", "back"), flow("ok", "end", identifier="on"))  # fmt: skip

    before, after = drawn("a", "b"), drawn("a", "b", "c")
    case = begun(before)
    assert codes(case, before, after) == ["move_ahead"]
    case.complete("a").complete("b")
    assert moved(case, before, after).complete("check", back=True).open == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "code"), [("2020-01-01", "move_at_once"), ("nobody.knows", "move_no_rest"), ("P5D", None)]
)
def test_moving_does_nothing_by_itself(text, code):
    before, after = reminded(), reminded(timer("timeDate" if text[0] == "2" else "timeDuration", text))
    case = begun(before)
    blob = bytes(case.outcome.blob)
    if code is None:
        assert moved(case, before, after).open == ["a"]
        return
    with pytest.raises(CannotMove) as refused:
        moved(case, before, after)
    assert ([each.code for each in refused.value.obstacles], case.outcome.blob) == ([code], blob)


# ---- the same history makes the same state


def part_of(kind, number):
    """An element of the kind around user tasks, and those tasks."""
    first, second = f"u{number}a", f"u{number}b"
    name = f"n{number}"
    if kind == "task":
        return name, user(name)
    if kind == "several":
        return name, user(name, several("people", "one", f"told{number}", "said"))
    if kind == "reminded":
        return name, user(name) + boundary(f"{name}late", name, TEN_DAYS) + chain(f"{name}late", "end")
    inner = (
        start(f"{name}s"), par(f"{name}f"), user(first), user(second), par(f"{name}j"), end(f"{name}e"),
        chain(f"{name}s", f"{name}f"), flow(f"{name}f", first), flow(f"{name}f", second),
        flow(first, f"{name}j", identifier=f"{name}one"), flow(second, f"{name}j", identifier=f"{name}two"),
        chain(f"{name}j", f"{name}e"),
    )  # fmt: skip
    return name, sub(name, *inner)


@given(
    st.lists(st.sampled_from(["task", "several", "reminded", "sub"]), min_size=1, max_size=4),
    st.lists(st.integers(0, 5), max_size=12),
    st.data(),
)
def test_the_same_history_makes_the_same_state(kinds, choices, data):
    steps = [part_of(kind, number) for number, kind in enumerate(kinds)]
    new = [(f"new{number}", user(f"new{number}")) for number in range(len(kinds))]
    added = data.draw(st.integers(0, len(kinds)))
    before, after = line(*steps), line(*steps[:added], *new, *steps[added:])
    one, other = (play(each.definition, people=["x", "y"]) for each in (before, after))
    for choice, turn in zip(choices, count(), strict=False):
        if one.open != other.open or one.ended:
            break
        assert state_of(moved(one, before, before).outcome.blob) == state_of(one.outcome.blob)
        copy = play(before.definition, people=["x", "y"])
        copy.outcome, copy.now = one.outcome, one.now
        assert state_of(moved(copy, before, after).outcome.blob) == state_of(other.outcome.blob)
        for case in (one, other):
            tasks = case.outcome.open_tasks
            case.advance(hours=1).do(Complete(tasks[choice % len(tasks)].id, {"said": turn, f"v{turn}": choice}))


def test_moving_to_the_same_model_changes_no_byte():
    before = reminded(TEN_DAYS)
    case = begun(before)
    blob = case.outcome.blob
    assert moved(case, before, before).outcome.blob == blob
    assert case.do(Deliver("(nothing)", {})).open == ["a"]
