"""The rules one value must keep: required, length, range, pattern, evidence that is there."""

import re
from typing import Any

from app.domain.forms.problems import Fault, Problem
from app.domain.forms.schema import Field, FieldKind, Rules

LONGEST = {FieldKind.TEXT: 500, FieldKind.LONG_TEXT: 10_000}
"""Characters a text takes at most where the schema says nothing smaller."""


def broken_rule(field: Field, value: Any, evidence: frozenset[str]) -> Problem | None:
    """Return the first rule of ``field`` that a typed ``value`` breaks; ``evidence``: the ids a file field may name."""
    if value == field.blank:
        return Problem(Fault.REQUIRED) if field.rules.required else None
    if field.kind in LONGEST:
        return _broken_text_rule(value, field.rules, LONGEST[field.kind])
    if field.kind is FieldKind.NUMBER:
        return _broken_number_rule(value, field.rules)
    if field.kind is FieldKind.FILES and not evidence.issuperset(value):
        return Problem(Fault.EVIDENCE_UNKNOWN)
    return None


def _broken_text_rule(value: str, rules: Rules, longest: int) -> Problem | None:
    most = longest if rules.max_length is None else min(longest, rules.max_length)
    if len(value) > most:
        return Problem(Fault.TOO_LONG, {"most": most, "length": len(value)})
    if rules.min_length is not None and len(value) < rules.min_length:
        return Problem(Fault.TOO_SHORT, {"least": rules.min_length, "length": len(value)})
    if rules.pattern is not None and re.search(rules.pattern, value) is None:
        return Problem(Fault.NOT_MATCHING, message=rules.mismatch)
    return None


def _broken_number_rule(value: float, rules: Rules) -> Problem | None:
    if rules.minimum is not None and value < rules.minimum:
        return Problem(Fault.TOO_SMALL, {"least": rules.minimum})
    if rules.maximum is not None and value > rules.maximum:
        return Problem(Fault.TOO_LARGE, {"most": rules.maximum})
    return None
