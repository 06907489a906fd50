"""The least that a web application can do for a write: Flask, one row inserted, one commit."""

import os

from flask import Flask
from sqlalchemy import create_engine, text


def build() -> Flask:
    """An application with one route."""
    web = Flask(__name__)
    engine = create_engine(os.environ["BARE_URL"])
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, word text NOT NULL)"))

    @web.get("/")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @web.post("/")
    def insert() -> dict[str, str]:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO bare (word) VALUES ('one')"))
        return {"status": "ok"}

    return web
