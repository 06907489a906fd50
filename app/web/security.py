"""Headers, cookies and limits that hold for every answer."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from app.config import Settings
from app.web.addresses import is_api
from app.web.sessions import SteadySessions

csrf = CSRFProtect()
"""Every form that changes something carries a token; htmx sends it as a header."""

LIMITS = {
    "identity.sign_in_now": "120 per minute",
    "api.tokens.create_token": "60 per minute",
    "identity.second_factor": "120 per minute",
    "identity.sign_in_by_passkey": "60 per minute",
    "identity.set_up_now": "30 per minute",
    "identity.come_back": "60 per minute",
    "public.lodge": "10 per hour",
    "public.lodge_provincially": "10 per hour",
    "public.receipt": "60 per minute",
}
"""How often one address may use what strangers can misuse; wrong passwords are counted per account as well."""

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}


def _policy(**wider: str) -> str:
    sources = _SOURCES | {name.replace("_", "-"): allowed for name, allowed in wider.items()}
    return "; ".join(f"{name} {allowed}" for name, allowed in sources.items())


EDITOR_POLICY = _policy(style_src="'self' 'unsafe-inline'")
"""The content policy of the one page that carries the drawing editor: it places what it draws by inline styles."""

_HEADERS = {
    "Content-Security-Policy": _policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 24 * MEGABYTE
"""Bytes of a whole request: one upload of 20 MB and the form around it."""

LARGEST_FORM = 2 * MEGABYTE
"""Bytes of a form's fields kept in memory."""

MOST_FIELDS = 10_000
"""Fields of a form sent with files: a long list of rows is no attack."""

_HOST_ONLY = "__Host-"
"""A cookie so called is taken by browsers over https only, for this host and the whole of it: no neighbour sets it."""


def configure(web: Flask, settings: Settings, *, lifetime: timedelta) -> None:
    """Set cookies, sizes and, in demonstration mode, the only names this machine answers to.

    ``lifetime``: how long a session may last at all; whether it still holds is the business of its record.
    """
    web.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=f"{_HOST_ONLY}shuangyou" if settings.https else "shuangyou",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=lifetime,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    web.session_interface = SteadySessions()
    web.before_request(_read_address)
    web.before_request(_bound_form)
    if settings.demonstration:
        web.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", "[::1]"]


def _bound_form() -> None:
    """Only an upload may be larger than a form: fields that come in one piece are bounded before they are read."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_FORM


def _refuse_nul(names: Iterable[str | None]) -> None:
    """No browser sends NUL and no database keeps it: whoever sends it is refused before anything is looked up.

    So is a part of a form that has no name (None).
    """
    if any(text is None or "\0" in text for text in names):
        raise BadRequest


def _read_address() -> None:
    _refuse_nul((request.path, *(text for pair in request.args.items(multi=True) for text in pair)))


def _read_form() -> None:
    _refuse_nul(text for pair in request.form.items(multi=True) for text in pair)


def secure(web: Flask, settings: Settings) -> None:
    """Protect forms and send the headers with every answer."""
    csrf.init_app(web)
    web.before_request(_read_form)

    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if is_api() or current_user.is_authenticated else "no-cache"
        return response

    web.after_request(add_headers)


class _SparingLimiter(Limiter):
    """Looks only at requests that are limited; the library looks at each, which costs as much as a query."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's signature
        if request.endpoint in LIMITS:
            super()._check_request_limit(callable_name, in_middleware)


def limit(web: Flask, storage: Mapping[str, Any]) -> None:
    """Count attempts by address at the routes of ``LIMITS``; called once every route is registered."""
    limiter = _SparingLimiter(get_remote_address, app=web, **storage)
    for endpoint, allowed in LIMITS.items():
        if endpoint in web.view_functions:
            view: Any = limiter.limit(allowed)(web.view_functions[endpoint])
            web.view_functions[endpoint] = view
