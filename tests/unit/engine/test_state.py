"""The state as bytes: small, complete, checked, and nobody else's."""

import zlib

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.engine import EngineIncident, Start, TaskNotOpen, Tick, task_data
from app.engine.codec import decode
from app.engine.runtime import READING
from tests.unit.engine.drawing import (
    boundary,
    call,
    chain,
    define,
    end,
    flow,
    message,
    par,
    process,
    service,
    several,
    start,
    sub,
    timer,
    user,
    xor,
)  # fmt: skip
from tests.unit.engine.playing import NOON, play

ROUND = (start("s1"), xor("again"), user("work"), service("count", "count"), xor("more", "no"), end("e1"),
         chain("s1", "again", "work", "count", "more"), flow("more", "again", "n < 100000"),
         flow("more", "e1", identifier="no"))  # fmt: skip
PLACES = {
    "process": define(*ROUND),
    "sub-process": define(start(), sub("s", *ROUND), end(), chain("start", "s", "end")),
    "called process": define(
        process("p", start(), call("c", "q"), end(), chain("start", "c", "end")), process("q", *ROUND), process_id="p"
    ),
    "multi-instance": define(
        start(), sub("s", *ROUND, several("items", "item")), end(), chain("start", "s", "end")
    ),
    "beside a waiting branch": define(
        start(), par("f"), user("waits"), sub("s", *ROUND), end(), chain("start", "f", "s", "end"),
        chain("f", "waits", "end"),
    ),
    "under a boundary event": define(
        start(), sub("s", *ROUND), boundary("b", "s", message()), user("u"), end(), chain("start", "s", "end"),
        chain("b", "u", "end"),
    ),
}  # fmt: skip


def tokens_of(case):
    return decode(case.outcome.blob, case.definition, NOON, READING).tokens


@pytest.mark.parametrize("place", PLACES)
def test_a_loop_leaves_no_history_behind_wherever_it_runs(place):
    case = play(PLACES[place], items=[1, 2], n=0)
    case.results["count"] = lambda call: {"n": call.data["n"] + 1}
    sizes, counts = [], []
    for _ in range(60):
        case.complete("work", form={"text": "x" * 200})
        sizes.append(len(case.outcome.blob))
        counts.append(len(tokens_of(case)))
    assert counts[1:] == [counts[1]] * 59
    assert max(sizes) - min(sizes[2:]) < 40
    assert max(sizes) < 1000


def test_fired_events_leave_no_history_behind():
    definition = define(
        start(), user("host"), boundary("b", "host", message(), interrupts=False), service("act"), end(), end("e2"),
        chain("start", "host", "end"), chain("b", "act", "e2"),
    )  # fmt: skip
    case = play(definition)
    counts = [len(tokens_of(case.send("go"))) for _ in range(30)]
    assert counts[2:] == [counts[2]] * 28


def test_an_ended_case_keeps_its_last_data_only():
    case = play(define(start(), user("a"), end(), chain("start", "a", "end"))).complete("a", x=1)
    assert (len(tokens_of(case)), case.data) == (1, {"x": 1})
    assert case.do(Tick()).data == {"x": 1}
    assert (case.ended, case.send("go").outcome.delivered) == (True, False)


def test_models_are_not_stored_with_the_state():
    case = play(define(start(), user("a", name="A very particular name"), end(), chain("start", "a", "end")))
    assert b"particular" not in zstandard.ZstdDecompressor().decompress(case.outcome.blob)


STATE = play(PLACES["under a boundary event"], n=0, items=[], text="t" * 50)


def test_the_state_is_a_pure_function_of_the_case():
    again = decode(STATE.outcome.blob, STATE.definition, NOON, READING)
    assert [token.id for token in again.tokens.values()] == list(tokens_of(STATE))


