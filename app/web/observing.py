"""Each request has an id, a line in the log and a place in the measurements; none of them says what was typed."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

from app.web.wiring import wiring

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADER = "X-Request-ID"
_UNTOLD = frozenset({"static", "operations.live", "operations.ready", "operations.metrics"})
"""Routes that leave no line in the log: there would be nothing but them."""

log = structlog.get_logger("request")


def observe(web: Flask) -> None:
    """Follow every request; called before anything else that looks at requests."""
    web.before_request(_begin)
    web.after_request(_end)


def _begin() -> None:
    g.begun = time.perf_counter()
    asked = request.headers.get(_HEADER, "")
    g.request_id = asked if _ID.fullmatch(asked) else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, **what_it_names())


def what_it_names() -> dict[str, str]:
    """Return the public id of the case or task that the address names, by ``case`` or ``task``."""
    given = request.view_args or {}
    if "task_id" in given:
        return {"task": given["task_id"]}
    name = given.get("public_id", given.get("case_id", given.get("case")))
    is_case = "/cases/" in request.path or "case" in given
    return {"case": str(name)} if is_case and name else {}


def _end(response: Response) -> Response:
    if "begun" not in g:
        return response  # refused before anything was begun: the address names another machine
    seconds = time.perf_counter() - g.begun
    route = request.url_rule.rule if request.url_rule else "unmatched"
    wiring().meter.request(request.method, route, response.status_code, seconds)
    response.headers[_HEADER] = g.request_id
    if request.endpoint not in _UNTOLD:
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(1000 * seconds, 1),
            person=_person(),
        )
    return response


def _person() -> str | None:
    """Return the public id of whoever is signed in, if this request has asked for it."""
    is_known = "_login_user" in g and current_user.is_authenticated
    return current_user.actor.public_id if is_known else None
