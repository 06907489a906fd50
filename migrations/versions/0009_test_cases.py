"""Test cases of processes, kept beside their models."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "model_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_model_case_by_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_case_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_case")),
        sa.UniqueConstraint("model_id", "name", name=op.f("uq_model_case_model_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_model_case_public_id")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("model_case")
