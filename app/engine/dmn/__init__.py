"""DMN decisions: tables with hit policy UNIQUE, FIRST or ANY, and literal expressions; cells are FEEL."""

from app.engine.dmn.decision import Decision, DecisionError, Literal, Result
from app.engine.dmn.reading import load_decisions, read_decisions
from app.engine.dmn.table import Column, HitPolicy, Rule, Table

__all__ = [
    "Column",
    "Decision",
    "DecisionError",
    "HitPolicy",
    "Literal",
    "Result",
    "Rule",
    "Table",
    "load_decisions",
    "read_decisions",
]
