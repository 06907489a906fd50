"""Tasks: done by a person, by a registered action, or by a decision table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import DomainError
from app.engine.definition import Element
from app.engine.dmn import DecisionError
from app.engine.errors import BpmnError
from app.engine.events import after_working_days, read_time, whole_days
from app.engine.nodes.base import Node
from app.engine.nodes.events import Parameters
from app.engine.ports import ActionCall
from app.engine.timing import BadTimeError, micros, parse_duration, parse_moment
from app.engine.token import plain

if TYPE_CHECKING:
    from app.engine.nodes.graph import Graph
    from app.engine.token import Token

DEFAULT_PRIORITY = 50


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who a human task is for and by when; all but ``excludes`` (element ids) are FEEL or ISO 8601 text."""

    person: str | None = None
    working_days: str | None = None
    due: str | None = None
    priority: str | None = None
    excludes: tuple[str, ...] = ()


class HumanNode(Node):
    """A user or manual task: stays open until somebody completes it."""

    def __init__(self, graph: "Graph", name: str, element: Element, assignment: Assignment) -> None:
        super().__init__(graph, name, element)
        self.manual = True
        self.assignment = assignment

    def enter(self, token: "Token") -> None:
        """Open, with what the model says about it as of now."""
        wanted, internal = self.assignment, token.internal_data
        if wanted.person is not None:
            internal["person"] = _person(token, wanted.person)
        if wanted.working_days is not None or wanted.due is not None:
            internal["deadline"] = self._deadline(token)
        if wanted.priority is not None:
            internal["priority"] = _priority(token, wanted.priority)
        token.ready()

    def _deadline(self, token: "Token") -> int:
        wanted = self.assignment
        try:
            if wanted.working_days is not None:
                return micros(after_working_days(token, whole_days(read_time(token, wanted.working_days))))
            text = read_time(token, wanted.due or "")
            return micros(parse_duration(text).after(token.case.now) if text.startswith("P") else parse_moment(text))
        except BadTimeError as unreadable:
            raise token.incident("bad_due_date", str(unreadable)) from unreadable


def _person(token: "Token", text: str) -> str:
    value = token.evaluate(text)
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        raise token.incident("bad_person", f"{text!r} gave {value!r}, not the id of a person")
    return str(value)


def _priority(token: "Token", text: str) -> int:
    value = token.evaluate(text)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise token.incident("bad_priority", f"{text!r} gave {value!r}, not a number")
    return int(value)


class ActionNode(Node):
    """A service task: a registered action is carried out and what it returns is merged into the data."""

    def __init__(self, graph: "Graph", name: str, element: Element, action: str, parameters: Parameters) -> None:
        super().__init__(graph, name, element)
        self.action = action
        self.parameters = parameters

    def perform(self, token: "Token") -> bool:
        """Call the action; a `BpmnError` of it goes to the boundary event that catches it."""
        parameters = {name: token.evaluate(text) for name, text in self.parameters.items()}
        call = ActionCall(self.action, parameters, token.element_id, plain(token.data))
        try:
            token.write(self._result(token, call))
        except BpmnError as thrown:
            token.case.fail(token, token, thrown.code, {**token.data, **plain(thrown.data)})
            return False
        return True

    def _result(self, token: "Token", call: ActionCall) -> Mapping[str, Any]:
        try:
            result = plain(token.case.runtime.perform(call))
        except (BpmnError, DomainError):
            raise
        except Exception as failure:
            raise token.incident("action_failed", f"action {self.action!r}: {failure!r}") from failure
        if not isinstance(result, dict):
            raise token.incident("action_result", f"action {self.action!r} gave {result!r}, not named values")
        return result


class DecisionNode(Node):
    """A business rule task: the outputs of a decision are merged into the data, or stand under one name."""

    def __init__(self, graph: "Graph", name: str, element: Element, decision: str, result: str | None) -> None:
        super().__init__(graph, name, element)
        self.decision = decision
        self.result = result

    def perform(self, token: "Token") -> bool:
        """Decide."""
        decision = token.case.definition.tables.get(self.decision)
        if decision is None:
            raise token.incident("no_decision", f"there is no decision {self.decision!r} among the sources")
        try:
            result = decision.evaluate({**token.data, "now": token.case.now_text})
        except DecisionError as failure:
            raise token.incident(f"decision_{failure.code}", str(failure)) from failure
        outputs = dict(result.outputs)
        token.write(
            {self.result: next(iter(outputs.values())) if len(outputs) == 1 else outputs} if self.result else outputs
        )
        token.internal_data["rules"] = list(result.rules)
        return True
