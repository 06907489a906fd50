"""Papers: numbered, kept, and the office's own Word templates."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = (
    "application_form",
    "receipt",
    "return_notice",
    "rejection_notice",
    "publicity_notice",
    "objection_reply",
    "panel_record",
    "announcement",
)


def _kind() -> sa.Enum:
    return sa.Enum(*_KINDS, name="paperkind", native_enum=False, create_constraint=True, length=40)


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_count",
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_paper_count")),
    )
    op.create_table(
        "paper_template",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("by_id", _key(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_template_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_template")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_paper_template_kind_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_template_public_id")),
    )
    op.create_index(op.f("ix_paper_template_sha256"), "paper_template", ["sha256"], unique=False)
    op.create_table(
        "paper",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=False),
        sa.Column("by_id", _key(), nullable=True),
        sa.Column("dated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pdf_sha256", sa.String(), nullable=True),
        sa.Column("pdf_size", sa.Integer(), nullable=True),
        sa.Column("word_sha256", sa.String(), nullable=True),
        sa.Column("word_size", sa.Integer(), nullable=True),
        sa.Column("template_id", _key(), nullable=True),
        sa.Column("missing", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("(pdf_sha256 IS NULL) = (made_at IS NULL)", name=op.f("ck_paper_made")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_paper_cycle_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_paper_instance_id")),
        sa.ForeignKeyConstraint(["template_id"], ["paper_template.id"], name=op.f("fk_paper_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("key", name=op.f("uq_paper_key")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_paper_kind_number")),
        sa.UniqueConstraint("kind", "year", "sequence", name=op.f("uq_paper_kind_year_sequence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_public_id")),
    )
    op.create_index(op.f("ix_paper_cycle_id"), "paper", ["cycle_id"], unique=False)
    op.create_index(op.f("ix_paper_instance_id_id"), "paper", ["instance_id", "id"], unique=False)
    op.create_index(op.f("ix_paper_pdf_sha256"), "paper", ["pdf_sha256"], unique=False)
    op.create_index(op.f("ix_paper_subject"), "paper", ["subject"], unique=False)
    op.create_index(op.f("ix_paper_word_sha256"), "paper", ["word_sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("paper")
    op.drop_table("paper_template")
    op.drop_table("paper_count")
