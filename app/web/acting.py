"""A request's transaction: who acts, at what time, on what; the commit happens here and nowhere else.

What is refused changes nothing and stays in the trail: whatever somebody tried to do, what those who are signed in
tried to read or to enter.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from flask import g, request
from flask_login import AnonymousUserMixin, UserMixin, current_user

from app.domain.errors import DomainError
from app.domain.tokens import Scope
from app.services.acting import Act, Actor
from app.services.refusing import note_refusal
from app.services.sessions import Due
from app.store import Session, leaves_mark, on_rollback
from app.web.observing import what_it_names
from app.web.wiring import wiring

PUBLIC_ACTOR_NAME = "公众"
"""The name under which the anonymous public acts."""


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The person of the session or of a token, with the roles held today.

    ``scopes``: what the token is good for. A session's cookie holds its ``key``; ``due`` is what must be done in it
    before anything else, ``is_confirmed`` whether its person proved lately who they are.
    """

    def __init__(
        self,
        actor: Actor,
        scopes: frozenset[Scope] = frozenset(),
        *,
        key: str = "",
        due: Due | None = None,
        is_confirmed: bool = False,
    ) -> None:
        self.actor = actor
        self.scopes = scopes
        self.due = due
        self.is_confirmed = is_confirmed
        self._key = key

    def get_id(self) -> str:
        """Return what the session cookie keeps: the session's token, which says nothing by itself."""
        return self._key


def actor() -> Actor:
    """Return who acts in this request: the person signed in, or the public with no roles at all."""
    known: Actor = current_user.actor if current_user.is_authenticated else Actor(None, PUBLIC_ACTOR_NAME, ())
    return replace(known, address=request.remote_addr or "")


def ask_nobody() -> None:
    """Take the rest of this request for nobody's, unless its person is known: the database is asked no more."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps who it has loaded


@contextmanager
def acting() -> Iterator[Act]:
    """Open the request's writing transaction: committed at the end of the block, rolled back by any exception."""
    with wiring().database.transaction() as session:
        try:
            yield _act(session)
        except DomainError as refusal:
            if not leaves_mark(session):  # what leaves a mark of its own needs no other
                on_rollback(session, partial(_note, refusal))
            raise


@contextmanager
def reading() -> Iterator[Act]:
    """Open a transaction that only reads."""
    with refusing(), wiring().database.reading() as session:
        yield _act(session)


@contextmanager
def refusing() -> Iterator[None]:
    """Note what is refused within the block, outside any transaction, to somebody who is signed in."""
    try:
        yield
    except DomainError as refusal:
        if actor().person_id is not None:
            with wiring().database.transaction() as session:
                _note(refusal, session)
        raise


def attempt() -> str:
    """Return what this request tries, as the trail calls it: its method, its route, the case or task it names."""
    names = (f"{kind}/{name}" for kind, name in what_it_names().items())
    route = request.url_rule.rule if request.url_rule else request.path
    return " ".join((request.method, route, *names))


def _note(refusal: DomainError, session: Session) -> None:
    note_refusal(_act(session), refusal, attempt())


def _act(session: Session) -> Act:
    parts = wiring()
    return Act(
        session=session, actor=actor(), now=parts.clock.now(), real_now=parts.clock.real_now(), ports=parts.ports
    )
