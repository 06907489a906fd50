"""All checks of a DMN file."""

from collections.abc import Iterator

from app.engine import feel
from app.engine.dmn import Decision, HitPolicy, Literal, Table, read_decisions
from app.engine.feel import Kind
from app.engine.findings import Finding, finding
from app.engine.lint.expressions import MAX_LIMITS, of_feel
from app.engine.lint.options import Surroundings
from app.engine.xml import Element

MAX_CELLS = 10_000
"""Cells that the tables of a file may have together."""
_ANYTHING = {"", "-"}


def lint_dmn(root: Element, around: Surroundings) -> Iterator[Finding]:
    """Findings about a DMN ``definitions`` element."""
    cells = sum(1 for _ in root.iter("{*}inputEntry", "{*}outputEntry"))
    if cells > MAX_CELLS:
        yield finding(None, "too_large", size=cells, limit=MAX_CELLS)
        return
    decisions, findings = read_decisions(root)
    yield from findings
    limits = 0
    for decision in decisions.values():
        for element, text, kind in _cells(decision):
            for found in _cell(element, text, kind, _names(decision, around)):
                limits += found.code == "feel_limit"
                yield found
            if limits >= MAX_LIMITS:
                return
        if isinstance(decision.logic, Table):
            yield from _repeated(decision.logic)


def _names(decision: Decision, around: Surroundings) -> frozenset[str] | None:
    if around.names is None:
        return None
    given = {name for needed in decision.requires for name in (needed.id, needed.variable, *needed.output_names)}
    return around.names | given | {"now"}


def _cells(decision: Decision) -> Iterator[tuple[str, str, Kind]]:
    """Every expression of the decision with the id to name it by, and how it is read."""
    logic = decision.logic
    if isinstance(logic, Literal):
        yield decision.id, logic.text, "evaluate"
        return
    for column in (*logic.inputs, *logic.outputs):
        yield column.id, column.text, "evaluate"
        yield column.id, column.allowed, "unaryTest"
    for rule in logic.rules:
        yield from ((rule.id, text, "unaryTest") for text in rule.tests if text not in _ANYTHING)
        yield from ((rule.id, text, "evaluate") for text in rule.results)


def _cell(element: str, text: str, kind: Kind, names: frozenset[str] | None) -> Iterator[Finding]:
    if not text:
        return
    reading = feel.read(text, kind)
    if reading.problem is not None:
        yield of_feel(element, reading.problem)
    elif names is not None:
        for name in sorted(reading.free - names):
            yield finding(element, "undeclared_name", name=name, text=text)


def _repeated(table: Table) -> Iterator[Finding]:
    """Rules with the same tests: UNIQUE and ANY tables break when they match, FIRST never reaches the second."""
    seen: dict[tuple[str, ...], int] = {}
    for index, rule in enumerate(table.rules):
        tests = tuple("-" if text in _ANYTHING else text for text in rule.tests)
        other = table.rules[seen.setdefault(tests, index)]
        if other is rule:
            continue
        if table.hit_policy is HitPolicy.FIRST:
            yield finding(rule.id, "dmn_hidden_rule", rule=rule.id, other=other.id)
        elif table.hit_policy is HitPolicy.UNIQUE or other.results != rule.results:
            yield finding(rule.id, "dmn_duplicate_rule", rule=rule.id, other=other.id, policy=table.hit_policy)
