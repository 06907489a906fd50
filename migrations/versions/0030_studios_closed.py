"""What was begun beside a studio lapses with it, and people are told."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NEW = {
    "noticekind": (("notice", "notice_choice", "notice_template"), "kind", "studio_closed"),
    "changestate": (("host_change",), "state", "lapsed"),
}


def upgrade() -> None:
    _change_words(lambda words, new: [*words, new])


def downgrade() -> None:
    _change_words(lambda words, new: [word for word in words if word != new])


def _change_words(change: Callable[[list[str], str], list[str]]) -> None:
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
