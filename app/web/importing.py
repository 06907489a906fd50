"""Sheets of an office taken in: tried out, looked at row by row, applied as shown; one set of routes for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, Protocol, TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import spreadsheet
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.roster.plan import Fault, Plan, Verdict
from app.services.acting import Act
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.errors import STATUS
from app.web.refusals import refusal_of

_SHOWN = 200
"""Rows of a trial shown on its page at most."""

Came = TypeVar("Came")


class Trial(Protocol):
    """A file tried out, with what it would do now."""

    @property
    def plan(self) -> Plan:
        """What it would do, row by row."""
        ...


@dataclass(frozen=True, slots=True)
class Importing(Generic[Came]):
    """A list that an office takes in: services that try a file out, view the trial, apply it and say what came of it.

    ``pages``: the templates of its first page and of a trial; ``shown``: what the first page shows; ``fault``: says
    what is wrong; ``said``: says what came of it; ``then``: the endpoint that comes after.
    """

    roles: tuple[RoleKey, ...]
    template: Callable[[Act], bytes]
    try_out: Callable[..., str]
    view: Callable[..., Trial]
    apply: Callable[..., Came]
    pages: tuple[str, str]
    shown: Callable[[Act], Mapping[str, Any]]
    fault: Callable[[Fault], str]
    said: Callable[[Came], str]
    then: Callable[[], str]
    file_name: str = "template.xlsx"


def add_routes(bp: Blueprint, path: str, importing: Importing[Any]) -> None:
    """Add the five routes of a list to a blueprint, its first page at ``path``."""
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("", "GET", show_import),
        ("", "POST", try_sheet),
        ("/template.xlsx", "GET", send_template),
        ("/<trial>", "GET", show_trial),
        ("/<trial>", "POST", apply_sheet),
    )
    for rule, method, view in routes:
        bp.add_url_rule(path + rule, view.__name__, access(*importing.roles)(_of(importing, view)), methods=[method])


def _of(importing: Importing[Any], view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def bound(**place: str) -> Any:
        return view(importing, **place)

    return bound


def show_import(importing: Importing[Any]) -> str:
    """Show how the list is taken in."""
    return _first(importing)


def _first(importing: Importing[Any], **more: object) -> str:
    with reading() as act:
        shown = importing.shown(act)
    return render_template(importing.pages[0], **shown, **more)


def send_template(importing: Importing[Any]) -> Response:
    """Send the empty sheets."""
    with reading() as act:
        content = importing.template(act)
    return sent(content, spreadsheet.MEDIA_TYPE, importing.file_name)


def sent(content: bytes, media_type: str, name: str) -> Response:
    """Return a file to be saved under a name."""
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def try_sheet(importing: Importing[Any]) -> Answer:
    """Take a file and show what it would do; nothing is changed yet."""
    name, content = forms.uploaded()
    try:
        with acting() as act:
            trial = importing.try_out(act, file_name=name, content=content)
    except DomainError as error:
        return Response(_first(importing, refusal=refusal_of(error)), STATUS[error.kind])
    return redirect(url_for(".show_trial", trial=trial))


def show_trial(importing: Importing[Any], trial: str) -> str:
    """Show what a file would do, row by row, refused ones first."""
    return _trial(importing, trial)


def _trial(importing: Importing[Any], public_id: str, **more: object) -> str:
    with reading() as act:
        found = importing.view(act, public_id=public_id)
    asked = request.args.get("show", "")
    verdicts = frozenset({Verdict(asked)}) if asked in set(Verdict) else frozenset(Verdict)
    rows = sorted(found.plan.rows(verdicts), key=lambda each: each[1].verdict is not Verdict.REFUSED)
    shown = {"trial": found, "plan": found.plan, "asked": asked, "told": importing.fault}
    left = max(0, len(rows) - _SHOWN)
    return render_template(importing.pages[1], **shown, rows=rows[:_SHOWN], left=left, **more)


def apply_sheet(importing: Importing[Any], trial: str) -> Answer:
    """Apply a file exactly as it was shown, or refuse."""
    try:
        with acting() as act:
            came = importing.apply(act, public_id=trial, digest=forms.field("digest"))
    except DomainError as error:
        return Response(_trial(importing, trial, refusal=refusal_of(error)), STATUS[error.kind])
    flash(importing.said(came))
    return redirect(url_for(importing.then()))


def counted(counts: Mapping[Verdict, int]) -> str:
    """Say how many rows were added, changed and left as they were."""
    said: str = gettext(
        "Imported: %(added)d added, %(changed)d changed, %(unchanged)d as they were.",
        added=counts[Verdict.ADDED],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED],
    )
    return said
