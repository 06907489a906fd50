"""Files and functions stay small enough to be read at one sitting."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize(("room", "most"), [("app", 300), ("tests", 500), ("bench", 300)])
def test_files_are_short(room, most):
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources(room)}
    assert {path: length for path, length in lengths.items() if length > most} == {}


@pytest.mark.parametrize(("room", "most"), [("app", 50), ("tests", 80), ("bench", 80)])
def test_functions_are_short(room, most):
    lengths = dict(item for path in sources(room) for item in functions(path))
    assert {name: length for name, length in lengths.items() if length > most} == {}


def test_the_median_function_has_at_most_ten_lines():
    assert statistics.median(length for path in sources("app") for _, length in functions(path)) <= 10
