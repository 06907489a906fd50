"""The session's cookie: renewed by pages, and only now and then by what a page fetches for itself."""

import time
from datetime import timedelta

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.web.addresses import API

RENEWAL = timedelta(minutes=10)
"""How old a cookie gets before the requests of an open page renew it, so that typing keeps the session alive."""

_RENEWED = "renewed"


class SteadySessions(SecureCookieSessionInterface):
    """Keeps late answers from undoing what happened meanwhile.

    An autosave or a self-check carries the cookie as it was when it was sent. If its answer came after that of a button
    and set the cookie again, what the button put there, such as the word that a task is done, would be gone.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie. A call of the API has none: what it may do comes with its token alone."""
        return SecureCookieSession() if request.path.startswith(API) else super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether the answer carries the cookie."""
        if not session.permanent:
            return super().should_set_cookie(app, session)
        now = int(time.time())
        is_page = not request.headers.get("HX-Request")
        if is_page or now - int(session.get(_RENEWED, 0)) >= RENEWAL.total_seconds():
            session[_RENEWED] = now
        return session.modified
