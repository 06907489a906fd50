"""One commit at the edge, readers that cannot write, moments in UTC, a memory that believes only what is committed."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app.domain.units import UnitKind
from app.store import Database, on_rollback
from app.store.adding import add_if_new, add_rows
from app.store.models import Incident, Outbox, Programme, Unit
from app.store.remembered import changed, remembered

MOMENT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def _unit(code: str) -> Unit:
    return Unit(code=code, name=code, kind=UnitKind.CITY)


def _codes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Unit.code).order_by(Unit.code)))


def test_a_transaction_lands_whole(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([_unit("a"), _unit("b")])
    assert _codes(database) == ["a", "b"]


def test_an_exception_undoes_everything(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012 - the block is what is tested
        session.add(_unit("a"))
        session.flush()
        raise ZeroDivisionError
    assert _codes(database) == []


def test_a_rolled_back_transaction_can_leave_a_mark(database: Database) -> None:
    row = Incident(code="x", reason="y", command={}, at=MOMENT)
    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012 - the block is what is tested
        session.add(_unit("a"))
        on_rollback(session, lambda later: later.add(row))
        raise ZeroDivisionError
    with database.transaction() as session:
        on_rollback(session, lambda later: later.add(_unit("never")))
    assert _codes(database) == []
    with database.reading() as session:
        assert [incident.code for incident in session.scalars(select(Incident))] == ["x"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        add_rows(session, Programme, [{"key": "a", "name": "a"}])
    with database.transaction() as session:
        session.add(_unit("a"))
    assert _codes(database) == ["a"]


def test_a_reader_sees_one_picture(database: Database) -> None:
    with database.reading() as session:
        before = session.scalars(select(Unit)).all()
        with database.transaction() as writer:
            writer.add(_unit("a"))
        assert session.scalars(select(Unit)).all() == before == []
    assert _codes(database) == ["a"]


def test_writers_wait_for_each_other(database: Database) -> None:
    with database.transaction() as session:
        session.add(Programme(key="p", name="0"))
    together = threading.Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(5):
            with database.transaction() as session:
                row = session.scalars(select(Programme).with_for_update()).one()
                row.name = str(int(row.name) + 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(Programme.name)).one() == "20"


def test_sqlite_keeps_what_it_promises(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/durable.sqlite3")
    with database.transaction() as session:
        pragmas = [
            session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()
    assert pragmas == ["wal", 2, 1]


def test_moments_are_kept_in_utc_to_the_microsecond(database: Database) -> None:
    with database.transaction() as session:
        session.add(Outbox(kind="x", payload={}, run_at=MOMENT))
    with database.reading() as session:
        found = session.scalars(select(Outbox)).one().run_at
    assert (found, found.tzinfo) == (MOMENT, UTC)


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.transaction() as session:
        session.add(Outbox(kind="x", payload={}, run_at=datetime(2026, 3, 2)))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("value", [{"年": [1, 2.5, None, True]}, {}, {"z": 1, "a": 2}])
def test_json_comes_back_as_it_went_in(database: Database, value: dict) -> None:
    with database.transaction() as session:
        session.add(Outbox(kind="x", payload=value, run_at=MOMENT))
    with database.reading() as session:
        found = session.scalars(select(Outbox.payload)).one()
    assert (found, list(found)) == (value, list(value))


def test_the_database_repeats_the_invariants(database: Database) -> None:
    rows = [
        Unit(code="a", name="a", kind=UnitKind.CITY),
        Outbox(kind="x", payload={}, run_at=MOMENT, lease_until=MOMENT),
        Outbox(kind="x", payload=None, run_at=MOMENT),
    ]
    with database.transaction() as session:
        session.add(_unit("a"))
    for row in rows:
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.add(row)


def test_a_word_that_is_none_is_refused_by_the_database_too(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO unit (public_id, code, name, kind, is_school_party) VALUES ('x', 'x', 'x', 'town', false)"
            )
        )


def test_a_row_that_is_there_is_not_added_again(database: Database) -> None:
    with database.transaction() as session:
        told = [add_if_new(session, Programme, {"key": "p", "name": name}) for name in ("one", "two")]
    with database.reading() as session:
        assert session.scalars(select(Programme.name)).all() == ["one"]
    assert told == [True, False]


def test_no_rows_are_no_statement(database: Database) -> None:
    with database.statements() as counted, database.transaction() as session:
        add_rows(session, Programme, [])
    assert counted.statements == []


def test_statements_and_commits_are_counted(database: Database) -> None:
    with database.statements() as counted, database.transaction() as session:
        add_rows(session, Programme, [{"key": str(number), "name": "x"} for number in range(50)])
    assert (len(counted.statements), counted.commits) == (1, 1)


def test_what_was_learned_is_kept_if_it_was_committed(database: Database) -> None:
    asked = []

    def find() -> str:
        asked.append(1)
        return "found"

    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012 - the block is what is tested
        remembered(session, "key", find)
        remembered(session, "key", find)
        raise ZeroDivisionError
    assert len(asked) == 1
    for _ in range(3):
        with database.transaction() as session:
            assert remembered(session, "key", find) == "found"
    assert len(asked) == 2


def test_what_is_not_there_is_asked_for_again(database: Database) -> None:
    answers = iter([None, "now"])
    with database.reading() as session:
        assert [remembered(session, "key", lambda: next(answers)) for _ in range(3)] == [None, "now", "now"]


def test_a_change_is_seen_at_once_when_committed(database: Database) -> None:
    values = iter([1, 2])

    def read() -> int:
        return next(values)

    assert [database.remembered.fresh("key", 1000, read) for _ in range(2)] == [1, 1]
    with database.transaction() as session:
        changed(session, "key")
        assert database.remembered.fresh("key", 1000, read) == 1
    assert database.remembered.fresh("key", 1000, read) == 2


def test_what_is_fresh_grows_stale(database: Database) -> None:
    values = iter([1, 2])
    assert [database.remembered.fresh("key", -1, lambda: next(values)) for _ in range(2)] == [1, 2]
