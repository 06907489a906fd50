"""Studios: who hosts, what was filed, the years, the money, the activities."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


_STATES = ("building", "suspended", "in_acceptance", "deferred", "accepted", "failed", "ended_early", "revoked")


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "studio",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("instance_id", _key(), nullable=False),
        sa.Column("application_id", _key(), nullable=True),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("branch_id", _key(), nullable=False),
        sa.Column("host_id", _key(), nullable=False),
        sa.Column("host_since", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "approver",
            _word("acting", "own", "county", "city", "province", "person", "none"),
            nullable=True,
        ),
        sa.Column(
            "payer",
            _word("payer", "school", "county", "city", "province"),
            nullable=True,
        ),
        sa.Column(
            "state",
            _word(
                "studiostate",
                "building",
                "suspended",
                "in_acceptance",
                "deferred",
                "accepted",
                "failed",
                "ended_early",
                "revoked",
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.CheckConstraint("host_since >= starts_on", name=op.f("ck_studio_host_since")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_studio_term")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_studio_application_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["unit.id"], name=op.f("fk_studio_branch_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_studio_cycle_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_studio_host_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_studio_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio")),
        sa.UniqueConstraint("application_id", name=op.f("uq_studio_application_id")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_studio_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_studio_public_id")),
    )
    op.create_index(op.f("ix_studio_branch_id"), "studio", ["branch_id"], unique=False)
    op.create_index(op.f("ix_studio_cycle_id"), "studio", ["cycle_id"], unique=False)
    op.create_index(op.f("ix_studio_host_id"), "studio", ["host_id"], unique=False)
    op.create_index(op.f("ix_studio_state_id"), "studio", ["state", "id"], unique=False)

    op.create_table(
        "studio_commitment",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_commitment_studio_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_commitment")),
        sa.UniqueConstraint("studio_id", "number", name=op.f("uq_studio_commitment_studio_id_number")),
    )
    op.create_table(
        "studio_activity",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _word("activitykind", "demonstration", "training", "exchange", "service"),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("commitment_id", _key(), nullable=True),
        sa.Column("submission_id", _key(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_studio_activity_people")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["studio_commitment.id"], name=op.f("fk_studio_activity_commitment_id")
        ),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_activity_studio_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["form_submission.id"], name=op.f("fk_studio_activity_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_activity")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_studio_activity_submission_id")),
    )
    op.create_index(op.f("ix_studio_activity_studio_id_year"), "studio_activity", ["studio_id", "year"], unique=False)
    op.create_index(op.f("ix_studio_activity_commitment_id"), "studio_activity", ["commitment_id"], unique=False)
    op.create_table(
        "studio_document",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column(
            "kind",
            _word("documentkind", "rules", "plan", "work_plan", "year_plan"),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("submission_id", _key(), nullable=False),
        sa.Column("approved_by_id", _key(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by_id", _key(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year >= 0", name=op.f("ck_studio_document_year")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_studio_document_approved_by_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_studio_document_filed_by_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_document_studio_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["form_submission.id"], name=op.f("fk_studio_document_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_document")),
        sa.UniqueConstraint("number", name=op.f("uq_studio_document_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_studio_document_public_id")),
        sa.UniqueConstraint("studio_id", "kind", "year", name=op.f("uq_studio_document_studio_id_kind_year")),
    )
    op.create_table(
        "studio_former_host",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("by_id", _key(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_studio_former_host_term")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_studio_former_host_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_studio_former_host_person_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_former_host_studio_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_former_host")),
        sa.UniqueConstraint("studio_id", "from_on", name=op.f("uq_studio_former_host_studio_id_from_on")),
    )
    op.create_index(op.f("ix_studio_former_host_person_id"), "studio_former_host", ["person_id"], unique=False)

    op.create_table(
        "studio_money",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _word("moneykind", "pledge", "receipt", "spending"),
            nullable=False,
        ),
        sa.Column(
            "payer",
            _word("payer", "school", "county", "city", "province"),
            nullable=True,
        ),
        sa.Column(
            "heading",
            _word("spendingheading", "training", "activity", "research", "equipment", "materials", "other"),
            nullable=True,
        ),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("submission_id", _key(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("by_id", _key(), nullable=False),
        sa.CheckConstraint("(kind = 'spending') = (heading IS NOT NULL)", name=op.f("ck_studio_money_heading")),
        sa.CheckConstraint("(kind = 'spending') = (payer IS NULL)", name=op.f("ck_studio_money_who_paid")),
        sa.CheckConstraint("fen > 0", name=op.f("ck_studio_money_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_studio_money_by_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_money_studio_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["form_submission.id"], name=op.f("fk_studio_money_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_money")),
        sa.UniqueConstraint("submission_id", "row_key", name=op.f("uq_studio_money_submission_id_row_key")),
    )
    op.create_index(op.f("ix_studio_money_studio_id_year"), "studio_money", ["studio_id", "year"], unique=False)

    op.create_table(
        "studio_year",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("office_dm2", sa.Integer(), nullable=True),
        sa.Column("plan_page", sa.String(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "grade",
            _word("reviewgrade", "excellent", "good", "fair", "poor"),
            nullable=True,
        ),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("reviewed_by_id", _key(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("funds_missing_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(grade IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_studio_year_reviewed")),
        sa.CheckConstraint("office_dm2 IS NULL OR office_dm2 >= 1500", name=op.f("ck_studio_year_office")),
        sa.CheckConstraint("reviewed_at IS NULL OR reported_at IS NOT NULL", name=op.f("ck_studio_year_reported")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name=op.f("fk_studio_year_reviewed_by_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_year_studio_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_year")),
        sa.UniqueConstraint("studio_id", "number", name=op.f("uq_studio_year_studio_id_number")),
    )
    op.create_table(
        "studio_commitment_year",
        sa.Column("id", _key(), nullable=False),
        sa.Column("commitment_id", _key(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("planned", sa.String(), nullable=True),
        sa.Column("reported", sa.String(), nullable=True),
        sa.Column(
            "fulfilment",
            _word("fulfilment", "done", "under_way", "not_begun"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["studio_commitment.id"], name=op.f("fk_studio_commitment_year_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_commitment_year")),
        sa.UniqueConstraint("commitment_id", "year", name=op.f("uq_studio_commitment_year_commitment_id_year")),
    )


def downgrade() -> None:
    for table in ("commitment_year", "year", "money", "former_host", "document", "activity", "commitment"):
        op.drop_table(f"studio_{table}")
    op.drop_table("studio")
