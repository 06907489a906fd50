"""DMN files (1.1 to 1.5) to decisions, with findings for everything that this room does not evaluate."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from app.engine.dmn.decision import Decision, Literal
from app.engine.dmn.table import Column, HitPolicy, Rule, Table
from app.engine.errors import ModelRefused, ModelUnreadable
from app.engine.feel import is_feel
from app.engine.findings import Finding, finding
from app.engine.xml import Element, child, children, local, namespace, nearest_id, read_xml, text_of

NAME = re.compile(r"[^\W\d]\w*\Z")
"""Names that FEEL can read without spaces or quotes."""
MAX_CHAIN = 20
"""Decisions that may require one another in a row."""


@lru_cache(maxsize=256)
def load_decisions(content: bytes, source: str = "dmn") -> Mapping[str, Decision]:
    """Every decision of a DMN file by id; raises `ModelUnreadable` and, when there are findings, `ModelRefused`.

    A file is read once: tables are immutable, and a case asks for the same ones at every step.
    """
    root = read_xml(content, source)
    if local(root) != "definitions" or "/spec/DMN/" not in namespace(root):
        raise ModelUnreadable(source=source, reason="not a DMN file")
    decisions, findings = read_decisions(root)
    if findings:
        raise ModelRefused(findings)
    return MappingProxyType(decisions)


def read_decisions(root: Element) -> tuple[dict[str, Decision], list[Finding]]:
    """The decisions of ``definitions`` that can be evaluated, and what is wrong with the others (FEEL aside)."""
    reader = _Reader(root)
    for element in reader.elements.values():
        reader.decision(element, ())
    return reader.decisions, reader.findings


class _Reader:
    def __init__(self, root: Element) -> None:
        self.findings: list[Finding] = []
        self.decisions: dict[str, Decision] = {}
        self.refused: set[str] = set()
        self.elements: dict[str, Element] = {}
        self.input_data = {each.get("id") for each in children(root, "inputData")}
        items = children(root, "itemDefinition")
        self.allowed = {item.get("name", ""): text_of(child(item, "allowedValues")) for item in items}
        self._collect(root)

    def _collect(self, root: Element) -> None:
        self._languages(root)
        for element in children(root, "import"):
            self._say(element, "dmn_import")
        for element in children(root, "decision"):
            key = element.get("id", "")
            if not key or key in self.elements:
                self._say(element, "dmn_decision_id", id=key)
            else:
                self.elements[key] = element
        if not self.elements:
            self._say(root, "dmn_no_decision")

    def _say(self, element: Element, code: str, **params: object) -> None:
        self.findings.append(finding(nearest_id(element), code, **params))

    def _languages(self, root: Element) -> None:
        for element in root.iter():
            language = element.get("expressionLanguage")
            if language and not is_feel(language):
                self._say(element, "language", language=language)

    def decision(self, element: Element, above: tuple[str, ...]) -> Decision | None:
        """The decision and, first, those that it requires; None when something is wrong with any of them."""
        key = element.get("id", "")
        if key in self.decisions or key in self.refused:
            return self.decisions.get(key)
        before = len(self.findings)
        requires = [found for found in self._required(element, (*above, key)) if found]
        logic = self._logic(element)
        if logic is None or len(self.findings) > before:
            self.refused.add(key)
            return None
        self.decisions[key] = Decision(key, element.get("name", key), _variable(element), logic, tuple(requires))
        return self.decisions[key]

    def _required(self, element: Element, above: tuple[str, ...]) -> Iterable[Decision | None]:
        if child(element, "knowledgeRequirement") is not None:
            self._say(element, "dmn_knowledge")
        for requirement in children(element, "informationRequirement"):
            for target in children(requirement, "requiredDecision", "requiredInput"):
                yield self._follow(requirement, target, above)

    def _follow(self, requirement: Element, target: Element, above: tuple[str, ...]) -> Decision | None:
        href = target.get("href", "")
        key = href.removeprefix("#")
        known: Iterable[str | None] = self.input_data if local(target) == "requiredInput" else self.elements
        if not href.startswith("#") or key not in known:
            self._say(requirement, "dmn_requirement", id=href)
        elif key in above:
            self._say(requirement, "dmn_cycle", path=" → ".join((*above, key)))
        elif len(above) > MAX_CHAIN:
            self._say(requirement, "dmn_chain", limit=MAX_CHAIN)
        elif local(target) == "requiredDecision":
            if (found := self.decision(self.elements[key], above)) is not None:
                return found
            self._say(requirement, "dmn_requirement", id=key)
        return None

    def _logic(self, element: Element) -> Table | Literal | None:
        if (table := child(element, "decisionTable")) is not None:
            return self._table(element, table)
        if (literal := child(element, "literalExpression")) is not None:
            if text := text_of(child(literal, "text")):
                return Literal(_variable(element), text)
            self._say(element, "dmn_empty", what="决策的表达式")
            return None
        self._say(element, "dmn_logic")
        return None

    def _table(self, decision: Element, table: Element) -> Table | None:
        policy = table.get("hitPolicy", "UNIQUE")
        if policy not in set(HitPolicy) or table.get("aggregation"):
            self._say(table, "dmn_hit_policy", policy=policy)
            return None
        inputs = tuple(self._input(element) for element in children(table, "input"))
        outputs = self._outputs(decision, list(children(table, "output")))
        rows = list(children(table, "rule"))
        rules = tuple(self._rule(table, number, element) for number, element in enumerate(rows, 1))
        if not outputs or not rules:
            self._say(table, "dmn_empty", what="决策表的输出列或规则")
        for rule, element in zip(rules, rows, strict=True):
            if (len(rule.tests), len(rule.results)) != (len(inputs), len(outputs)):
                self._say(element, "dmn_rule_shape", rule=rule.id)
        return Table(HitPolicy(policy), inputs, outputs, rules)

    def _input(self, element: Element) -> Column:
        expression = child(element, "inputExpression")
        text = "" if expression is None else text_of(child(expression, "text"))
        if not text:
            self._say(element, "dmn_empty", what="输入列的表达式")
        type_ref = "" if expression is None else expression.get("typeRef", "")
        allowed = self._values(child(element, "inputValues"), type_ref)
        return Column(element.get("id", text), element.get("label", text), text, allowed)

    def _outputs(self, decision: Element, elements: list[Element]) -> tuple[Column, ...]:
        columns: list[Column] = []
        for element in elements:
            name = element.get("name") or (_variable(decision) if len(elements) == 1 else "")
            if not NAME.match(name) or name in {column.name for column in columns}:
                self._say(element, "dmn_output_name", name=name)
            default = child(element, "defaultOutputEntry")
            text = "" if default is None else text_of(child(default, "text"))
            allowed = self._values(child(element, "outputValues"), element.get("typeRef", ""))
            columns.append(Column(element.get("id", name), name, text, allowed))
        return tuple(columns)

    def _values(self, element: Element | None, type_ref: str) -> str:
        return self.allowed.get(type_ref, "") if element is None else text_of(child(element, "text"))

    def _rule(self, table: Element, number: int, element: Element) -> Rule:
        tests = tuple(text_of(child(entry, "text")) for entry in children(element, "inputEntry"))
        results = tuple(text_of(child(entry, "text")) for entry in children(element, "outputEntry"))
        notes = [text_of(child(element, "description"))]
        notes += [text_of(child(entry, "text")) for entry in children(element, "annotationEntry")]
        key = element.get("id") or f"{nearest_id(table)}_{number}"
        return Rule(key, tests, results, tuple(note for note in notes if note))


def _variable(decision: Element) -> str:
    """The name that the decision's answer goes by: its variable's, else its id."""
    variable = child(decision, "variable")
    name = "" if variable is None else variable.get("name", "")
    return name if NAME.match(name) else decision.get("id", "")
