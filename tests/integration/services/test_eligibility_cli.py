"""``shuangyou eligibility check``: exact JSON, or exit 2 with the place of the fault."""

import copy
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.eligibility import eligibility

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "eligibility.json"
CASES = json.loads(GOLDEN.read_text())["cases"]


def run(path, *options):
    return CliRunner().invoke(eligibility, ["check", str(path), *options])


def run_text(tmp_path, text):
    file = tmp_path / "cases.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run(file)


def run_case(tmp_path, case):
    return run_text(tmp_path, json.dumps({"cases": [case]}))


def test_the_golden_file_prints_its_verdicts():
    outcome = run(GOLDEN)
    results = json.loads(outcome.stdout)["results"]
    assert (outcome.exit_code, [each["id"] for each in results]) == (0, [case["id"] for case in CASES])
    assert {tuple(each) for each in results} == {("id", "overall", "clauses", "items", "count", "used")}
    for case, found in zip(CASES, results, strict=True):
        assert {key: found[key] for key in case["expect"]} == case["expect"]


def test_no_cases_give_no_results(tmp_path):
    outcome = run_text(tmp_path, '{"cases": []}')
    assert (outcome.exit_code, outcome.stdout) == (0, '{"results": []}\n')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        "null",
        '{"cases": {}}',
        '{"cases": [[]]}',
        '{"cases": [], "more": 1}',
        '{"cases": [], "cases": []}',
        '{"cases": NaN}',
        b"\xff\xfe",
        "[" * 100_000,
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, text):
    outcome = run_text(tmp_path, text)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "cases.json" in outcome.stderr


def test_a_file_that_does_not_exist_is_refused(tmp_path):
    outcome = run(tmp_path / "none.json")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "none.json" in outcome.stderr


def test_decision_tables_that_do_not_exist_are_refused(tmp_path):
    outcome = run(GOLDEN, "--decisions", str(tmp_path))
    assert (outcome.exit_code, outcome.stdout) == (2, "")


def changed(path, value):
    case = copy.deepcopy(CASES[9])
    *parents, last = path
    place = case
    for key in parents:
        place = place[key]
    if value is KeyError:
        del place[last]
    else:
        place[last] = value
    return case


@pytest.mark.parametrize("key", sorted(CASES[9]["facts"]))
def test_a_missing_fact_is_named(tmp_path, key):
    outcome = run_case(tmp_path, changed(["facts", key], KeyError))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"cases[0].facts.{key}" in outcome.stderr
    assert "missing" in outcome.stderr


@pytest.mark.parametrize("key", ["id", "track", "as_of", "facts"])
def test_a_missing_key_of_the_case_is_named(tmp_path, key):
    outcome = run_case(tmp_path, changed([key], KeyError))
    assert outcome.exit_code == 2
    assert f"cases[0].{key}" in outcome.stderr


def test_every_key_of_every_row_must_be_there(tmp_path):
    rows = [
        (name, index, key)
        for name, value in CASES[9]["facts"].items()
        if isinstance(value, list)
        for index, row in enumerate(value)
        for key in row
    ]
    codes = {run_case(tmp_path, changed(["facts", *row], KeyError)).exit_code for row in rows}
    assert (len(rows) > 20, codes) == (True, {2})


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["track"], "college", "unknown_word"),
        (["as_of"], "2027-02-29", "no_such_date"),
        (["as_of"], "2026-11-31", "no_such_date"),
        (["as_of"], "20261130", "no_such_date"),
        (["as_of"], "2026-W10-1", "no_such_date"),
        (["as_of"], "2026-11-30T00:00", "no_such_date"),
        (["as_of"], "2026-1-5", "no_such_date"),
        (["as_of"], "２０２６-11-30", "no_such_date"),
        (["as_of"], "0001-01-01", "out_of_range"),
        (["as_of"], 20261130, "wrong_type"),
        (["as_of"], None, "missing"),
        (["id"], 7, "wrong_type"),
        (["settings"], None, "wrong_type"),
        (["settings"], {"age_reading": "lunar"}, "unknown_word"),
        (["settings"], {"quota": 3}, "unknown_key"),
        (["note"], "x", "unknown_key"),
        (["facts"], [], "wrong_type"),
        (["facts", "birth_date"], None, "missing"),
        (["facts", "branch_kind"], "students", "unknown_word"),
        (["facts", "political_attestation"], 1, "wrong_type"),
        (["facts", "political_attestation"], "true", "wrong_type"),
        (["facts", "clean_record"], {"school_party": True}, "missing"),
        (["facts", "clean_record"], True, "wrong_type"),
        (["facts", "field"], None, "missing"),
        (["facts", "field"], 3, "wrong_type"),
        (["facts", "awards"], None, "missing"),
        (["facts", "awards"], {}, "wrong_type"),
        (["facts", "awards"], ["x"], "wrong_type"),
        (["facts", "nickname"], "x", "unknown_key"),
        (["facts", "appraisals", 0, "year"], True, "wrong_type"),
        (["facts", "appraisals", 0, "year"], 2025.0, "wrong_type"),
        (["facts", "appraisals", 0, "year"], "2025", "wrong_type"),
        (["facts", "appraisals", 0, "grade"], "很好", "unknown_word"),
        (["facts", "appraisals", 0, "doc"], "", "blank"),
        (["facts", "appraisals", 0, "doc"], 5, "wrong_type"),
        (["facts", "appointments", 0, "to"], "1999-01-01", "reversed"),
        (["facts", "titles", 0, "level"], "特级", "unknown_word"),
    ],
)
def test_a_fault_is_named_by_its_place(tmp_path, path, value, problem):
    outcome = run_case(tmp_path, changed(path, value))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"[{problem}]" in outcome.stderr
    assert f"cases[0].{path[0]}" in outcome.stderr


def test_the_message_tells_place_fault_and_what_was_expected(tmp_path):
    outcome = run_case(tmp_path, changed(["facts", "appraisals", 1, "year"], "2025"))
    assert outcome.stderr.removeprefix(str(tmp_path / "cases.json")) == (
        ": cases[0].facts.appraisals[1].year: 类型不对 / has the wrong type [wrong_type];"
        " 应为 / expected whole number; 实为 / found '2025'\n"
    )


def test_a_university_must_say_what_kind_of_branch_it_is(tmp_path):
    case = next(case for case in CASES if case["track"] == "university")
    blank = case | {"facts": case["facts"] | {"branch_kind": None}}
    outcome = run_case(tmp_path, blank)
    assert (outcome.exit_code, "cases[0].facts.branch_kind" in outcome.stderr) == (2, True)


def test_nothing_is_printed_when_one_case_of_many_is_wrong(tmp_path):
    outcome = run_text(tmp_path, json.dumps({"cases": [*CASES, CASES[0] | {"as_of": "2026-02-30"}]}))
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert f"cases[{len(CASES)}].as_of" in outcome.stderr
