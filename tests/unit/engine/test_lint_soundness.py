"""Whatever passes comes to an end; whatever can hang or go round for ever does not pass."""

from datetime import UTC, datetime
from random import Random

import pytest

from app.engine.commands import Complete, Deliver, Start
from app.engine.definition import Source
from app.engine.errors import EngineIncident
from app.engine.lint import lint
from app.engine.loading import load_definition
from app.engine.ports import Runtime
from app.engine.runtime import step
from tests.factories.blocks import CONDITIONS, random_process
from tests.factories.sketch import sketch

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BEHAVIOUR = {"deadlock", "never_ends", "endless_loop"}


def codes(*texts, severity="error"):
    return {(each.element, each.code) for each in lint(sketch(*texts)) if each.severity == severity}


HANGS = {
    "a choice joined in parallel": (
        "start s\nxor g\nuser a\nuser b\nand j\nend e\ns -> g\ng -> a : x\ng -> b (default)\na -> j\nb -> j\nj -> e",
        {("j", "deadlock")},
    ),
    "a race joined in parallel": (
        (
            "start s\nfirst g\ncatch a message=m\ncatch b duration=P1D\nand j\nend e\ns -> g\n"
            "g -> a -> j\ng -> b -> j\nj -> e"
        ),
        {("j", "deadlock")},
    ),
    "a join that waits for itself": (
        "start s\nand j\nuser a\nxor g\nend e\ns -> j -> a -> g\ng -> j : x\ng -> e (default)",
        {("j", "deadlock")},
    ),
    "a join that waits for a reminder": (
        "start s\nuser a\nboundary t on=a duration=P1D aside\nand j\nend e\ns -> a -> j\nt -> j\nj -> e",
        {("j", "deadlock")},
    ),
    "a join that waits for what was interrupted": (
        "start s\nuser a\nboundary t on=a duration=P1D\nand j\nend e\ns -> a -> j\nt -> j\nj -> e",
        {("j", "deadlock")},
    ),
    "one branch leaves before the join": (
        (
            "start s\nand f\nuser a\nxor g\nuser b\nand j\nend e\nend out\ns -> f\nf -> a -> g\n"
            "g -> j : x\ng -> out (default)\n"
            "f -> b -> j\nj -> e"
        ),
        {("j", "deadlock")},
    ),
    "some of several joined in parallel": (
        "start s\nor g\nuser a\nuser b\nand j\nend e\ns -> g\ng -> a : x\ng -> b : y\na -> j\nb -> j\nj -> e",
        {("j", "deadlock")},
    ),
    "inside a sub-process": (
        (
            "start s\nsub u\nstart t\nxor g\nuser a\nuser b\nand j\nend f\nt -> g\ng -> a : x\n"
            "g -> b (default)\na -> j\nb -> j\n"
            "j -> f\n}\nend e\ns -> u -> e"
        ),
        {("j", "deadlock")},
    ),
    "two choices that need not agree": (
        (
            "start s\nuser u\nxor g\nand f\nuser a\nuser b\nand j\nxor m\nend e\nxor h\nuser c\ns -> u -> g\n"
            "g -> f : x\n"
            "g -> c (default)\nf -> a -> h\nh -> j : y\nh -> m (default)\nf -> b -> j\nj -> m\nc -> m\nm -> e"
        ),
        {("j", "deadlock")},
    ),
}


@pytest.mark.parametrize(("text", "expected"), HANGS.values(), ids=HANGS.keys())
def test_what_can_hang_is_refused(text, expected):
    assert codes(text) == expected


ENDLESS = {
    "a loop without anything": (
        "start s\nxor m\nxor g\nend e\ns -> m -> g\ng -> e : x\ng -> m (default)",
        "endless_loop",
    ),
    "a loop of automatic tasks": (
        "start s\nxor m\ntask a\nxor g\nend e\ns -> m -> a -> g\ng -> e : x = 1\ng -> m (default)",
        "endless_loop",
    ),
    "a loop of timers on what stays the same": (
        "start s\nxor m\ncatch t duration=P1D\nxor g\nend e\ns -> m -> t -> g\ng -> e : x = 1\ng -> m (default)",
        "endless_loop",
    ),
    "one way round a loop without a stop": (
        (
            "start s\nxor m\nxor d\nuser a\nxor n\nxor g\nend e\ns -> m -> d\nd -> a : y\nd -> n (default)\n"
            "a -> n -> g\n"
            "g -> e : x\ng -> m (default)"
        ),
        "endless_loop",
    ),
    "tokens that multiply without end": (
        "start s\nxor m\nand f\nuser a\nuser b\nend e\ns -> m -> f\nf -> a -> m\nf -> b -> e",
        "never_ends",
    ),
    "a choice that is no choice": (
        "start s\nxor m\nuser a\nxor g\nend e\ns -> m -> a -> g\ng -> m : true\ng -> e (default)",
        "never_ends",
    ),
    "a process that calls itself": ("start s\nuser a\ncall c calledElement=p\nend e\ns -> a -> c -> e", "endless_call"),
    "a process that calls itself at once if": (
        "start s\nxor g\ncall c calledElement=p\nend e\nend f\ns -> g\ng -> c : x\ng -> f (default)\nc -> e",
        "endless_call",
    ),
}


