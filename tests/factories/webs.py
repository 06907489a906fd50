"""Applications that tests visit: one is made once a run for each set of settings, then serves each test's own parts."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

import app.services.programme  # noqa: F401 - registers the programme's actions and hooks
from app.adapters.metering import PrometheusMeter
from app.config import Settings
from app.domain.ports import Clock
from app.services.acting import Ports
from app.store import Database
from app.web import create_web
from app.web.wiring import Wiring, wire

_MADE: dict[str, Flask] = {}


def serve(settings: Settings, database: Database, ports: Ports, clock: Clock, *, apart: str = "") -> Flask:
    """An application of these parts, as new: to make one takes longer than most requests, so it is made once.

    The next test's ``serve`` takes it over. A module that adds routes keeps one ``apart`` under a name of its own.
    """
    key = f"{apart} {replace(settings, instance=Path())} {ports.sign_in} {database.url.get_backend_name()}"
    web = _MADE.get(key) or _MADE.setdefault(key, create_web(settings, database, ports, clock))
    wire(web, Wiring(settings, database, ports, clock, PrometheusMeter()))
    for limiter in web.extensions["limiter"]:
        limiter.reset()
    return web
