"""From the session cookie to a person, and what somebody unknown is answered."""

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_login import login_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.accounts import load_actor
from app.services.acting import Actor
from app.web.access import Access
from app.web.acting import SignedIn
from app.web.identity.accounts_shown import ACCOUNTS_PASSWORD, accounts_to_show
from app.web.wiring import wiring

_LARGEST_KEPT = 200_000
_ROOMS = {
    RoleKey.AUDITOR: "audit.search",
    RoleKey.SYSADMIN: "admin.overview",
    RoleKey.SECADMIN: "admin.overview",
    RoleKey.DESIGNER: "workshop.list_models",
    RoleKey.PUBLISHER: "workshop.list_models",
}
"""Where those begin who take no case work: their inbox is always empty."""
_PLACE = frozenset({"_revision", "_at"})
"""Over which draft and on which step of a form the fields were typed: they go with the fields, or would conflict."""


def load_person(person_id: str) -> SignedIn | None:
    """Return the person of a session; None if there is none, or none who may still sign in."""
    parts = wiring()
    if not person_id.isdecimal():
        return None
    with parts.database.reading() as opened:
        actor = load_actor(opened, int(person_id), parts.clock.now())
    return None if actor is None else SignedIn(actor)


def begin(actor: Actor) -> None:
    """Begin a session of its own for ``actor``: nothing of an earlier one survives (session fixation)."""
    session.clear()
    login_user(SignedIn(actor))
    session.permanent = True


def answer_unknown(declared: Access) -> Answer:
    """Ask for a sign-in. What was typed into a form that ``keeps`` is carried along and offered again afterwards."""
    if request.headers.get("HX-Request"):
        return make_response(render_template("identity/expired_fragment.html"), 401)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("identity.sign_in", next=request.full_path.rstrip("?")))
    kept = keep_form(declared.keeps) if declared.keeps else ""
    return sign_in_page(status=401, kept=kept, next_address=request.path if kept else "", expired=True)


def sign_in_page(*, status: int = 200, **shown: object) -> Response:
    """Answer with the sign-in form."""
    accounts = {"accounts": accounts_to_show(), "accounts_password": ACCOUNTS_PASSWORD}
    return make_response(render_template("identity/sign_in.html", **accounts, **shown), status)


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


def first_page(person: Actor) -> str:
    """Return the address at which a person begins: the inbox, or the room of a role without case work."""
    return url_for(next((room for role, room in _ROOMS.items() if person.holds(role)), "inbox.show"))
