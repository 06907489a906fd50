"""What is the same in duplicate evidence is kept as facts and worded when it is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("duplicate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("likeness", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("facts", sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("duplicate", schema=None) as batch_op:
        batch_op.drop_column("facts")
        batch_op.drop_column("likeness")
