"""The demonstration on a database where anything may be tried, with two people who hold two roles each."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.roles import RoleKey
from app.services.acting import SYSTEM, Act
from app.services.people import Grant, add_holding
from app.store import Database, Session
from app.store.models import InboxRow, OpenTask, Person, Queue, TaskExclusion
from tests.conftest import sqlite_copy
from tests.factories.clusters import create_database
from tests.factories.demonstrations import TODAY, Office, open_office
from tests.factories.undone import Undone
from tests.security.matrix import PEOPLE


@pytest.fixture(scope="session")
def sqlite_office(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The installation on SQLite in which nothing that is tried is kept: where the database makes no difference."""
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path_factory.mktemp("tried"))
    yield from tried_on(database, demonstration)


@pytest.fixture(scope="session")
def postgres_tried_office(postgres_demonstration: Path, postgres_socket: str) -> Iterator[Office]:
    """The same on PostgreSQL."""
    database = Database(create_database(postgres_socket, "tried", template=postgres_demonstration.name))
    yield from tried_on(database, postgres_demonstration)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def tried_office(request: pytest.FixtureRequest) -> Office:
    """The installation in which nothing that is tried is kept, on either kind of database."""
    return request.getfixturevalue("sqlite_office" if request.param == "sqlite" else "postgres_tried_office")


def tried_on(database: Database, folder: Path) -> Iterator[Office]:
    let_two_people_hold_two_roles(database, folder)
    database.close()
    tried = Undone(database.url.render_as_string(hide_password=False))
    yield open_office(tried, folder)
    tried.close()


def let_two_people_hold_two_roles(database: Database, folder: Path) -> None:
    """A host whose case is under initial review joins the reviewing unit; another joins 省委教育工委."""
    ports = open_office(database, folder).ports
    with database.transaction() as session:
        act = Act(session, SYSTEM, TODAY, TODAY, ports)
        for login, role, elements in (
            ("two_desks", RoleKey.PRELIM, ("initial_review",)),
            ("two_rooms", RoleKey.PROVINCE_COMMITTEE, ("confirm_panel", "approve_list", "release_announcement")),
        ):
            person, unit_id = _barred_by_own_case(session, elements)
            person.login = login
            session.flush()
            add_holding(act, person.id, Grant(role, unit_id, date(2026, 1, 1)))


def _barred_by_own_case(session: Session, elements: tuple[str, ...]) -> tuple[Person, int]:
    """A host who must keep out of an open task of one of these elements, and the unit at whose desk it lies."""
    query = select(Person, Queue.unit_id).join(TaskExclusion, TaskExclusion.person_id == Person.id)
    query = query.join(OpenTask, OpenTask.id == TaskExclusion.task_id)
    query = query.join(InboxRow, InboxRow.task_id == OpenTask.id).join(Queue, Queue.id == InboxRow.queue_id)
    query = query.where(OpenTask.element_id.in_(elements), Person.login.not_in(filter(None, PEOPLE.values())))
    person, unit_id = session.execute(query.order_by(Person.login).limit(1)).one()
    return person, unit_id
