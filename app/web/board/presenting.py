"""A unit's board as its page draws it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.services.acting import Act
from app.services.board import Board, BoardCase, Column
from app.web.due import Due, due_of

COLUMNS: Mapping[Column, LazyString] = {
    Column.REVIEW: _l("Under initial review"),
    Column.RETURNED: _l("Returned for correction"),
    Column.CANDIDATE: _l("Recommended, to be ranked"),
    Column.ON_LIST: _l("On the public list"),
    Column.BEYOND: _l("Reported upward"),
    Column.OUT: _l("Not reported upward"),
}
"""What each part of the board is called."""

DECISIONS: Mapping[str, LazyString] = {
    "recommend": _l("recommended"),
    "return": _l("returned"),
    "reject": _l("not recommended"),
    "agree": _l("county agrees"),
    "disagree": _l("county does not agree"),
}
"""What was decided, in a word."""


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case with the time left for what waits in it."""

    case: BoardCase
    due: Due


@dataclass(frozen=True, slots=True)
class Part:
    """The cases that stand alike."""

    column: Column
    label: LazyString
    cases: tuple[CaseShown, ...]


@dataclass(frozen=True, slots=True)
class BoardShown:
    """The parts that hold anything; ``candidates``: how many compete for the quota's places."""

    parts: tuple[Part, ...]
    candidates: int
    undecided: int


def present_board(found: Board, act: Act) -> BoardShown:
    """Return the board ready to draw."""
    shown = [CaseShown(case, due_of(case.due_at, act)) for case in found.cases]
    parts = (
        Part(column, label, tuple(each for each in shown if each.case.column is column))
        for column, label in COLUMNS.items()
    )
    return BoardShown(
        parts=tuple(part for part in parts if part.cases),
        candidates=found.count(Column.CANDIDATE, Column.ON_LIST, Column.BEYOND),
        undecided=found.count(Column.REVIEW, Column.RETURNED),
    )
