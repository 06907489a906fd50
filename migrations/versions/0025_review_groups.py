"""Review groups of a cycle, and to which of them a draw dealt whom."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("cycle", "review_groups"), ("panel_draw", "groups")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(column, sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False)
            )


def downgrade() -> None:
    for table, column in (("panel_draw", "groups"), ("cycle", "review_groups")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
