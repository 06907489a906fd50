"""A publicity, of a unit's list or of the province's, keeps its first day, only ever grows and is never taken away."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TABLES = ("publicity_window", "provincial_window")
_REFUSAL = "a publicity window may be extended, never shortened"
_SHRINKS = "NEW.ends_at < OLD.ends_at OR NEW.working_days < OLD.working_days OR NEW.opens_on <> OLD.opens_on"
_ONCE = "NEW.ends_at < OLD.ends_at OR NEW.working_days < OLD.working_days"


def _function(condition: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION publicity_window_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {condition} THEN
            RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """


_KEPT = f"""
CREATE FUNCTION publicity_window_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _watch_sqlite(table: str, condition: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER publicity_window_only_grows")
        for table in _TABLES:
            _watch_sqlite(table, _SHRINKS)
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
        return
    op.execute(_function(_SHRINKS))
    op.execute(_KEPT)
    op.execute(
        "CREATE TRIGGER provincial_window_only_grows BEFORE UPDATE ON provincial_window"
        " FOR EACH ROW EXECUTE FUNCTION publicity_window_only_grows()"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION publicity_window_kept()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            op.execute(f"DROP TRIGGER {table}_kept")
            op.execute(f"DROP TRIGGER {table}_only_grows")
        _watch_sqlite("publicity_window", _ONCE)
        return
    for table in _TABLES:
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
    op.execute("DROP TRIGGER provincial_window_only_grows ON provincial_window")
    op.execute("DROP FUNCTION publicity_window_kept")
    op.execute(_function(_ONCE))
