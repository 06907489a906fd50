"""Running cases may be brought over to a newer release; they keep their decision tables."""

import sqlalchemy as sa
from alembic import op

import app.store.types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = app.store.types.UtcDateTime


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_id", _KEY, nullable=True))
        batch_op.add_column(sa.Column("renamed", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_instance_rules_id"), "deployment", ["rules_id"], ["id"])
    op.create_table(
        "move",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("deployment_id", _KEY, nullable=False),
        sa.Column("renamed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("takes_rules", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", _word("movestate", "asked", "released", "declined"), nullable=False),
        sa.Column("asked_by_id", _KEY, nullable=False),
        sa.Column("asked_at", _MOMENT(), nullable=False),
        sa.Column("decided_by_id", _KEY, nullable=True),
        sa.Column("decided_at", _MOMENT(), nullable=True),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_move_decided_at")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR state = 'declined' OR decided_by_id <> asked_by_id", name=op.f("ck_move_two")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_move_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_move_decided_by_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_move_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
        sa.UniqueConstraint("public_id", name=op.f("uq_move_public_id")),
    )
    op.create_index(op.f("ix_move_process_key"), "move", ["process_key"], unique=False)
    op.create_table(
        "moved_case",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("move_id", _KEY, nullable=False),
        sa.Column("instance_id", _KEY, nullable=False),
        sa.Column("state", _word("movedstate", "waiting", "moved", "kept"), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", _MOMENT(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (at IS NULL)", name=op.f("ck_moved_case_at")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_moved_case_instance_id")),
        sa.ForeignKeyConstraint(["move_id"], ["move.id"], name=op.f("fk_moved_case_move_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_case")),
        sa.UniqueConstraint("move_id", "instance_id", name=op.f("uq_moved_case_move_id_instance_id")),
    )
    op.create_index(op.f("ix_moved_case_instance_id"), "moved_case", ["instance_id"], unique=False)


def downgrade() -> None:
    op.drop_table("moved_case")
    op.drop_table("move")
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_instance_rules_id"), type_="foreignkey")
        batch_op.drop_column("renamed")
        batch_op.drop_column("rules_id")
