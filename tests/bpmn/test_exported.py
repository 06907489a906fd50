"""Files as other modellers export them pass and run."""

from pathlib import Path

import pytest

from app.adapters.calendar import StatutoryCalendar
from app.engine.casefile import run_case
from app.engine.lint import lint

EXPORTED = Path(__file__).parent / "exported"


@pytest.mark.parametrize("path", sorted(EXPORTED.glob("*.bpmn")), ids=lambda path: path.stem)
def test_an_exported_file_passes(path):
    assert [each for each in lint(path.read_bytes()) if each.severity == "error"] == []


@pytest.mark.parametrize("path", sorted(EXPORTED.glob("*.json")), ids=lambda path: path.stem)
def test_an_exported_file_runs(path):
    result = run_case(path, calendar=StatutoryCalendar())
    assert (result.passed, result.failed_step, result.expected, result.actual) == (True, None, None, None)
