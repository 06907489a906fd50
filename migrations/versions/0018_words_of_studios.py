"""New kinds of papers (certificate, receipt of a filing) and of notices (overdue, funds missing, the week)."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NEW = {
    "paperkind": (("paper", "paper_count", "paper_template"), ("studio_certificate", "filing_receipt")),
    "noticekind": (
        ("notice", "notice_choice", "notice_template"),
        ("obligation_late", "funds_missing", "weekly_digest"),
    ),
}


def _change(change: Callable[[list[str], tuple[str, ...]], list[str]]) -> None:
    """Change which kinds are admitted, whatever other revisions have added to them."""
    for words, (tables, new) in _NEW.items():
        for table in tables:
            name = f"ck_{table}_{words}"
            checks = sa.inspect(op.get_bind()).get_check_constraints(table)
            (found,) = [check["sqltext"] for check in checks if check["name"] == name]
            listed = ", ".join(f"'{kind}'" for kind in change(re.findall(r"'([a-z_]+)'", found), new))
            with op.batch_alter_table(table) as batch:
                batch.drop_constraint(batch.f(name), type_="check")
                batch.create_check_constraint(batch.f(name), f"kind IN ({listed})")


def upgrade() -> None:
    _change(lambda kinds, new: [*kinds, *new])


def downgrade() -> None:
    _change(lambda kinds, new: [kind for kind in kinds if kind not in new])
