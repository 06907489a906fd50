"""``/healthz``, ``/readyz`` and ``/metrics``: answered in a few words, details only to those who run the machine."""

import hmac
import ipaddress
import shutil
from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from app.services.operations import Gauges, gauges, worker_is_alive
from app.store import Unavailable
from app.store.migrating import is_current
from app.web.access import PUBLIC, access
from app.web.acting import reading
from app.web.wiring import wiring

bp = Blueprint("operations", __name__)

LEAST_FREE = 256 * 1024 * 1024
"""Bytes that must be free on the disk of the files."""

_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
"""Headers of a request that a proxy on this machine has passed on from elsewhere."""

_HELP = {
    "open_tasks": "Tasks that wait for somebody",
    "active_cases": "Cases on their way",
    "messages_waiting": "Messages nobody has taken yet",
    "outbox_waiting": "Work still to be done after a commit",
    "outbox_failing": "Such work that has failed and will be tried again",
    "open_incidents": "Cases that stand still until an administrator acts",
    "overdue_seconds": "For how long the earliest timer has been due",
    "outbox_seconds": "For how long the oldest waiting work has been due",
    "worker_seconds": "Since the last sign of life of a worker",
}


@bp.get("/healthz")
@access(PUBLIC)
def live() -> Response:
    """Say that the process answers; asks nothing of the database."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access(PUBLIC)
def ready() -> tuple[Response, HTTPStatus]:
    """Say whether work can be done here: database, tables, worker, disk; which of them fails is told to few."""
    checks = {**_of_database(), "disk": shutil.disk_usage(wiring().settings.instance).free >= LEAST_FREE}
    is_ready = all(checks.values())
    answer: dict[str, object] = {"status": "ok" if is_ready else "not ready"}
    if _may_know():
        answer["checks"] = checks
    return jsonify(answer), HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE


def _of_database() -> dict[str, bool]:
    try:
        current = is_current(wiring().database)
        if not current:
            return {"database": True, "tables": False, "worker": False}
        with reading() as act:
            return {"database": True, "tables": True, "worker": worker_is_alive(act)}
    except Unavailable:
        return {"database": False, "tables": False, "worker": False}


@bp.get("/metrics")
@access(PUBLIC)
def metrics() -> Response:
    """Give Prometheus what was measured and what is waiting now."""
    if not _may_know():
        return Response("forbidden\n", HTTPStatus.FORBIDDEN, content_type="text/plain")
    with reading() as act:
        found = gauges(act)
    return Response(wiring().meter.text(_shown(found)), content_type="text/plain; version=0.0.4; charset=utf-8")


def _shown(found: Gauges) -> Iterator[tuple[str, str, float]]:
    for name, words in _HELP.items():
        value = getattr(found, name)
        if value is not None:
            yield name, words, float(value)


def _may_know() -> bool:
    """Tell whether the request carries the installation's token or, where none is set, comes from this very machine."""
    token = wiring().settings.metrics_token
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    is_passed_on = any(name in request.headers for name in _FORWARDED)
    return not is_passed_on and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - stands for nowhere
