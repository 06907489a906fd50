"""The publicity desk: windows that grow, files of objections, identities opened by two, notices of both."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NEW = ("objection_overdue", "item_removed")
_TABLES = ("notice", "notice_choice", "notice_template")
_SQLITE_TRIGGER = """
CREATE TRIGGER publicity_window_only_grows BEFORE UPDATE ON publicity_window
WHEN NEW.ends_at < OLD.ends_at OR NEW.working_days < OLD.working_days
BEGIN
    SELECT RAISE(ABORT, 'a publicity window may be extended, never shortened');
END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION publicity_window_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ends_at < OLD.ends_at OR NEW.working_days < OLD.working_days THEN
        RAISE EXCEPTION 'a publicity window may be extended, never shortened'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE TRIGGER publicity_window_only_grows BEFORE UPDATE ON publicity_window
FOR EACH ROW EXECUTE FUNCTION publicity_window_only_grows()
"""


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "objection_file",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("objection_id", _key(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_objection_file_not_empty")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_file_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objection_file_public_id")),
    )
    op.create_index(op.f("ix_objection_file_objection_id"), "objection_file", ["objection_id"], unique=False)
    op.create_index(op.f("ix_objection_file_sha256"), "objection_file", ["sha256"], unique=False)
    op.create_table(
        "identity_opening",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("objection_id", _key(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", _key(), nullable=False),
        _moment("asked_at"),
        sa.Column("answered_by_id", _key(), nullable=True),
        _moment("answered_at", nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name=op.f("ck_identity_opening_answered")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_identity_opening_answered_by")
        ),
        sa.CheckConstraint("answered_by_id <> asked_by_id", name=op.f("ck_identity_opening_two_persons")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_identity_opening_objection_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_identity_opening_asked_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_identity_opening_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_opening")),
        sa.UniqueConstraint("public_id", name=op.f("uq_identity_opening_public_id")),
    )
    op.create_index(op.f("ix_identity_opening_objection_id"), "identity_opening", ["objection_id"], unique=False)
    op.create_table(
        "publicity_extension",
        sa.Column("id", _key(), nullable=False),
        sa.Column("window_id", _key(), nullable=False),
        _moment("at"),
        sa.Column("by_id", _key(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        _moment("ends_before"),
        _moment("ends_after"),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("days_after", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_after >= ends_before AND days_after >= days_before", name=op.f("ck_publicity_extension_only_grows")
        ),
        sa.CheckConstraint(
            "ends_after > ends_before OR days_after > days_before", name=op.f("ck_publicity_extension_grows")
        ),
        sa.ForeignKeyConstraint(["window_id"], ["publicity_window.id"], name=op.f("fk_publicity_extension_window_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_publicity_extension_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_extension")),
    )
    op.create_index(op.f("ix_publicity_extension_window_id"), "publicity_extension", ["window_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE_TRIGGER)
    else:
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(_POSTGRESQL_TRIGGER)
    _change_kinds(lambda kinds: [*kinds, *_NEW])


def _change_kinds(change: Callable[[list[str]], list[str]]) -> None:
    """Change which kinds of notice are admitted, whatever other revisions have added to them."""
    for table in _TABLES:
        name = f"ck_{table}_noticekind"
        checks = sa.inspect(op.get_bind()).get_check_constraints(table)
        (found,) = [check["sqltext"] for check in checks if check["name"] == name]
        listed = ", ".join(f"'{kind}'" for kind in change(re.findall(r"'([a-z_]+)'", found)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(name), type_="check")
            batch.create_check_constraint(batch.f(name), f"kind IN ({listed})")


def downgrade() -> None:
    _change_kinds(lambda kinds: [kind for kind in kinds if kind not in _NEW])
    op.execute(
        "DROP TRIGGER publicity_window_only_grows"
        + ("" if op.get_bind().dialect.name == "sqlite" else " ON publicity_window")
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION publicity_window_only_grows")
    op.drop_table("publicity_extension")
    op.drop_table("identity_opening")
    op.drop_table("objection_file")
