"""Pages of evidence that somebody looked through for a blind review, and what of them is covered."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_FORCE = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "page_cover",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("evidence_id", _KEY, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("boxes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by_id", _KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", _KEY, nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name=op.f("ck_page_cover_lifted")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_page_cover_by_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_page_cover_evidence_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["person.id"], name=op.f("fk_page_cover_lifted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_cover")),
    )
    op.create_index(op.f("ix_page_cover_evidence_id"), "page_cover", ["evidence_id"], unique=False)
    op.create_index(
        "uq_page_cover_in_force",
        "page_cover",
        ["evidence_id", "page"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )


def downgrade() -> None:
    op.drop_index("uq_page_cover_in_force", table_name="page_cover", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE)
    op.drop_index(op.f("ix_page_cover_evidence_id"), table_name="page_cover")
    op.drop_table("page_cover")
