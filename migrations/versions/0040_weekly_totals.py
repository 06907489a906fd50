"""Who stands above studios is told each week what is owed below."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_NEW = "weekly_totals"


def upgrade() -> None:
    _change_words(lambda words: [*words, _NEW])


def downgrade() -> None:
    _change_words(lambda words: [word for word in words if word != _NEW])


def _change_words(change: Callable[[list[str]], list[str]]) -> None:
    """Change which kinds of notice are admitted, whatever other revisions have added to them."""
    for table in ("notice", "notice_choice", "notice_template"):
        name = f"ck_{table}_noticekind"
        known = sa.inspect(op.get_bind()).get_check_constraints(table)
        (found,) = [each["sqltext"] for each in known if each["name"] == name]
        listed = ", ".join(f"'{word}'" for word in change(re.findall(r"'([a-z_]+)'", found)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(name), type_="check")
            batch.create_check_constraint(batch.f(name), f"kind IN ({listed})")
