"""A wrong line of a studio's money is struck and stays."""

import sqlalchemy as sa
from alembic import op

import app.store.types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("studio_money", schema=None) as batch_op:
        batch_op.add_column(sa.Column("struck_at", app.store.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("struck_by_id", _KEY, nullable=True))
        batch_op.add_column(sa.Column("strike_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("instead_of_id", _KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_studio_money_struck_by_id"), "person", ["struck_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_studio_money_instead_of_id"), "studio_money", ["instead_of_id"], ["id"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_studio_money_instead_of_id"), ["instead_of_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_studio_money_struck"),
            "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (strike_reason IS NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("studio_money", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_studio_money_struck"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_studio_money_instead_of_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_studio_money_instead_of_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_studio_money_struck_by_id"), type_="foreignkey")
        batch_op.drop_column("instead_of_id")
        batch_op.drop_column("strike_reason")
        batch_op.drop_column("struck_by_id")
        batch_op.drop_column("struck_at")
