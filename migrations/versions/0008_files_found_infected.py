"""Files in which a later look found malware."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("evidence", sa.Column("infected_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("evidence", "infected_at")
