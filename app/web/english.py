"""English for the words that models, forms and settings are written in: bpmn/english.json, beside the models.

What an office draws itself has no English there and is shown as it was written.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from app.config import PROJECT
from app.domain.clauses import CLAUSES
from app.web.diagrams.chart import Chart
from app.web.languages import language

TABLE = PROJECT / "bpmn" / "english.json"

_CLAUSES = re.compile(r"((?:C\d[\w.]*\s+)*)(.*)", re.DOTALL)
_MARKS = re.compile(r"([；、，：。]|\s+)")
_IN_ENGLISH = {"；": "; ", "、": ", ", "，": ", ", "：": ": ", "。": ". "}
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_IS_CHINESE = re.compile("[\u4e00-\u9fff]")


@cache
def _table() -> Mapping[str, str]:
    known: dict[str, str] = json.loads(TABLE.read_text(encoding="utf-8"))
    return {**{clause.title: clause.english for clause in CLAUSES.values()}, **known}


def said(words: str) -> str:
    """Return a model's words in the page's language; as they stand where no English is known."""
    return _table().get(words, words) if language() == "en" else words


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
    """Return a listing of known words and numbers in the page's language: 高校 1 → Universities 1.

    A text that holds any other word is data and stays as it stands.
    """
    if language() == "zh":
        return words
    if words in _table():
        return _table()[words]
    words = _DAY.sub(_day_said, words)
    pieces = _MARKS.split(words)
    if any(piece not in _table() for piece in pieces if _IS_CHINESE.search(piece) and piece not in _IN_ENGLISH):
        return words
    return "".join(_IN_ENGLISH.get(piece) or _table().get(piece, piece) for piece in pieces)


def _day_said(found: re.Match[str]) -> str:
    year, month, day = map(int, found.groups())
    return f"{day} {date(year, month, 1):%b} {year}"