@pytest.mark.parametrize(
    "blob",
    [b"", b"nothing", zlib.compress(b"{}"), zstandard.compress(b""), zstandard.compress(b"[]"),
     zstandard.compress(b"{}"), zstandard.compress(b'{"v":2}'),
     zstandard.compress(b'{"v":1,"scopes":[],"tokens":[[1]],"last":null,"ended":false}'),
     zstandard.compress(b'{"v":1,"scopes":[],"tokens":[],"last":4,"ended":false}'),
     zstandard.compress(b'{"v":1,"scopes":[],"tokens":[["i",0,-1,8,"gone",0,0,0,0]],"last":null,"ended":false}'),
     STATE.outcome.blob[:-5], STATE.outcome.blob[:40] + b"!" + STATE.outcome.blob[41:]],
    ids=lambda _blob: "blob",
)  # fmt: skip
def test_a_corrupt_state_is_an_incident(blob):
    case = play(STATE.definition, n=0, items=[])
    case.outcome = STATE.outcome
    with pytest.raises(EngineIncident) as raised:
        case.resume(blob)
    assert raised.value.code == "corrupt_state"


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_a_state_or_an_incident(noise):
    with pytest.raises(EngineIncident):
        task_data(STATE.definition, noise, "x")


@given(st.integers(0, len(STATE.outcome.blob) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_noticed(position, flip):
    blob = bytearray(STATE.outcome.blob)
    blob[position] ^= flip
    try:
        found = task_data(STATE.definition, bytes(blob), STATE.task("work"))
    except EngineIncident:
        return
    # a byte of the frame's header that does not matter
    assert found == STATE.seen("work")


def test_the_state_of_another_model_is_an_incident():
    other = play(define(start(), user("other"), end(), chain("start", "other", "end")))
    with pytest.raises(EngineIncident) as raised:
        task_data(STATE.definition, other.outcome.blob, "x")
    assert raised.value.code == "corrupt_state"


def test_a_task_that_is_not_open_is_a_conflict():
    case = play(STATE.definition, n=0, items=[])
    done = case.task("work")
    case.results["count"] = {"n": 1}
    case.complete("work")
    for task in (done, "nobody", "", next(iter(tokens_of(case)))):
        with pytest.raises(TaskNotOpen) as raised:
            task_data(case.definition, case.outcome.blob, task)
        assert (raised.value.kind, raised.value.params) == ("conflict", {"task_id": task})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
DATA = st.dictionaries(st.text(max_size=6), JSON, max_size=4)
TWO = define(
    start(), user("a"), par("f"), sub("s", start("s1"), user("b"), end("e1"), chain("s1", "b", "e1")), user("c"),
    par("j"), user("d"), end(), chain("start", "a", "f", "s", "j"), chain("f", "c", "j"), chain("j", "d", "end"),
)  # fmt: skip


def strict(value):
    """JSON text: tells 1 from true and from 1.0."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@given(DATA, DATA, DATA)
def test_data_comes_through_the_state_unchanged(first, second, third):
    case = play(TWO, x=first).complete("a", y=second)
    assert strict(case.seen("b")) == strict({"x": first, "y": second})
    assert strict(case.seen("c")) == strict({"x": first, "y": second})
    case.complete("b", y=third).complete("c", z=third)
    assert strict(case.seen("d")["z"]) == strict(third)


def test_what_callers_hold_is_not_the_case_s_own():
    given_data = {"x": {"a": [1]}}
    case = play(TWO, **given_data)
    given_data["x"]["a"].append(2)
    case.seen("a")["x"]["a"].append(3)
    case.outcome.data["x"]["a"].append(4)
    assert case.complete("a").seen("b") == {"x": {"a": [1]}}


def test_a_timer_keeps_its_due_time_through_any_number_of_steps():
    definition = define(
        start(), user("host"), boundary("b", "host", timer("timeDuration", "P3D")), user("u"), end(),
        chain("start", "host", "end"), chain("b", "u", "end"),
    )  # fmt: skip
    case = play(definition)
    due = case.outcome.next_due_at
    for _ in range(5):
        case.advance(hours=1).send("nothing")
    assert (case.outcome.next_due_at, case.outcome.open_tasks[0].opened_at) == (due, NOON)


def test_a_case_begins_once():
    case = play(TWO)
    with pytest.raises(ValueError, match="begins"):
        case.do(Start())
    with pytest.raises(ValueError, match="begins"):
        case.resume(None)
