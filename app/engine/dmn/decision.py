"""A decision, the decisions that it needs, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.dmn.table import HitPolicy, Rule, Table
from app.engine.feel import FeelError, evaluate
from app.engine.feel.table import CellError, Hit


class DecisionError(Exception):
    """A decision without an answer: the table or its data is wrong.

    ``code``: ``several_rules`` (UNIQUE, more than one rule matches), ``outputs_differ`` (ANY), ``not_allowed`` (a value
    outside the allowed values) or a code of `FeelError`. ``decision``: the decision's id. ``rules``: ids of the rules
    concerned. ``reason``: an English sentence.
    """

    def __init__(self, code: str, decision: str, reason: str, rules: tuple[str, ...] = ()) -> None:
        self.code = code
        self.decision = decision
        self.reason = reason
        self.rules = rules
        super().__init__(f"{decision}: {code}: {reason}")


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision gave: ``outputs`` by name, and the ``rules`` that matched, in document order."""

    outputs: Mapping[str, Any]
    rules: tuple[str, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A decision that is one expression; its value goes by ``name``."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its logic; the decisions that it ``requires`` are evaluated first."""

    id: str
    name: str
    variable: str
    logic: Table | Literal
    requires: tuple["Decision", ...] = ()

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the answer's outputs, in order."""
        if isinstance(self.logic, Literal):
            return (self.logic.name,)
        return tuple(column.name for column in self.logic.outputs)

    def evaluate(self, context: Mapping[str, Any]) -> Result:
        """The answer over ``context`` (name → JSON value); raises `DecisionError`.

        No rule matches: every output is its default entry, or None. A required decision's answer is read by its id and
        its variable's name (the value of a single output, else all outputs by name) and by its outputs' names, which
        hide names of ``context``.
        """
        return self._evaluate(context, {})

    def _evaluate(self, context: Mapping[str, Any], known: dict[str, Result]) -> Result:
        if self.id not in known:
            wider = dict(context)
            for decision in self.requires:
                wider.update(decision.bindings(decision._evaluate(context, known)))  # noqa: SLF001 - one of us
            known[self.id] = self._answer(wider)
        return known[self.id]

    def bindings(self, result: Result) -> dict[str, Any]:
        """The names by which a decision that requires this one reads its ``result``."""
        outputs = dict(result.outputs)
        value = next(iter(outputs.values())) if len(outputs) == 1 else dict(outputs)
        return {**outputs, self.id: value, self.variable: value}

    def _answer(self, context: Mapping[str, Any]) -> Result:
        try:
            if isinstance(self.logic, Literal):
                return Result({self.logic.name: evaluate(self.logic.text, context)}, ())
            return self._pick(self.logic, self.logic.hits(context), context)
        except CellError as failure:
            place = self.logic.place(failure) if isinstance(self.logic, Table) else ""
            raise DecisionError(failure.code, self.id, f"{place}: {failure.detail}") from failure
        except FeelError as failure:
            raise DecisionError(failure.code, self.id, str(failure)) from failure

    def _pick(self, table: Table, hits: list[Hit], context: Mapping[str, Any]) -> Result:
        rules: list[Rule] = [table.rules[hit.rule] for hit in hits]
        ids = tuple(rule.id for rule in rules)
        if len(hits) > 1 and table.hit_policy is HitPolicy.UNIQUE:
            raise DecisionError("several_rules", self.id, f"UNIQUE, but these rules match: {', '.join(ids)}", ids)
        if any(hit.outputs != hits[0].outputs for hit in hits):
            raise DecisionError("outputs_differ", self.id, f"ANY, but these rules differ: {', '.join(ids)}", ids)
        values = hits[0].outputs if hits else [_default(column.text, context) for column in table.outputs]
        outputs = {column.name: value for column, value in zip(table.outputs, values, strict=True)}
        return Result(outputs, ids, tuple(text for rule in rules for text in rule.annotations))


def _default(text: str, context: Mapping[str, Any]) -> Any:
    return evaluate(text, context) if text else None
