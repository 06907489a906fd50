"""How studios, their documents, their money and what is owed are called on pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.amounts import metres_of, yuan_of
from app.domain.studios import DOCUMENT_NAMES, DocumentKind, year_called
from app.web.english import said
from app.web.states import Shown

STATES: Mapping[str, Shown] = {
    "building": Shown(_l("Under construction"), "info", "clock"),
    "suspended": Shown(_l("Suspended"), "human", "alert-triangle"),
    "in_acceptance": Shown(_l("In acceptance"), "info", "clock"),
    "deferred": Shown(_l("Acceptance put off"), "human", "alert-triangle"),
    "accepted": Shown(_l("Accepted"), "met", "circle-check"),
    "failed": Shown(_l("Not accepted at the end"), "not", "circle-x"),
    "ended_early": Shown(_l("Ended early"), "", "ban"),
    "revoked": Shown(_l("Title revoked"), "not", "circle-x"),
}

OBLIGATIONS: Mapping[str, Shown] = {
    "overdue": Shown(_l("Overdue"), "not", "alert-triangle"),
    "at_risk": Shown(_l("At risk"), "human", "clock"),
    "open": Shown(_l("In time"), "info", "clock"),
    "done": Shown(_l("Done"), "met", "circle-check"),
}

_WORDS: Mapping[str, LazyString] = {
    "school": _l("School"),
    "county": _l("County"),
    "city": _l("City"),
    "province": _l("Province"),
    "training": _l("Training"),
    "activity": _l("Activities"),
    "research": _l("Research"),
    "equipment": _l("Equipment"),
    "materials": _l("Materials"),
    "other": _l("Other"),
    "demonstration": _l("Model activity"),
    "exchange": _l("Exchange"),
    "service": _l("Guidance and service"),
    "excellent": _l("Excellent"),
    "good": _l("Good"),
    "fair": _l("Fair"),
    "poor": _l("Poor"),
    "done": _l("Done"),
    "under_way": _l("Under way"),
    "not_begun": _l("Not begun"),
    "pledge": _l("Pledged"),
    "receipt": _l("Come in"),
    "spending": _l("Spent"),
}


def studio_state(state: str) -> Shown:
    """Return how a studio's state is shown."""
    return STATES[state]


def obligation_state(state: str) -> Shown:
    """Return how an obligation's state is shown."""
    return OBLIGATIONS[state]


def studio_word(word: str) -> str:
    """Write a kind of line, payer, heading, kind of activity, grade or degree of fulfilment."""
    return str(_WORDS[word])


def year_name(number: int) -> str:
    """Write a year of the term."""
    return said(year_called(number))


def document_name(kind: str, year: int = 0) -> str:
    """Write what a document is called; of a year's plan with its year."""
    known = DocumentKind(kind)
    return said(f"{year_called(year)}工作计划" if known is DocumentKind.YEAR_PLAN else DOCUMENT_NAMES[known])


FILTERS = (studio_state, obligation_state, studio_word, year_name, document_name, yuan_of, metres_of)
"""What the templates of this area may use."""
