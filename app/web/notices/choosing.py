"""Routes of how one wants to be told: kinds by channels, quiet hours, where one can be reached."""

from collections.abc import Iterator
from datetime import time

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.notice_texts import Tongue
from app.domain.notices import Channel, Medium, Mode, NoticeKind, Quiet
from app.services.notifying.choosing import choose, set_habit, view_choices
from app.services.notifying.contacts import CodeWrong, ask_code, forget_contact, prove_contact
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the notices' blueprint."""
    bp.get("/choices")(choices)
    bp.post("/choices")(take_choices)
    bp.post("/choices/hours")(take_hours)
    bp.post("/choices/contacts/<medium>")(take_contact)
    bp.post("/choices/contacts/<medium>/code")(take_code)
    bp.post("/choices/contacts/<medium>/end")(drop_contact)


@access(SIGNED_IN)
def choices() -> str:
    """Show how one is told, and what may be chosen."""
    return _page()


def _page(**shown: object) -> str:
    with reading() as act:
        view = view_choices(act)
    return render_template("notices/choices.html", view=view, **shown)


@access(SIGNED_IN)
def take_choices() -> Answer:
    """Take when each kind is to come by each channel."""
    try:
        with acting() as act:
            choose(act, wanted=dict(_wanted()))
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    return _done(gettext("Your choice is kept."))


def _wanted() -> Iterator[tuple[tuple[NoticeKind, Channel], Mode]]:
    """Yield what the form names; a field of another name is none of it."""
    for kind in NoticeKind:
        for channel in Channel:
            text = request.form.get(f"{kind.value}.{channel.value}", "")
            if text in set(Mode):
                yield (kind, channel), Mode(text)


@access(SIGNED_IN)
def take_hours() -> Answer:
    """Take the quiet hours and the language one is written to in."""
    tongue = request.form.get("tongue", "")
    quiet = Quiet(_time("begins", Quiet().begins), _time("ends", Quiet().ends))
    with acting() as act:
        set_habit(act, quiet=quiet, tongue=Tongue(tongue) if tongue in set(Tongue) else Tongue.CHINESE)
    return _done(gettext("Your choice is kept."))


def _time(name: str, usual: time) -> time:
    try:
        return time.fromisoformat(request.form.get(name, "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return usual


@access(SIGNED_IN)
def take_contact(medium: str) -> Answer:
    """Send a code to an address that is to become one's own."""
    address = request.form.get("address", "")
    try:
        with acting() as act:
            ask_code(act, medium=_medium(medium), address=address)
    except DomainError as error:
        shown = {"refusal": refusal_of(error), "typed": {medium: address}}
        return Response(_page(**shown), STATUS[error.kind])
    return _done(gettext("A code is on its way to %(address)s. Enter it here within 10 minutes.", address=address))


@access(SIGNED_IN)
def take_code(medium: str) -> Answer:
    """Make an address one's own by the code that was sent to it."""
    try:
        with acting() as act:
            is_proved = prove_contact(act, medium=_medium(medium), code=request.form.get("code", ""))
        _check(is_proved=is_proved)
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    return _done(gettext("The address is confirmed. Messages go there from now on."))


def _check(*, is_proved: bool) -> None:
    """The wrong try is counted by then: its transaction has ended."""
    if not is_proved:
        raise CodeWrong


@access(SIGNED_IN)
def drop_contact(medium: str) -> Answer:
    """Take an address back."""
    with acting() as act:
        forget_contact(act, medium=_medium(medium))
    return _done(gettext("The address is removed; nothing is sent there any more."))


def _medium(text: str) -> Medium:
    if text not in set(Medium):
        raise NotFound
    return Medium(text)


def _done(said: str) -> Answer:
    flash(said)
    return redirect(url_for("notices.choices"))
