"""Decisions corrected: requests for review with supplementary lists, false materials, their papers and notices."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NEW = {
    "paperkind": (("paper", "paper_count", "paper_template"), "kind", ("review_decision", "falsity_decision")),
    "noticekind": (("notice", "notice_choice", "notice_template"), "kind", ("review_decided", "falsity_decided")),
    "applicationstate": (("application",), "state", ("revoked",)),
}


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.add_column(_moment("review_until", nullable=True))
    with op.batch_alter_table("unit_list") as batch:
        batch.add_column(sa.Column("serial", sa.Integer(), server_default="1", nullable=False))
        batch.drop_constraint(batch.f("uq_unit_list_cycle_id_unit_id"), type_="unique")
        batch.create_unique_constraint(
            batch.f("uq_unit_list_cycle_id_unit_id_serial"), ["cycle_id", "unit_id", "serial"]
        )
    op.create_table(
        "review_request",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=True),
        _moment("until"),
        _moment("begun_at"),
        sa.Column("rejected_reason", sa.String(), nullable=False),
        _moment("filed_at", nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("upheld", "dismissed", name="reviewoutcome", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by_id", _key(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_review_request_decided")),
        sa.CheckConstraint(
            "outcome IS NULL OR (filed_at IS NOT NULL AND reason IS NOT NULL)", name=op.f("ck_review_request_reason")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_request_application_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_review_request_instance_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_review_request_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_request")),
        sa.UniqueConstraint("application_id", "until", name=op.f("uq_review_request_application_id_until")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_review_request_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_request_public_id")),
    )
    op.create_table(
        "falsity",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("reported_by_id", _key(), nullable=False),
        _moment("reported_at"),
        sa.Column("is_established", sa.Boolean(), nullable=True),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("decided_by_id", _key(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (is_established IS NULL)", name=op.f("ck_falsity_decided")),
        sa.CheckConstraint("NOT is_established OR document_number IS NOT NULL", name=op.f("ck_falsity_document")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_falsity_application_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_falsity_instance_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["person.id"], name=op.f("fk_falsity_reported_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_falsity_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_falsity")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_falsity_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_falsity_public_id")),
    )
    op.create_index(op.f("ix_falsity_application_id"), "falsity", ["application_id"], unique=False)
    _change_words(lambda words, new: [*words, *new])


def _change_words(change: Callable[[list[str], tuple[str, ...]], list[str]]) -> None:
    """Change which words are admitted, whatever other revisions have added to them."""
    for check, (tables, column, new) in _NEW.items():
        for table in tables:
            name = f"ck_{table}_{check}"
            known = sa.inspect(op.get_bind()).get_check_constraints(table)
            (found,) = [each["sqltext"] for each in known if each["name"] == name]
            listed = ", ".join(f"'{word}'" for word in change(re.findall(r"'([a-z_]+)'", found), new))
            with op.batch_alter_table(table) as batch:
                batch.drop_constraint(batch.f(name), type_="check")
                batch.create_check_constraint(batch.f(name), f"{column} IN ({listed})")


def downgrade() -> None:
    _change_words(lambda words, new: [word for word in words if word not in new])
    op.drop_table("falsity")
    op.drop_table("review_request")
    with op.batch_alter_table("unit_list") as batch:
        batch.drop_constraint(batch.f("uq_unit_list_cycle_id_unit_id_serial"), type_="unique")
        batch.create_unique_constraint(batch.f("uq_unit_list_cycle_id_unit_id"), ["cycle_id", "unit_id"])
        batch.drop_column("serial")
    with op.batch_alter_table("application") as batch:
        batch.drop_column("review_until")
