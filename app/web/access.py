"""Who may open which page: every route declares it, and what declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.tokens import Scope
from app.services.acting import Actor
from app.web.acting import refusing

P = ParamSpec("P")
R = TypeVar("R")
_MARK = "__access__"


@dataclass(frozen=True, slots=True)
class Access:
    """Who is admitted to a route: anybody, anybody signed in, or holders of one of ``roles`` at any unit.

    Finer rules (this task, this unit's case) are the services' business. ``keeps``: the name of the form button under
    which a form posted after the session has expired is kept and offered again once its writer has signed in.
    ``scope``: what the token of a call to the API must be good for. ``while_due``: open even to somebody who must first
    choose a password or a second factor; ``confirmed``: asks again who it is, unless they proved it lately.
    """

    public: bool = False
    roles: frozenset[RoleKey] = frozenset()
    keeps: str | None = None
    scope: Scope | None = None
    while_due: bool = False
    confirmed: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Tell whether ``actor`` (None: nobody is signed in) may open the route."""
        if self.public:
            return True
        if actor is None:
            return False
        return not self.roles or any(actor.holds(role) for role in self.roles)


PUBLIC = Access(public=True)
"""Anybody, signed in or not."""

SIGNED_IN = Access()
"""Anybody who has signed in, whatever roles they hold."""


class NotForYourRole(DomainError):
    """The page belongs to other roles. Params: ``roles``, the keys of the roles that may open it."""

    code = "not_for_your_role"
    kind = Kind.FORBIDDEN


class AccessUndeclared(DomainError):
    """A route that says nothing about its access is open to nobody. Params: ``endpoint``."""

    code = "access_undeclared"
    kind = Kind.FORBIDDEN


class ScopeMissing(DomainError):
    """The token is not good for this. Params: ``scope``."""

    code = "scope_missing"
    kind = Kind.FORBIDDEN


def access(*allowed: Access | RoleKey, **more: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who may open a route: ``PUBLIC``, ``SIGNED_IN`` or the roles that may.

    Stands below the route's own decorator. ``more``: ``keeps``, ``scope``, ``while_due``, ``confirmed`` of ``Access``.
    """
    roles = frozenset(item for item in allowed if isinstance(item, RoleKey))
    wide = [item for item in allowed if isinstance(item, Access)]
    if not allowed or (roles and wide) or len(wide) > 1:
        message = "declare PUBLIC, SIGNED_IN, or roles"
        raise ValueError(message)
    declared = Access(bool(wide and wide[0].public), roles, **more)

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _MARK, declared)
        return view

    return mark


def access_of(web: Flask, endpoint: str) -> Access | None:
    """Return what the route named ``endpoint`` declares, None if it declares nothing."""
    declared: Access | None = getattr(web.view_functions.get(endpoint), _MARK, None)
    return declared


def admits(endpoint: str) -> bool:
    """Tell whether the person of this request may open the route; a route that does not exist admits nobody."""
    declared = access_of(current_app, endpoint)
    return declared is not None and declared.admits(_actor())


class Answers(NamedTuple):
    """What is answered to whoever has not signed in, must do something else first, or must confirm who they are."""

    sign_in: Callable[[Access], Response]
    due: Callable[[Access], Response]
    confirm: Callable[[Access], Response]


def guard(web: Flask, answers: Answers) -> None:
    """Refuse whatever a route does not declare, before anything else runs."""

    def admit() -> Response | None:
        if request.endpoint is None:
            return None  # no such address or method: the error pages answer
        declared = access_of(web, request.endpoint)
        if declared is None:
            raise AccessUndeclared(endpoint=request.endpoint)
        if declared.public:
            return None
        actor = _actor()
        if actor is None:
            return answers.sign_in(declared)
        with refusing():
            _check(declared, actor)
        return _first(declared, answers)

    access(PUBLIC)(web.view_functions["static"])
    web.before_request(admit)


def _check(declared: Access, actor: Actor) -> None:
    if declared.scope not in (None, *current_user.scopes):
        raise ScopeMissing(scope=declared.scope)
    if not declared.admits(actor):
        raise NotForYourRole(roles=tuple(role for role in RoleKey if role in declared.roles))


def _first(declared: Access, answers: Answers) -> Response | None:
    """Return what comes before the page for somebody whom it admits, None if nothing does."""
    if current_user.due and not declared.while_due:
        return answers.due(declared)
    if declared.confirmed and not current_user.is_confirmed:
        return answers.confirm(declared)
    return None


def _actor() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None
