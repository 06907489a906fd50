"""Applications entered from paper, the notice that tells of it, and with which settings a call was opened."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = "entered_for_you"
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
    _change_kinds(lambda kinds: [*kinds, NEW])


def downgrade() -> None:
    _change_kinds(lambda kinds: [kind for kind in kinds if kind != NEW])
    with op.batch_alter_table("application") as batch:
        batch.drop_index(batch.f("ix_application_entered_unit_id"))
        batch.drop_constraint(batch.f("ck_application_paper"), type_="check")
        batch.drop_constraint(batch.f("ck_application_entered"), type_="check")
        batch.drop_constraint(batch.f("fk_application_entered_unit_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_application_entered_by_id"), type_="foreignkey")
        for column in ("paper_received_on", "entered_unit_id", "entered_by_id"):
            batch.drop_column(column)
    op.drop_column("cycle", "published_version")


def _change_kinds(change: Callable[[list[str]], list[str]]) -> None:
    """Change which kinds of notice are admitted, whatever other revisions have added to them."""
    for table in TABLES:
        name = f"ck_{table}_noticekind"
        checks = sa.inspect(op.get_bind()).get_check_constraints(table)
        (found,) = [check["sqltext"] for check in checks if check["name"] == name]
        listed = ", ".join(f"'{kind}'" for kind in change(re.findall(r"'([a-z_]+)'", found)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(name), type_="check")
            batch.create_check_constraint(batch.f(name), f"kind IN ({listed})")
