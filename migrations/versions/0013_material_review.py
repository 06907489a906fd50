"""Scores never change once handed in; when the reviews of an application were complete."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUSAL = "a score is locked when it is handed in"
_LOCKED = "application_id, expert_id, task_id, criteria, total, opinion, submitted_at"
_SQLITE = [
    f"CREATE TRIGGER score_locked_{name} BEFORE {when} ON score BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for name, when in (("update", f"UPDATE OF {_LOCKED}"), ("delete", "DELETE"))
]
_POSTGRESQL = [
    f"""
    CREATE FUNCTION score_locked() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    (
        f"CREATE TRIGGER score_locked BEFORE DELETE OR UPDATE OF {_LOCKED} ON score"
        " FOR EACH ROW EXECUTE FUNCTION score_locked()"
    ),
]


def upgrade() -> None:
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER score_locked_update")
        op.execute("DROP TRIGGER score_locked_delete")
    else:
        op.execute("DROP TRIGGER score_locked ON score")
        op.execute("DROP FUNCTION score_locked()")
    with op.batch_alter_table("application") as table:
        table.drop_column("reviewed_at")
