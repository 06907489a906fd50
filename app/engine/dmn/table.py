"""A decision table and its evaluation (DMN 1.5, clause 8)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import orjson

from app.engine.feel import read
from app.engine.feel.table import CellError, Hit, run_table


class HitPolicy(StrEnum):
    """What several matching rules mean (DMN 1.5, 8.2.10); the other policies are refused."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Column:
    """An input (``text`` is its expression) or an output (``text`` is its default entry, empty for none).

    ``allowed``: unary tests that a value which is not null must satisfy; empty for none.
    """

    id: str
    name: str
    text: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``tests``: unary tests by input, empty for any; ``results``: expressions by output, empty for null."""

    id: str
    tests: tuple[str, ...]
    results: tuple[str, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Inputs, outputs and rules, in document order."""

    hit_policy: HitPolicy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def _script(self) -> tuple[str, str]:
        """The table as the FEEL machine takes it, and a key for it."""
        body = orjson.dumps(
            {
                "inputs": [{"text": column.text, "allowed": column.allowed} for column in self.inputs],
                "outputs": [{"allowed": column.allowed} for column in self.outputs],
                "rules": [
                    {"tests": [_test(text) for text in rule.tests], "results": [text or None for text in rule.results]}
                    for rule in self.rules
                ],
                "first": self.hit_policy is HitPolicy.FIRST,
            }
        )
        return hashlib.sha256(body).hexdigest(), body.decode()

    @cached_property
    def names(self) -> frozenset[str]:
        """Top-level names of the data that some expression may read."""
        readings = [read(column.text) for column in self.inputs]
        readings += [read(column.allowed, "unaryTest") for column in (*self.inputs, *self.outputs) if column.allowed]
        readings += [read(text, "unaryTest") for rule in self.rules for text in rule.tests if _test(text)]
        readings += [read(text) for rule in self.rules for text in rule.results if text]
        return frozenset().union(*(reading.free | reading.inner for reading in readings))

    def hits(self, context: Mapping[str, Any]) -> list[Hit]:
        """Rules that match, in document order (only the first one for FIRST); raises `CellError`."""
        wanted = {name: context[name] for name in self.names if name in context}
        return run_table(*self._script, wanted)

    def place(self, failure: CellError) -> str:
        """Where in the table an expression failed, by the ids of the file: rule, column."""
        place = failure.place
        rule = self.rules[place["rule"]].id if "rule" in place else ""
        column = self.inputs[place["column"]].id if "column" in place else ""
        output = self.outputs[place["output"]].id if "output" in place else ""
        return " / ".join(filter(None, (rule, column, output)))


def _test(text: str) -> str | None:
    return None if text in {"", "-"} else text
