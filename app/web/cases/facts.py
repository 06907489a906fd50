"""The facts behind a verdict of the ledger, as the ledger keeps them, in words."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from app.services.ledger import LedgerRow
from app.web.english import said
from app.web.presenting import deadline, full_day, full_moment
from app.web.tasks.reasons import length_text, listed, reasons_text

_NAMES: Mapping[str, Any] = {
    "receipt": lazy_gettext("receipt number"),
    "submitted_at": lazy_gettext("submitted"),
    "deadline_at": lazy_gettext("deadline"),
    "signer": lazy_gettext("signed by"),
    "staff": lazy_gettext("full-time staff"),
    "age": lazy_gettext("age on the reference day"),
    "earliest_birth_date": lazy_gettext("born on or after"),
    "pieces": lazy_gettext("pieces"),
    "items": lazy_gettext("items met"),
    "count": lazy_gettext("items met"),
    "scores": lazy_gettext("scores handed in"),
    "staff_count": lazy_gettext("full-time staff"),
    "opened_on": lazy_gettext("publicity from"),
    "ends_at": lazy_gettext("until"),
    "held_on": lazy_gettext("held on"),
    "lot": lazy_gettext("lot"),
    "working_days": lazy_gettext("working days"),
    "question": lazy_gettext("question"),
    "rank": lazy_gettext("rank"),
    "appointed": lazy_gettext("appointed post"),
    "held": lazy_gettext("post by certificate"),
    "expected": lazy_gettext("members expected"),
    "present": lazy_gettext("present"),
    "recused": lazy_gettext("recused"),
    "votes": lazy_gettext("votes"),
    "meeting": lazy_gettext("decided at"),
}
"""Facts with a value of their own; a fact that is not here and has no word in ``_WORDS`` is left to the audit log."""

_DEADLINES = frozenset({"deadline_at", "ends_at"})
"""Moments by which something ends: midnight is written as 24:00 of the day before."""

_WORDS: Mapping[tuple[str, Any], Any] = {
    ("declared", True): lazy_gettext("declared as fulfilled"),
    ("declared", False): lazy_gettext("declared as not fulfilled"),
    ("school_party", True): lazy_gettext("the school's Party organisation declares a clean record"),
    ("school_party", False): lazy_gettext("the school's Party organisation declares that it is not clean"),
    ("discipline", True): lazy_gettext("the discipline body declares a clean record"),
    ("discipline", False): lazy_gettext("the discipline body declares that it is not clean"),
    ("readings_differ", True): lazy_gettext("the two readings of the age limit differ"),
    ("countersigned", "agree"): lazy_gettext("the county agrees"),
    ("countersigned", "object"): lazy_gettext("the county does not agree"),
    ("serving", True): lazy_gettext("serving now"),
    ("serving", False): lazy_gettext("not serving on the reference day"),
    ("counts", True): lazy_gettext("counts among the three"),
    ("counts", False): lazy_gettext("not counted"),
    ("attended", True): lazy_gettext("the host attended in person"),
    ("attended", False): lazy_gettext("the host did not attend"),
    ("decision", "recommend"): lazy_gettext("recommended"),
    ("decision", "return"): lazy_gettext("returned for correction"),
    ("decision", "reject"): lazy_gettext("not recommended"),
    ("decision", "complete"): lazy_gettext("complete"),
    ("decision", "refer"): lazy_gettext("referred for a decision"),
    ("decision", "accept"): lazy_gettext("accepted"),
    ("decision", "refuse"): lazy_gettext("not accepted"),
    ("decision", "clear"): lazy_gettext("nothing against the application"),
    ("decision", "veto"): lazy_gettext("vetoed"),
    ("decision", "approved"): lazy_gettext("approved"),
    ("decision", "struck"): lazy_gettext("struck"),
    ("ruling", "upheld"): lazy_gettext("objection upheld"),
    ("ruling", "dismissed"): lazy_gettext("objection dismissed"),
    ("ruling", "inadmissible"): lazy_gettext("objection inadmissible"),
}


def facts_words(row: LedgerRow) -> str:
    """Write the facts of a ledger row; nothing where there are none yet."""
    facts = row.facts or {}
    told = [word for name, value in facts.items() if (word := _fact(name, value))]
    return str(gettext("; ")).join(told)


def _fact(name: str, value: Any) -> str:
    if isinstance(value, str | bool) and (name, value) in _WORDS:
        return str(_WORDS[name, value])
    if name == "months":
        return length_text(value)
    if name in {"reason", "reasons"}:
        return reasons_text((value,) if isinstance(value, str) else tuple(value or ()))
    if name not in _NAMES or value in (None, "", []):
        return ""
    shown = deadline(datetime.fromisoformat(value)) if name in _DEADLINES else _value(value)
    return f"{_NAMES[name]} {shown}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _moment(value)
    if isinstance(value, list):
        return listed(str(each) for each in value)
    return str(value)


def _moment(text: str) -> str:
    """Write an ISO day or moment as such, any other text as it stands."""
    readers: tuple[tuple[int, Callable[[str], str]], ...] = (
        (len("2026-09-11"), lambda day: full_day(date.fromisoformat(day))),
        (len("2026-09-11T00:00:00+00:00"), lambda moment: full_moment(datetime.fromisoformat(moment))),
    )
    for least, read in reversed(readers):
        if len(text) >= least and text[4:5] == text[7:8] == "-" and text[:4].isdecimal():
            return read(text)
    return said(text)
