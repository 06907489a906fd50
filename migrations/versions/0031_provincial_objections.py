"""Objections against the provincial list; when its publicity was concluded."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("provincial_window", schema=None) as batch_op:
        batch_op.add_column(sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.alter_column("window_id", existing_type=_key(), nullable=True)
        batch_op.add_column(sa.Column("provincial_cycle_id", _key(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_objection_provincial_cycle_id"), "cycle", ["provincial_cycle_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_objection_one_list"), "(window_id IS NULL) <> (provincial_cycle_id IS NULL)"
        )
        batch_op.create_index(
            batch_op.f("ix_objection_provincial_cycle_id_state"), ["provincial_cycle_id", "state"], unique=False
        )


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def downgrade() -> None:
    op.execute(
        sa.text("DELETE FROM objection_file WHERE objection_id IN (SELECT id FROM objection WHERE window_id IS NULL)")
    )
    op.execute(
        sa.text("DELETE FROM identity_opening WHERE objection_id IN (SELECT id FROM objection WHERE window_id IS NULL)")
    )
    op.execute(sa.text("DELETE FROM objection WHERE window_id IS NULL"))
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_provincial_cycle_id_state"))
        batch_op.drop_constraint(batch_op.f("ck_objection_one_list"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_objection_provincial_cycle_id"), type_="foreignkey")
        batch_op.drop_column("provincial_cycle_id")
        batch_op.alter_column("window_id", existing_type=_key(), nullable=False)
    with op.batch_alter_table("provincial_window", schema=None) as batch_op:
        batch_op.drop_column("concluded_at")
