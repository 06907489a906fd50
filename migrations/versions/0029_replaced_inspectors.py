"""An inspector may be replaced before handing in a sheet."""

import sqlalchemy as sa
from alembic import op

import app.store.types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("acceptance_inspector", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", app.store.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("left_reason", sa.String(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_acceptance_inspector_left"), "(left_at IS NULL) = (left_reason IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("acceptance_inspector", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_acceptance_inspector_left"), type_="check")
        batch_op.drop_column("left_reason")
        batch_op.drop_column("left_at")
