"""What is carried along while somebody proves who they are: where they wanted to go, and what they had typed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, redirect, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.wrappers import Response as Answer

from app.services.acting import Actor
from app.web.addresses import safe_next
from app.web.identity.session import first_page
from app.web.wiring import wiring

_LARGEST_KEPT = 200_000
_PLACE = frozenset({"_revision", "_at"})
"""Over which draft and on which step of a form the fields were typed: they go with the fields, or would conflict."""

CONFIRMED = "_confirmed"
"""The button under which a form is kept whose sender must confirm first who they are."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Where somebody goes on afterwards: ``next``, or the form they had sent, signed in ``kept``."""

    next: str = ""
    kept: str = ""

    def onward(self, person: Actor) -> Answer:
        """Go on: to what was wanted, or to where the person begins. What was typed is offered, never sent unasked."""
        form = kept_form(self.kept)
        if form is None:
            return redirect(self.next or first_page(person))
        return Response(render_template("identity/kept.html", **form))


def carried() -> Carried:
    """Return what this request carries along."""
    fields = request.form if request.method == "POST" else request.args
    return Carried(safe_next(fields.get("next"), ""), request.form.get("kept", ""))


def carry_request(button: str | None) -> Carried:
    """Carry this very request along: its page, or with ``button`` the form it sends."""
    if request.method in {"GET", "HEAD"}:
        return Carried(next=request.full_path.rstrip("?"))
    kept = keep_form(button) if button else ""
    return Carried(next=request.path if kept else "", kept=kept)


def keep_form(button: str) -> str:
    """Return the posted fields, signed, with ``button`` as the only action; empty when they are too large to carry."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if _is_typed(name)]
    kept = _signer().dumps({"to": request.path, "button": button, "fields": fields})
    return kept if len(kept) <= _LARGEST_KEPT else ""


def _is_typed(name: str) -> bool:
    """Tell a field from a form's button (its name begins with ``_``) and from the token."""
    return name in _PLACE or not (name.startswith("_") or name == "csrf_token")


def kept_form(text: str) -> dict[str, object] | None:
    """Return what ``keep_form`` signed, None for anything else."""
    try:
        kept: dict[str, object] = _signer().loads(text)
    except BadSignature:
        return None
    return kept


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(wiring().settings.secret_key, salt="kept-form")


def ticket(purpose: str, content: Any) -> str:
    """Return ``content`` signed, for a later step of the same conversation."""
    return _tickets(purpose).dumps(content)


def of_ticket(purpose: str, text: str, good_for: timedelta) -> Any:
    """Return what ``ticket`` signed for that purpose; None if it was not, or is too old."""
    try:
        return _tickets(purpose).loads(text, max_age=int(good_for.total_seconds()))
    except BadSignature:
        return None


def _tickets(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(wiring().settings.secret_key, salt=f"ticket {purpose}")
