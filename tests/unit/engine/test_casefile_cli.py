"""``shuangyou model``: lines of JSON, text for people, exit codes."""

import json

import pytest
from click.testing import CliRunner

from app.cli.models import model
from tests.factories.sketch import sketch
from tests.factories.tables import decision, dmn, table

pytestmark = pytest.mark.usefixtures("files")

PLAIN = "start s\nuser a\nend e\ns -> a -> e"
ASKS = "start s\nrule r implementation={}\nend e\ns -> r -> e"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.bpmn").write_bytes(sketch(PLAIN))
    (tmp_path / "unwise.bpmn").write_bytes(sketch(PLAIN, drawn=False))
    (tmp_path / "bad.bpmn").write_bytes(sketch("start s\nuser a\nend e\ns -> e"))
    (tmp_path / "broken.bpmn").write_text("<a>")
    (tmp_path / "asks.bpmn").write_bytes(sketch(ASKS.format("route")))
    (tmp_path / "asks_other.bpmn").write_bytes(sketch(ASKS.format("other")))
    (tmp_path / "route.dmn").write_bytes(dmn(decision(table(("-", "1")), "route")))
    case = {"name": "passes", "model": "good.bpmn", "steps": [{"expect_open": ["a"]}]}
    (tmp_path / "passes.json").write_text(json.dumps(case))
    (tmp_path / "fails.json").write_text(json.dumps(case | {"name": "fails", "steps": [{"expect_open": []}]}))
    (tmp_path / "refused.json").write_text(json.dumps(case | {"name": "refused", "model": "bad.bpmn"}))
    (tmp_path / "unreadable.json").write_text(json.dumps(case | {"steps": [{"jump": 1}]}))
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(model, arguments)
    return result.exit_code, result.stdout, result.stderr


def lines(stdout):
    return [json.loads(line) for line in stdout.splitlines()]


def test_lint_prints_one_line_a_file_in_order():
    code, stdout, stderr = run("lint", "bad.bpmn", "good.bpmn", "unwise.bpmn", "--json")
    bad, good, unwise = lines(stdout)
    assert (code, stderr) == (1, "")
    assert good == {"file": "good.bpmn", "findings": []}
    assert [set(each) for each in bad["findings"]] == [{"severity", "element", "code", "message", "instead"}] * 2
    assert [(each["severity"], each["element"], each["code"]) for each in bad["findings"]] == [
        ("error", "a", "dead_end"),
        ("error", "a", "unreachable"),
    ]
    assert [each["severity"] for each in unwise["findings"]] == ["warning"]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.bpmn"], 0),
        (["unwise.bpmn"], 0),
        (["route.dmn"], 0),
        (["bad.bpmn"], 1),
        (["broken.bpmn"], 2),
        (["missing.bpmn"], 2),
        (["missing.bpmn", "bad.bpmn"], 2),
        (["."], 2),
        ([], 2),
        (["asks.bpmn"], 0),
        (["asks_other.bpmn"], 0),
        (["asks.bpmn", "route.dmn"], 0),
        (["asks_other.bpmn", "route.dmn"], 1),
    ],
)
def test_exit_codes_of_lint(names, code):
    assert run("lint", *names)[0] == code
    assert run("lint", *names, "--json")[0] == code


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_judged():
    code, stdout, stderr = run("lint", "missing.bpmn", "broken.bpmn", "good.bpmn", "--json")
    assert code == 2
    assert [(each["file"], [found["code"] for found in each["findings"]]) for each in lines(stdout)] == [
        ("missing.bpmn", ["unreadable"]),
        ("broken.bpmn", ["unreadable"]),
        ("good.bpmn", []),
    ]
    assert [line.partition(":")[0] for line in stderr.splitlines()] == ["missing.bpmn", "broken.bpmn"]


def test_lint_for_people():
    code, stdout, _ = run("lint", "bad.bpmn", "good.bpmn")
    assert code == 1
    assert "错误 error  a  [dead_end]" in stdout
    assert "改法：" in stdout
    assert "good.bpmn: 没有问题" in stdout


def test_test_prints_one_line_a_case():
    code, stdout, _ = run("test", "passes.json", "fails.json", "refused.json", "--json")
    passes, fails, refused = lines(stdout)
    assert code == 1
    assert passes == {
        "file": "passes.json",
        "name": "passes",
        "passed": True,
        "failed_step": None,
        "expected": None,
        "actual": None,
    }
    assert fails == passes | {
        "file": "fails.json",
        "name": "fails",
        "passed": False,
        "failed_step": 0,
        "expected": [],
        "actual": ["a"],
    }
    assert (refused["passed"], [each["code"] for each in refused["actual"]]) == (False, ["dead_end", "unreachable"])


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["passes.json"], 0),
        (["fails.json"], 1),
        (["refused.json"], 1),
        (["unreadable.json"], 2),
        (["missing.json"], 2),
        (["missing.json", "fails.json"], 2),
        ([], 2),
    ],
)
def test_exit_codes_of_test(names, code):
    assert run("test", *names)[0] == code
    assert run("test", *names, "--json")[0] == code


def test_test_for_people():
    _, stdout, stderr = run("test", "passes.json", "fails.json", "unreadable.json")
    assert "通过 passed  passes  (passes.json)" in stdout
    assert "step 0" in stdout
    assert 'actual:   ["a"]' in stdout
    assert stderr.startswith("unreadable.json: ")
