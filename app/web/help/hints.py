"""Hints on a first visit: one a kind of page, shown until the person puts it away."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.services.helping import hints_put_away
from app.web.acting import reading


@dataclass(frozen=True, slots=True)
class Hint:
    """What somebody new to a page should know."""

    key: str
    title: LazyString
    text: LazyString


HINTS: Mapping[str, Hint] = {
    "inbox.show": Hint(
        "inbox",
        _l("Everything that waits for you stands here"),
        _l("The most urgent first. What you type is saved by itself, so you may stop and go on at any time."),
    ),
    "tasks.show_task": Hint(
        "task",
        _l("How a task is done"),
        _l(
            "On top: what it is, what to do, by when and why. Fill in the left, read the case on the right, and finish "
            "with the buttons below; the page says beforehand where they lead."
        ),
    ),
    "applications.start": Hint(
        "apply",
        _l("Nothing is submitted by starting"),
        _l("You get a draft to work on until the closing day; the self-check beside it tells what is still missing."),
    ),
    "cases.show_case": Hint(
        "case",
        _l("How to read a case"),
        _l(
            "Green is done, red is where it stands, dashed lies ahead. Below: who held it how long, and every verdict "
            "with its clause."
        ),
    ),
    "workshop.list_models": Hint(
        "workshop",
        _l("A draft changes nothing yet"),
        _l("Drafts are checked as you save them. A second person releases them; running cases keep their version."),
    ),
    "audit.search": Hint(
        "audit",
        _l("You read everything and change nothing"),
        _l("Open a case to see all that was handed in and to have its chain checked."),
    ),
    "admin.overview": Hint(
        "admin",
        _l("Three administrators, three parts"),
        _l("One keeps the system, one the people and their roles, one audits. Nobody can hold two of the three."),
    ),
}
"""The route of a page → its hint."""

KEYS = frozenset(hint.key for hint in HINTS.values())


def hint_here() -> Hint | None:
    """Return the hint of the page being shown, None once the person has put it away."""
    hint = HINTS.get(request.endpoint or "")
    if hint is None or request.method != "GET" or not current_user.is_authenticated:
        return None
    with reading() as act:
        return None if hint.key in hints_put_away(act) else hint
