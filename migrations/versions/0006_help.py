"""Hints put away, and whom to ask at a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "hint_seen",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hint_seen_person_id")),
        sa.PrimaryKeyConstraint("person_id", "hint", name=op.f("pk_hint_seen")),
    )
    op.create_table(
        "unit_contact",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.CheckConstraint("phone <> '' OR mail <> ''", name=op.f("ck_unit_contact_reachable")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_contact_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_contact")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("unit_contact")
    op.drop_table("hint_seen")
