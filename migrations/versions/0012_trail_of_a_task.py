"""The trail is found by a task's id, too."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_trail_task_id"), "trail", ["task_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_trail_task_id"), table_name="trail")
