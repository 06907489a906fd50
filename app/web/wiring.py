"""What the web application was built with, within reach of every request."""

from dataclasses import dataclass

from flask import Flask, current_app

from app.adapters.metering import PrometheusMeter
from app.config import Settings
from app.domain.ports import Clock
from app.services.acting import Ports
from app.store import Database

_KEY = "shuangyou"


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts that ``create_web`` was handed."""

    settings: Settings
    database: Database
    ports: Ports
    clock: Clock
    meter: PrometheusMeter


def wire(web: Flask, wiring: Wiring) -> None:
    """Attach ``wiring`` to the application."""
    web.extensions[_KEY] = wiring


def wiring() -> Wiring:
    """Return what the current application was built with."""
    parts: Wiring = current_app.extensions[_KEY]
    return parts
