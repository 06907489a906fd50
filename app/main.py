"""The composition root: web, worker and command line put together from one installation."""

import logging
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

from app.adapters.clock import StandingClock
from app.cli.audit import audit
from app.cli.database import COMMANDS as DATABASE_COMMANDS
from app.cli.eligibility import eligibility
from app.cli.installation import Installation, open_installation, put_together
from app.cli.models import model
from app.config import PROJECT, Settings, read_settings
from app.domain.errors import DomainError, Kind
from app.jobs.postman import Postman
from app.jobs.worker import Worker
from app.services import programme
from app.services.demonstration import build_demonstration, is_built
from app.services.installing import install
from app.store import Unavailable
from app.web import create_web
from app.web.languages import set_languages
from app.web.refusals import refusal_of

_REFUSED = 2
_JOINED = programme
"""Imported for what it registers: actions, hooks and form contexts."""


class NoDemonstration(DomainError):
    """The data are no whole demonstration: its first start was interrupted, or they are real. Params: ``instance``."""

    code = "no_demonstration"
    kind = Kind.CONFLICT


class Refusing(click.Group):
    """A command group that tells a refusal in one line on stderr and exits with 2, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            click.echo(f"shuangyou: {_told(refusal)}", err=True)
            sys.exit(_REFUSED)
        except Unavailable as trouble:
            click.echo(f"shuangyou: 数据库连接不上 / the database cannot be reached: {trouble.orig}", err=True)
            sys.exit(_REFUSED)


@click.group(cls=Refusing)
def cli() -> None:
    """双优工作室管理平台 · the review programme driven by BPMN models."""


for command in (eligibility, model, audit, *DATABASE_COMMANDS):
    cli.add_command(command)


@cli.command()
@click.option("--demonstration", is_flag=True, help="Made-up units, people and cases; loopback only.")
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (8000).")
def serve(**options: Any) -> None:
    """Serve the pages, with the worker in the same process."""
    chosen = {name: value for name, value in options.items() if value}
    settings = read_settings(**chosen)
    prepare(put_together(settings))
    click.echo(f"http://{settings.host}:{settings.port}")
    Server(settings).run()


@cli.command()
def worker() -> None:
    """Run one more worker beside the web processes (PostgreSQL)."""
    installation = open_installation()
    post = Postman(installation.database, installation.ports, installation.clock)
    threading.Thread(target=post.run_forever, args=(threading.Event(),), daemon=True, name="postman").start()
    Worker(installation.database, installation.ports, installation.clock).run_forever(threading.Event())


def prepare(installation: Installation) -> None:
    """Bring tables and models up to date; in demonstration mode build the demonstration once."""
    installation.bring_up_to_date()
    with installation.acting() as act:
        install(act, root=PROJECT)
    is_begun = is_built(installation.database)
    installation.database.close()
    if installation.settings.demonstration:
        _have_demonstration(installation.settings, is_begun=is_begun)


def _have_demonstration(settings: Settings, *, is_begun: bool) -> None:
    """Build the demonstration where there is nothing yet; a mark says that it is whole. Raises ``NoDemonstration``."""
    mark = settings.instance / "demonstration"
    if is_begun and not mark.exists():
        raise NoDemonstration(instance=str(settings.instance))
    if not is_begun:
        _build_apart(settings)
        mark.touch()


def _build_apart(settings: Settings) -> None:
    """Build the demonstration in a process of its own.

    The server forks later, and the file store's threads, once started, do not live on in a fork: the first upload
    there would wait for them for ever.
    """
    builder = multiprocessing.get_context("fork").Process(target=_build, args=(settings,))
    builder.start()
    builder.join()
    if builder.exitcode:
        raise SystemExit(builder.exitcode)


def _build(settings: Settings) -> None:
    installation = put_together(settings)
    began = time.monotonic()
    real_now = installation.clock.real_now()
    build_demonstration(
        installation.database, installation.ports, real_now=real_now, run_until_quiet=_working(installation)
    )
    logging.getLogger("shuangyou").info("demonstration built in %.1f s", time.monotonic() - began)
    installation.database.close()


def _working(installation: Installation) -> Callable[[datetime], None]:
    """Return what does all due work as of a given moment: the demonstration's past is lived through with it."""

    def run_until_quiet(now: datetime) -> None:
        Worker(installation.database, installation.ports, StandingClock(now)).run_until_quiet()

    return run_until_quiet


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application of the environment (or of ``settings``): what a WSGI server loads."""
    installation = put_together(settings or read_settings())
    return create_web(installation.settings, installation.database, installation.ports, installation.clock)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with one process of several threads, and the worker as one more thread of it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Say how gunicorn is to run."""
        settings = self._settings
        options = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": settings.threads,
            "worker_tmp_dir": None,
            "post_worker_init": self._start_worker,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "shuangyou",
            "graceful_timeout": 10,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application, in the process that serves it."""
        return create_app(self._settings)

    def _start_worker(self, _process: Any) -> None:
        installation = put_together(replace(self._settings))
        work = Worker(installation.database, installation.ports, installation.clock)
        post = Postman(installation.database, installation.ports, installation.clock)
        for name, run in (("worker", work.run_forever), ("postman", post.run_forever)):
            threading.Thread(target=run, args=(threading.Event(),), daemon=True, name=name).start()


def _told(refusal: DomainError) -> str:
    """Return a refusal in words, with its code for whoever looks it up."""
    web = Flask("app.web")  # whose folder keeps the catalogues
    set_languages(web)
    with web.test_request_context():
        title, advice = refusal_of(refusal)
    return f"{title} · {advice} [{refusal.code}]"


def _log_plainly() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


_log_plainly()
