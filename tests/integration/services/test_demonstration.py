"""The demonstration: built through the services alone, at any date, with work for every role."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.adapters.clock import StandingClock
from app.domain.roles import POLICIES, Duty, RoleKey
from app.jobs.worker import Worker
from app.services import audit, programme
from app.services.accounts import load_actor
from app.services.acting import SYSTEM, Act
from app.services.cycles import current_cycle
from app.services.demonstration import build_demonstration, demonstration_accounts, is_built
from app.services.demonstration.papers import paper
from app.services.inbox import queues
from app.services.incidents import open_incidents
from app.services.installing import install
from app.services.outbox import kinds_that_may_wait
from app.services.outside import ports_of
from app.store import Database
from app.store.models import Application, Instance, Message, OpenTask, Person
from tests.conftest import sqlite_copy
from tests.factories.clusters import create_database
from tests.factories.demonstrations import TODAY
from tests.factories.programme import PROJECT

JOINED = programme


def build(database, ports, now):
    """Install and build as a first start does; return what the worker failed at."""
    failed = []

    def run_until_quiet(moment):
        worker = Worker(database, ports, StandingClock(moment), leaving=kinds_that_may_wait())
        failed.append(worker.run_until_quiet().failed)

    with database.transaction() as session:
        install(Act(session, SYSTEM, now, now, ports), root=PROJECT)
    assert not is_built(database)
    build_demonstration(database, ports, real_now=now, run_until_quiet=run_until_quiet)
    assert is_built(database)
    return sum(failed)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lived(request, tmp_path):
    """The demonstration as it stands at ``TODAY``."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("demonstration")
        database = sqlite_copy(folder / "test.sqlite3", tmp_path)
    else:
        folder = request.getfixturevalue("postgres_demonstration")
        socket = request.getfixturevalue("postgres_socket")
        database = Database(create_database(socket, "lived", template=folder.name))
    yield database
    database.close()


def test_every_role_has_work_waiting(lived, tmp_path):
    check_what_waits(lived, ports_of(lived, evidence_root=tmp_path / "evidence"), TODAY)


def check_what_waits(database, ports, now):
    """Every role has work waiting, and nothing else is left to do or to mend."""
    with database.reading() as session:
        act = Act(session, SYSTEM, now, now, ports)
        waiting = dict.fromkeys(RoleKey, 0)
        for person in session.query(Person):
            actor = load_actor(session, person.id, now)
            counts = queues(Act(session, actor, now, now, ports))
            for held in actor.held:
                waiting[held.role] += sum(each.count for each in counts)
        idle = {role for role, count in waiting.items() if not count and POLICIES[role].duty is Duty.CASE}
        assert idle == set()
        assert session.query(Message).filter(Message.delivered_at.is_(None)).count() == 0
        assert open_incidents(act) == ()
        assert audit.verify(session).findings == ()
        assert current_cycle(act).is_accepting
        states = sorted({row.state.value for row in session.query(Application)})
        assert states == ["announced", "live", "not_shortlisted", "rejected"]
        accounts = demonstration_accounts(session)
        tasks = select(OpenTask.element_id).join(Instance, Instance.id == OpenTask.instance_id)
        asked = session.scalars(tasks.where(Instance.process_key == "review_request")).all()
        objected = session.scalars(tasks.where(Instance.process_key == "provincial_objection")).all()
    assert asked == ["answer_request"]
    assert sorted(objected) == ["rule_objection", "screen_objection"]
    assert {account.role for account in accounts} == set(RoleKey)
    assert {"host_university", "host_school", "prelim_city"} <= {account.login for account in accounts}


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 29, 15, 59, tzinfo=UTC),
        pytest.param(datetime(2026, 1, 1, tzinfo=UTC), marks=pytest.mark.long),
    ],
)
def test_it_can_be_built_on_any_day(database, ports, now):
    """On PostgreSQL: every other demonstration of the tests is built on SQLite, one of them on this very day."""
    assert build(database, ports, now) == 0
    check_what_waits(database, ports, now)
    with database.reading() as session:
        tasks = session.query(OpenTask).join(Instance, Instance.id == OpenTask.instance_id)
        opened = [row.opened_at for row in tasks.filter(Instance.process_key != "construction")]
    assert max(opened) <= now
    assert min(opened) >= now - timedelta(days=60)


def test_papers_are_whole_pdf_files():
    content = paper("a (b) \\ 申报")
    start = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert content.startswith(b"%PDF-1.4\n")
    assert content[start:].startswith(b"xref\n0 6\n")
    for number, line in enumerate(content[start:].split(b"\n")[3:8], start=1):
        assert content[int(line[:10]) :].startswith(b"%d 0 obj" % number)
    assert b"a [b] / ??" in content
