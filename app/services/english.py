"""English for the words that models, forms, settings and services write in: bpmn/english.json, beside the models.

What an office draws itself, and what people typed, has no English there and is left as it was written.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from app.adapters.documents.spreadsheet import Sheet
from app.config import PROJECT
from app.domain.clauses import CLAUSES

TABLE = PROJECT / "bpmn" / "english.json"

_MARKS = re.compile(r"([、，：。]|\s+)")
_IN_ENGLISH = {"、": ", ", "，": ", ", "：": ": ", "。": ". "}
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_NOTED = re.compile(r"([^（〔]+)([（〔].*)")
_IS_CHINESE = re.compile("[\u4e00-\u9fff]")
_BRACKETS = str.maketrans({"（": " (", "）": ")", "〔": " [", "〕": "]"})


@cache
def table() -> Mapping[str, str]:
    """Return the English of every known phrase."""
    known: dict[str, str] = json.loads(TABLE.read_text(encoding="utf-8"))
    return {**{clause.title: clause.english for clause in CLAUSES.values()}, **known}


def listing_in_english(words: str) -> str:
    """Return a listing of known words and numbers in English: 高校 1 → Universities 1.

    A part between semicolons that holds any other word is data and stays as it stands; what is noted in brackets behind
    a known word is data, too.
    """
    known = table().get(words)
    return known if known is not None else "; ".join(map(_part, words.split("；")))


def sheet_said(sheet: Sheet, *, english: bool) -> Sheet:
    """Return a sheet with its known words in English, if that is asked for; what people typed stays as it stands."""
    if not english:
        return sheet
    rows = ([listing_in_english(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows)
    return replace(
        sheet, name=listing_in_english(sheet.name), columns=[*map(listing_in_english, sheet.columns)], rows=rows
    )


def _part(words: str) -> str:
    noted = _NOTED.fullmatch(words)
    if noted is not None and noted[1] in table():
        return table()[noted[1]] + noted[2].translate(_BRACKETS).rstrip()
    words = table().get(words, _DAY.sub(_day, words))
    pieces = _MARKS.split(words)
    if any(piece not in table() for piece in pieces if _IS_CHINESE.search(piece) and piece not in _IN_ENGLISH):
        return words
    return "".join(_IN_ENGLISH.get(piece) or table().get(piece, piece) for piece in pieces).strip()


def _day(found: re.Match[str]) -> str:
    year, month, day = map(int, found.groups())
    return f"{day} {date(year, month, 1):%b} {year}"
