"""The composition root: web, worker and command line put together from one installation."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask import Flask

from app.adapters.clock import StandingClock
from app.adapters.courtesy import Courtesy
from app.adapters.logs import log_as_json
from app.adapters.metering import PrometheusMeter
from app.cli.audit import audit
from app.cli.backup import COMMANDS as BACKUP_COMMANDS
from app.cli.database import COMMANDS as DATABASE_COMMANDS
from app.cli.dossier import dossier
from app.cli.eligibility import eligibility
from app.cli.installation import Installation, open_installation, put_together
from app.cli.models import model
from app.cli.panel import panel
from app.config import PROJECT, Settings, read_settings
from app.domain.errors import DomainError, Kind
from app.jobs.postman import Postman
from app.jobs.worker import Worker, queue_of
from app.services import programme
from app.services.demonstration import build_demonstration, is_built
from app.services.installing import install
from app.services.outbox import kinds_that_may_wait
from app.store import Unavailable
from app.web import create_web
from app.web.languages import set_languages
from app.web.refusals import refusal_of
from app.web.serving import Server

_REFUSED = 2
_JOINED = programme
"""Imported for what it registers: actions, hooks and form contexts."""

_BEHIND_REQUESTS = 5
"""How far behind the web processes a worker stands where they share a machine (``nice``)."""

_SWITCH_SECONDS = 0.001
"""How long a thread at work keeps the interpreter while a request waits for it."""


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
    log_as_json()


for command in (eligibility, model, audit, dossier, panel, *DATABASE_COMMANDS, *BACKUP_COMMANDS):
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
    with TemporaryDirectory(prefix="shuangyou-meter-") as folder:
        meter = PrometheusMeter(None if settings.is_single else Path(folder))
        courtesy = Courtesy()
        begin = partial(_begin_work, settings, meter, courtesy) if settings.is_single else _leave_work
        Server(settings, partial(_create_courteous, settings, meter, courtesy), begin).run()


@cli.command()
def worker() -> None:
    """Do the work that falls due, beside the web processes (PostgreSQL); any number of workers may run."""
    os.nice(_BEHIND_REQUESTS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    meter = PrometheusMeter()
    installation = open_installation(meter)
    meter.show(installation.settings.worker_metrics_port)
    work, post = hands_of(installation)
    threading.Thread(target=post.run_forever, args=(stop,), name="postman").start()
    work.run_forever(stop)


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
    installation = put_together(settings, durable=False)
    began = time.monotonic()
    real_now = installation.clock.real_now()
    build_demonstration(
        installation.database, installation.ports, real_now=real_now, run_until_quiet=_working(installation)
    )
    installation.database.close()
    os.sync()
    logging.getLogger("shuangyou").info("demonstration built in %.1f s", time.monotonic() - began)


def _working(installation: Installation) -> Callable[[datetime], None]:
    """Return what does all due work as of a given moment: the demonstration's past is lived through with it.

    Papers to be typeset and evidence to be compared are left to the worker of the server: no case goes on by them.
    """

    def run_until_quiet(now: datetime) -> None:
        clock = StandingClock(now)
        Worker(installation.database, installation.ports, clock, leaving=kinds_that_may_wait()).run_until_quiet()

    return run_until_quiet


def create_app(settings: Settings | None = None, meter: PrometheusMeter | None = None) -> Flask:
    """Build the web application of the environment (or of ``settings``): what a WSGI server loads."""
    meter = meter or PrometheusMeter()
    parts = put_together(settings or read_settings(), meter)
    return create_web(parts.settings, parts.database, parts.ports, parts.clock, meter)


def _create_courteous(settings: Settings, meter: PrometheusMeter, courtesy: Courtesy) -> Flask:
    web = create_app(settings, meter)
    setattr(web, "wsgi_app", courtesy.counted(web.wsgi_app))  # noqa: B010 - Flask's way, which mypy takes for a method
    return web


def _begin_work(settings: Settings, meter: PrometheusMeter, courtesy: Courtesy) -> None:
    """Let threads of this process do the worker's work, requests before it, and send what is to be sent."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    work, post = hands_of(put_together(settings, meter))
    threading.Thread(target=work.run_forever, args=(threading.Event(), courtesy.give_way), daemon=True).start()
    threading.Thread(target=post.run_forever, args=(threading.Event(),), daemon=True).start()


def _leave_work() -> None:
    """Do nothing: with several processes the worker is one of its own."""


def hands_of(installation: Installation) -> tuple[Worker, Postman]:
    """Return who does what falls due, and who sends what is to be sent."""
    parts = installation
    lease = timedelta(seconds=parts.settings.lease_seconds)
    return (
        Worker(parts.database, parts.ports, parts.clock, lease=lease, queue=queue_of(parts.database, lease)),
        Postman(parts.database, parts.ports, parts.clock),
    )


def _told(refusal: DomainError) -> str:
    """Return a refusal in words, with its code for whoever looks it up."""
    web = Flask("app.web")  # whose folder keeps the catalogues
    set_languages(web)
    with web.test_request_context():
        title, advice = refusal_of(refusal)
    return f"{title} · {advice} [{refusal.code}]"
