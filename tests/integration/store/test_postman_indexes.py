"""What the postman looks for every few seconds is found along indexes that hold nothing but what waits."""

from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.store import Database
from app.store.models import Dispatch, Trail
from app.store.queries import dispatches, telling
from tests.factories.acts import NOON


def plan(database: Database, query: Select) -> str:
    """How the database would go about a query if its tables were large."""
    is_sqlite = database.url.get_backend_name() == "sqlite"
    dialect = sqlite.dialect() if is_sqlite else postgresql.dialect()
    sql = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with database.engine.connect() as connection:
        if not is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        ask = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        return " ".join(str(row) for row in connection.exec_driver_sql(ask + sql))


def test_untold_steps_and_waiting_messages_are_found_along_their_indexes(database: Database):
    with database.reading() as session, database.statements() as counted:
        assert dispatches.waits(session, NOON, NOON) == (False, False, False)
    (statement,) = [each for each in counted.statements if each.startswith("SELECT")]
    assert ("position = 0" in statement, "'waiting'" in statement, "'sending'" in statement) == (True, True, True)
    untold = plan(database, Select(Trail.revision).where(telling.untold()).limit(1))
    assert "ix_trail_untold" in untold
    moment = text("run_at <= '2026-03-02 04:00:00'")
    waiting = plan(database, Select(Dispatch.id).where(dispatches.WAITS, moment))
    assert any(name in waiting for name in ("ix_dispatch_waiting", "ix_dispatch_state_id"))
    lost = plan(database, Select(Dispatch.id).where(dispatches.LEAVES, text("lease_until < '2026-03-02 04:00:00'")))
    assert any(name in lost for name in ("ix_dispatch_sending", "ix_dispatch_state_id"))
