"""Searches as they are asked for, histories as they are shown, exports as spreadsheets read them."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.domain.time import SHANGHAI
from app.engine.feel import value_or_null
from app.services.audit import HistoryRow, as_csv
from app.services.auditing import CaseHistory, CaseSearch, EventSearch, Submission
from app.services.programme.material import CaseFile
from app.store.models import ApplicationState
from app.web.audit.words import HEADS
from app.web.forms.blocks import FileShown, FormView
from app.web.forms.presenting import Filling, present_form
from app.web.languages import language

_LONGEST = 100
_BYTE_ORDER_MARK = "\ufeff"
_PIECE = 500


@dataclass(frozen=True, slots=True)
class SubmissionShown:
    """A submission with its form filled in, or (a task without a form) the values as they were kept."""

    row: Submission
    number: int
    view: FormView | None
    changed: tuple[str, ...]


def case_search(given: Mapping[str, str]) -> CaseSearch:
    """Read what cases are looked for; what makes no sense narrows nothing."""
    state = given.get("state", "")
    return CaseSearch(
        text=_word(given, "text"),
        unit=_word(given, "unit"),
        cycle=_word(given, "cycle"),
        process_key=_word(given, "process"),
        state=InstanceState(state) if state in set(InstanceState) else None,
        application_state=ApplicationState(state.removeprefix("is-")) if state in _STATES else None,
        since=_start_of(given.get("since")),
        until=_end_of(given.get("until")),
    )


_STATES = frozenset(f"is-{state.value}" for state in ApplicationState)


def event_search(given: Mapping[str, str]) -> EventSearch:
    """Read what events are looked for."""
    return EventSearch(
        who=_word(given, "who"),
        what=_word(given, "what"),
        case=_word(given, "case"),
        since=_start_of(given.get("since")),
        until=_end_of(given.get("until")),
    )


def asked(given: Mapping[str, str]) -> dict[str, str]:
    """Return what was asked, for the form and for the addresses of further pages."""
    names = ("text", "unit", "cycle", "process", "state", "who", "what", "case", "since", "until")
    return {name: word for name in names if (word := _word(given, name))}


def _word(given: Mapping[str, str], name: str) -> str:
    return given.get(name, "").strip()[:_LONGEST]


def _start_of(text: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text or ""), time.min, SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end_of(text: str | None) -> datetime | None:
    start = _start_of(text)
    try:
        return None if start is None else start + timedelta(days=1)
    except OverflowError:
        return None


def submissions_of(history: CaseHistory) -> list[SubmissionShown]:
    """Fill each form with what was handed in on it, the newest first."""
    files = {name: _file(file) for name, file in history.files.items()}
    shown = [_submission(row, number, files) for number, row in enumerate(history.submissions, start=1)]
    return shown[::-1]


def _file(file: CaseFile) -> FileShown:
    return FileShown(file.public_id, file.file_name, file.size, file.pages, file.is_scanned, file.is_infected)


def _submission(row: Submission, number: int, files: Mapping[str, FileShown]) -> SubmissionShown:
    form = row.form
    if form is None:
        return SubmissionShown(row, number, None, row.changed or ())
    filling = Filling(row.values, row.values, value_or_null, {}, files)
    labels = tuple(form.label_at(key).spoken(language()) for key in row.changed or ())
    return SubmissionShown(row, number, present_form(form, filling, is_read=True, root=f"s{number}-"), labels)


def verdict_of(shown: SubmissionShown) -> str:
    """Return the label of what was decided; empty where the form decides nothing."""
    chosen: Any = shown.view.verdict.options if shown.view and shown.view.verdict else ()
    return next((option.label for option in chosen if option.is_chosen), "")


def as_spreadsheet(rows: Iterable[HistoryRow]) -> Iterator[str]:
    """Write events as CSV in pieces: a byte order mark for Excel, headings, then the rows, none of them a formula."""
    yield _BYTE_ORDER_MARK + _headings()
    piece: list[HistoryRow] = []
    for row in rows:
        piece.append(row)
        if len(piece) == _PIECE:
            yield as_csv(piece, header=False)
            piece = []
    yield as_csv(piece, header=False)


def _headings() -> str:
    out = io.StringIO()
    csv.writer(out).writerow([str(HEADS[field.name]) for field in fields(HistoryRow)])
    return out.getvalue()


def role_word(role: str) -> str:
    """Return a role's key where it is one, else nothing: the system holds no role."""
    return role if role in set(RoleKey) else ""


def with_page(words: Mapping[str, str], name: str, place: str | int) -> dict[str, str | int]:
    """Return the words of a search with the place to go on from."""
    return {**words, name: place}
