"""Signs of life of the workers, counts of requests, and on PostgreSQL a bell that rings when work may be due."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_RINGING = {
    "message": "INSERT",
    "subscription": "INSERT",
    "outbox": "INSERT",
    "incident": "UPDATE",
    "programme_clock": "INSERT OR UPDATE",
}
"""Tables whose changes may make work due at once; what falls due by time alone is found by looking."""

_FUNCTION = """
CREATE FUNCTION ring_for_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('shuangyou_work', '');
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "worker_seen",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_seen")),
    )
    op.create_table(
        "rate_count",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
    )
    op.create_index(op.f("ix_rate_count_expires_at"), "rate_count", ["expires_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
        for table, change in _RINGING.items():
            op.execute(
                f"CREATE TRIGGER ring_for_work AFTER {change} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ring_for_work()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _RINGING:
            op.execute(f"DROP TRIGGER ring_for_work ON {table}")
        op.execute("DROP FUNCTION ring_for_work")
    op.drop_index(op.f("ix_rate_count_expires_at"), table_name="rate_count")
    op.drop_table("rate_count")
    op.drop_table("worker_seen")
