"""What models, forms, settings and services say, in the page's language."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from app.services.english import listing_in_english, table
from app.web.diagrams.chart import Chart
from app.web.languages import language

_CLAUSES = re.compile(r"((?:C\d[\w.]*\s+)*)(.*)", re.DOTALL)


def said(words: str) -> str:
    """Return a model's words in the page's language; as they stand where no English is known."""
    return table().get(words, words) if language() == "en" else words


class RuleSaid(NamedTuple):
    """What a rule of a decision says: the clauses it carries out, and its words in the page's language."""

    clauses: tuple[str, ...]
    words: str


def rule_said(annotations: Sequence[str]) -> RuleSaid:
    """Read what is noted at a rule: clause ids first, then words."""
    found = (_CLAUSES.fullmatch(text.strip()) for text in annotations)
    parts = [(match[1].split(), said(match[2])) for match in found if match]
    ids = dict.fromkeys(each for listed, _ in parts for each in listed)
    return RuleSaid(tuple(ids), " ".join(words for _, words in parts if words))


def chart_said(chart: Chart) -> Chart:
    """Return a drawing whose nodes, flows and lanes are called in the page's language."""
    if language() == "zh":
        return chart
    return replace(
        chart,
        name=said(chart.name),
        lanes=tuple(replace(lane, name=said(lane.name)) for lane in chart.lanes),
        nodes={key: replace(node, name=said(node.name)) for key, node in chart.nodes.items()},
        flows=tuple(replace(flow, name=said(flow.name)) for flow in chart.flows),
    )


def listing_said(words: str) -> str:
    """Return a listing of known words and numbers in the page's language: 高校 1 → Universities 1."""
    return words if language() == "zh" else listing_in_english(words)
