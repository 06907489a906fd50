"""What a process does on a database until it dies, kill -9, at a chosen point."""

import io
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.adapters.mail import MailMessenger, MailServer
from app.domain.notices import Channel
from app.domain.ports import Letter, Outgoing
from app.jobs.postman import Postman
from app.jobs.worker import Worker
from app.services import moving_cases
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.inbox import inbox
from app.services.outside import ports_of
from app.services.tasks import complete_task
from app.store import Database
from app.store.migrating import upgrade
from app.store.models import Person
from tests.factories import errands
from tests.factories.acts import SetClock, Stage

_REGISTERED = errands.note, moving_cases.move_case
PDF = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 1>>endobj\n%%EOF\n"


def die(*_: Any) -> None:
    """Leave without a word, as after a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(database: Database, point: str) -> None:
    """Arrange for death: at the statement of that beginning, just before the commit reaches the database, or after."""
    if point == "before_commit":
        event.listen(database.engine, "commit", die)
    elif point == "after_commit":
        event.listen(Session, "after_commit", die)
    elif point != "never":
        event.listen(
            database.engine,
            "after_cursor_execute",
            lambda _connection, _cursor, statement, *_: die() if statement.startswith(point) else None,
        )


def complete(stage: Stage, element_id: str, values: dict[str, object]) -> None:
    """Complete the task of that element for whoever has it."""
    logins = {"ask": "host", "check": "checker", "countersign": "second"}
    with stage.reading() as act:
        person = act.session.scalars(select(Person.id).where(Person.login == logins[element_id])).one()
    with stage.acting(person) as act:
        (item,) = [item for item in inbox(act).items if item.element_id == element_id]
        complete_task(act, task_id=item.task_id, data=values, revision=0)


def upload(stage: Stage) -> None:
    """Add a file to the first task."""
    with stage.reading() as act:
        person = act.session.scalars(select(Person.id).where(Person.login == "host")).one()
    with stage.acting(person) as act:
        (item,) = inbox(act).items
        store_evidence(
            act, task_id=item.task_id, upload=Upload("a.pdf", io.BytesIO(PDF)), purpose=Purpose("papers", "r1")
        )


def go_round(stage: Stage, saying: Connection) -> None:
    """Ask and return for ever; say so at each round."""
    while True:
        complete(stage, "ask", {"what": "茶"})
        complete(stage, "check", {"decision": "return"})
        saying.send("round")


class DyingMail:
    """A messenger that dies just before it hands a mail over, or as soon as the server has taken it."""

    def __init__(self, port: int, point: str) -> None:
        self._mail = MailMessenger(MailServer("localhost", port, "office@edu.example", security="none"))
        self._point = point

    def send(self, letter: Letter) -> None:
        if self._point == "claimed":
            die()
        self._mail.send(letter)
        if self._point == "handed":
            die()


def post(stage: Stage, port: str, point: str) -> None:
    """Send what waits by mail to a server at that port."""
    outgoing = Outgoing({Channel.MAIL: DyingMail(int(port), point)})
    Postman(stage.database, replace(stage.ports, outgoing=outgoing), stage.clock).run_once()


def main(url: str, files: str, deed: str, point: str, saying: Connection) -> None:
    """Do the deed on the database of that address, whose files lie in a folder, and die at the point."""
    database = Database(url)
    stage = Stage(database, ports_of(database, evidence_root=Path(files)), SetClock())
    deeds: dict[str, Callable[[], object]] = {
        "complete": lambda: complete(stage, "ask", {"what": "茶"}),
        "upload": lambda: upload(stage),
        "work": lambda: Worker(database, stage.ports, stage.clock).run_once(),
        "round": lambda: go_round(stage, saying),
        "upgrade": lambda: upgrade(database),
    }
    name, _, port = deed.partition(":")
    if name == "post":
        deeds[deed] = lambda: post(stage, port, point)
    die_at(database, point if point not in {"claimed", "handed"} else "never")
    deeds[deed]()