@pytest.mark.parametrize(("text", "code"), ENDLESS.values(), ids=ENDLESS.keys())
def test_what_never_ends_is_refused(text, code):
    assert {found for _, found in codes(text)} == {code}


def test_processes_that_call_each_other():
    one = "start s\ncall c calledElement=p2\nend e\ns -> c -> e"
    two = "start s2\ncall c2 calledElement=p\nend e2\ns2 -> c2 -> e2"
    assert codes(one, two) == {("c", "endless_call"), ("c2", "endless_call")}


def test_a_message_may_multiply_work_and_a_service_may_end_a_loop():
    fork = "start s\nand f\nuser a\nuser b\nxor m\nuser c\nend e\ns -> f\nf -> a -> m\nf -> b -> m\nm -> c -> e"
    assert codes(fork) == set()
    assert codes(fork, severity="warning") == {("c", "several_tokens")}
    retry = (
        "start s\nxor m\nservice a implementation=try\nxor g\nend e\ns -> m -> a -> g\ng -> e : ok\ng -> m (default)"
    )
    assert codes(retry) == set()
    assert codes(retry, severity="warning") == {("m", "restless_loop")}


AGREEING = (
    "start s\nuser u\nxor g\nand f\nuser a\nuser b\nand j\nxor m\nend e\nxor h\nuser c\ns -> u -> g\ng -> f : {0}\n"
    "g -> c (default)\nf -> a -> h\nh -> j : {1}\nh -> m (default)\nf -> b -> j\nj -> m\nc -> m\nm -> e"
)


@pytest.mark.parametrize(
    ("first", "second", "hangs"),
    [
        ('u.track = "school"', 'u.track = "school"', False),
        ('u.track = "school"', 'u.track != "university"', False),
        ("u.many", "u.many", False),
        ("u.points >= 60", "u.points >= 60", False),
        ("u.points < 60", "u.points >= 60", True),
        ("u.points > 60", "u.points <= 70", True),
        ("u.points <= 60", "not(u.points > 60)", True),
        ('u.track = "school"', 'a.track = "school"', True),
        ('a.track = "school"', 'a.track = "school"', True),
        ('track = "school"', 'track = "school"', True),
    ],
)
def test_two_choices_by_one_form_agree_until_the_form_is_filled_in_again(first, second, hangs):
    assert codes(AGREEING.format(first, second)) == ({("j", "deadlock")} if hangs else set())


def test_what_is_too_wide_to_play_is_said_to_be_unproven():
    branches = "\n".join(
        f"xor g{n}\nuser v{n}\nuser w{n}\nend e{n}\nend d{n}\nf -> g{n}\n"
        f"g{n} -> v{n} : a{n % 5} = {n}\ng{n} -> w{n} (default)\n"
        f"v{n} -> e{n}\nw{n} -> d{n}"
        for n in range(40)
    )
    found = codes(f"start s\nand f\ns -> f\n{branches}", severity="warning")
    assert found <= {("p", "too_many_states")}


def outcome(content, random):
    """How one run ends that decides everything by chance."""

    def data():
        return {f"x{number}": random.random() < 0.5 for number in range(CONDITIONS)}

    definition = load_definition([Source("p.bpmn", content)])
    runtime = Runtime(perform=lambda _: {}, calendar=None)
    try:
        now = step(definition, None, Start(data()), now=NOW, runtime=runtime)
    except EngineIncident as incident:
        return incident.code
    for _ in range(60):
        if now.ended:
            return "ended"
        chances = [Complete(task.id, data()) for task in now.open_tasks]
        chances += [Deliver(each.name, {}, data()) for each in now.subscriptions]
        if not chances:
            return "hangs"
        try:
            now = step(definition, now.blob, random.choice(chances), now=NOW, runtime=runtime)
        except EngineIncident as incident:
            return incident.code
    return "goes on"


def passes(content):
    return all(each.severity != "error" for each in lint(content))


@pytest.mark.parametrize("seed", range(0, 1500, 25))
def test_a_random_process_that_passes_never_hangs(seed):
    content = next(filter(passes, map(sketch, map(random_process, range(seed, seed + 25)))))
    random = Random(seed)  # noqa: S311 - nothing secret
    assert {outcome(content, random) for _ in range(5)} <= {"ended", "goes on"}


def test_most_processes_that_are_refused_can_be_seen_to_hang_or_to_go_on():
    refused = [content for content in map(sketch, map(random_process, range(200, 240))) if behaves_badly(content)]
    random = Random(1)  # noqa: S311 - nothing secret
    seen = [content for content in refused if any(outcome(content, random) != "ended" for _ in range(12))]
    assert len(seen) >= 0.8 * len(refused) > 0


def behaves_badly(content):
    errors = {each.code for each in lint(content) if each.severity == "error"}
    return bool(errors) and errors <= BEHAVIOUR
