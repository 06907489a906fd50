"""Every clause of sections 4 and 5 is carried by something that works, and proved by a test."""

import re
from pathlib import Path

import pytest

from app.domain.clauses import CLAUSES

ROOT = Path(__file__).resolve().parents[2]
CLAUSE = re.compile(r"\bC[2-6](?:\.\d+[a-e]?(?:\.\d+)?)?\b")
CARRIED = tuple(clause for clause in CLAUSES if clause.startswith(("C4", "C5")))


def named(*patterns: str) -> set[str]:
    """The clause ids that files of these patterns name."""
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return {found for path in files for found in CLAUSE.findall(path.read_text())}


@pytest.mark.parametrize("clause", CARRIED)
def test_a_model_a_rule_or_a_form_carries_the_clause(clause):
    assert clause in named("bpmn/**/*.bpmn", "bpmn/**/*.dmn", "forms/**/*.json")


@pytest.mark.parametrize("clause", CARRIED)
def test_a_test_names_the_clause(clause):
    assert clause in named("tests/unit/**/*.py", "tests/integration/**/*.py", "tests/bpmn/*.py", "bpmn/*/tests/*.json")


def test_nothing_names_a_clause_that_does_not_exist():
    everything = named("app/**/*.py", "bpmn/**/*.bpmn", "bpmn/**/*.dmn", "forms/**/*.json", "tests/**/*.py")
    headings = {clause[:length] for clause in CLAUSES for length in range(2, len(clause))}
    assert everything - set(CLAUSES) - headings == set()
