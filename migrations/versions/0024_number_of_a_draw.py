"""A draw from the register is seeded by a random number, too."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("panel_draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nonce", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("panel_draw", schema=None) as batch_op:
        batch_op.drop_column("nonce")
