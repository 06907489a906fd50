"""Prints of pages by which alike evidence is found, and what format checks ruled on it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "page_print",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("evidence_id", _KEY, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_page_print_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_print")),
        sa.UniqueConstraint("evidence_id", "page", name=op.f("uq_page_print_evidence_id_page")),
    )
    op.create_table(
        "page_band",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("print_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(["print_id"], ["page_print.id"], name=op.f("fk_page_band_print_id")),
        sa.PrimaryKeyConstraint("band", "print_id", name=op.f("pk_page_band")),
    )
    op.create_index(op.f("ix_page_band_print_id"), "page_band", ["print_id"], unique=False)
    op.create_table(
        "duplicate",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("application_id", _KEY, nullable=False),
        sa.Column("other_id", _KEY, nullable=False),
        sa.Column("pair", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("evidence_id", _KEY, nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("other_evidence_id", _KEY, nullable=True),
        sa.Column("other_page", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_duplicate_application_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_duplicate_evidence_id")),
        sa.ForeignKeyConstraint(["other_evidence_id"], ["evidence.id"], name=op.f("fk_duplicate_other_evidence_id")),
        sa.ForeignKeyConstraint(["other_id"], ["application.id"], name=op.f("fk_duplicate_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint("application_id", "pair", name=op.f("uq_duplicate_application_id_pair")),
    )
    op.create_index(op.f("ix_duplicate_other_id"), "duplicate", ["other_id"], unique=False)
    op.create_table(
        "duplicate_ruling",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("pair", sa.String(), nullable=False),
        sa.Column("application_id", _KEY, nullable=False),
        sa.Column("other_id", _KEY, nullable=False),
        sa.Column("ruling", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", _KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ruling IN ('legitimate', 'unexplained')", name=op.f("ck_duplicate_ruling_ruling")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_duplicate_ruling_application_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_duplicate_ruling_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["application.id"], name=op.f("fk_duplicate_ruling_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_ruling")),
    )
    op.create_index(op.f("ix_duplicate_ruling_application_id"), "duplicate_ruling", ["application_id"], unique=False)
    op.create_index(op.f("ix_duplicate_ruling_pair"), "duplicate_ruling", ["pair"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_duplicate_ruling_pair"), table_name="duplicate_ruling")
    op.drop_index(op.f("ix_duplicate_ruling_application_id"), table_name="duplicate_ruling")
    op.drop_table("duplicate_ruling")
    op.drop_index(op.f("ix_duplicate_other_id"), table_name="duplicate")
    op.drop_table("duplicate")
    op.drop_index(op.f("ix_page_band_print_id"), table_name="page_band")
    op.drop_table("page_band")
    op.drop_table("page_print")
