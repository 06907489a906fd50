"""Extensions of a cycle with their published reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cycle_extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("deadline_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_after", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deadline_after >= deadline_before", name=op.f("ck_cycle_extension_only_later")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_extension_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_extension")),
    )
    op.create_index(op.f("ix_cycle_extension_cycle_id"), "cycle_extension", ["cycle_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_cycle_extension_cycle_id"), table_name="cycle_extension")
    op.drop_table("cycle_extension")
