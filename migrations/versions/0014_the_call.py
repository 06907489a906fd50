"""Applications entered from paper, the notice that tells of it, and with which settings a call was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = (
    "task_opened", "task_due", "task_overdue", "returned", "rejected", "recommended", "left_out", "refused",
    "shortlisted", "not_shortlisted", "approved", "struck", "announced", "cancelled", "objection_lodged",
    "objection_ruled", "deadline_extended", "entered_for_you", "role_given", "role_ending", "incident",
)  # fmt: skip
TABLES = ("notice", "notice_choice", "notice_template")


def upgrade() -> None:
    op.add_column("cycle", sa.Column("published_version", sa.Integer(), nullable=True))
    op.execute("UPDATE cycle SET published_version = settings_version WHERE status NOT IN ('draft', 'cancelled')")
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("entered_by_id", KEY, nullable=True))
        batch.add_column(sa.Column("entered_unit_id", KEY, nullable=True))
        batch.add_column(sa.Column("paper_received_on", sa.Date(), nullable=True))
        batch.create_foreign_key(batch.f("fk_application_entered_by_id"), "person", ["entered_by_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_application_entered_unit_id"), "unit", ["entered_unit_id"], ["id"])
        batch.create_check_constraint(
            batch.f("ck_application_entered"), "(entered_by_id IS NULL) = (entered_unit_id IS NULL)"
        )
        batch.create_check_constraint(
            batch.f("ck_application_paper"), "paper_received_on IS NULL OR entered_by_id IS NOT NULL"
        )
        batch.create_index(batch.f("ix_application_entered_unit_id"), ["entered_unit_id"], unique=False)
    _admit(KINDS)


def downgrade() -> None:
    _admit(tuple(kind for kind in KINDS if kind != "entered_for_you"))
    with op.batch_alter_table("application") as batch:
        batch.drop_index(batch.f("ix_application_entered_unit_id"))
        batch.drop_constraint(batch.f("ck_application_paper"), type_="check")
        batch.drop_constraint(batch.f("ck_application_entered"), type_="check")
        batch.drop_constraint(batch.f("fk_application_entered_unit_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_application_entered_by_id"), type_="foreignkey")
        for column in ("paper_received_on", "entered_unit_id", "entered_by_id"):
            batch.drop_column(column)
    op.drop_column("cycle", "published_version")


def _admit(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(f"ck_{table}_noticekind"), type_="check")
            batch.create_check_constraint(batch.f(f"ck_{table}_noticekind"), f"kind IN ({listed})")
