"""The roster's files, unit histories, requests for correction; incompatible roles refused by the database."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# 三员分立, C6.5 and the models' two: what one person may not hold on one day. A service says it first and better; this
# holds when two grants meet.
_IN_THE_WAY = """
    SELECT 1 FROM role_holding held
    JOIN role held_role ON held_role.id = held.role_id
    JOIN role new_role ON new_role.id = NEW.role_id
    WHERE held.person_id = NEW.person_id AND held.id <> NEW.id
    AND (held.valid_to IS NULL OR held.valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR NEW.valid_to >= held.valid_from)
    AND (
        (held.role_id = NEW.role_id AND held.unit_id = NEW.unit_id)
        OR (held.role_id <> NEW.role_id AND (
            held_role.key IN ('sysadmin', 'secadmin', 'auditor') OR new_role.key IN ('sysadmin', 'secadmin', 'auditor')
            OR (held_role.key IN ('designer', 'publisher') AND new_role.key IN ('designer', 'publisher'))
            OR (held.unit_id = NEW.unit_id
                AND held_role.key IN ('prelim', 'secretariat') AND new_role.key IN ('prelim', 'secretariat'))
        ))
    )
"""
_REFUSAL = "one person may not hold both roles"
_SQLITE = [
    f"CREATE TRIGGER role_holding_apart_{when.lower()} AFTER {when} ON role_holding"
    f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}') WHERE EXISTS ({_IN_THE_WAY}); END"
    for when in ("INSERT", "UPDATE")
]
_POSTGRESQL = [
    f"""
    CREATE FUNCTION role_holding_apart() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(7201, (NEW.person_id % 2147483647)::int);
        IF EXISTS ({_IN_THE_WAY}) THEN
            RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    (
        "CREATE TRIGGER role_holding_apart AFTER INSERT OR UPDATE ON role_holding"
        " FOR EACH ROW EXECUTE FUNCTION role_holding_apart()"
    ),
]


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_correction_answered")),
        sa.CheckConstraint("(answer IS NULL) = (granted IS NULL)", name=op.f("ck_correction_granted")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_correction_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_correction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_correction_public_id")),
    )
    op.create_index(op.f("ix_correction_person_id"), "correction", ["person_id"], unique=False)
    op.create_table(
        "person_file",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_digest", sa.String(), nullable=True),
        sa.Column("id_masked", sa.String(), nullable=True),
        sa.CheckConstraint("(id_sealed IS NULL) = (id_digest IS NULL)", name=op.f("ck_person_file_sealed_whole")),
        sa.CheckConstraint("(id_sealed IS NULL) = (id_masked IS NULL)", name=op.f("ck_person_file_sealed_masked")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_file_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_file_unit_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_file")),
        sa.UniqueConstraint("id_digest", name=op.f("uq_person_file_id_digest")),
    )
    op.create_index(op.f("ix_person_file_unit_id"), "person_file", ["unit_id"], unique=False)
    op.create_table(
        "roster_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("applied_at IS NULL OR content IS NULL", name=op.f("ck_roster_import_cleared")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_import_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_import_public_id")),
    )
    op.create_index(op.f("ix_roster_import_by_id"), "roster_import", ["by_id"], unique=False)
    op.create_table(
        "unit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "renamed",
                "moved",
                "merged",
                "split",
                "closed",
                name="uniteventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("name_before", sa.String(), nullable=True),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'renamed') = (name_before IS NOT NULL)", name=op.f("ck_unit_event_name_before")),
        sa.CheckConstraint(
            "(kind IN ('moved', 'merged', 'split')) = (other_id IS NOT NULL)", name=op.f("ck_unit_event_other")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_unit_event_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["unit.id"], name=op.f("fk_unit_event_other_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )
    op.create_index(op.f("ix_unit_event_other_id"), "unit_event", ["other_id"], unique=False)
    op.create_index(op.f("ix_unit_event_unit_id_on_day"), "unit_event", ["unit_id", "on_day"], unique=False)

    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER role_holding_apart_insert")
        op.execute("DROP TRIGGER role_holding_apart_update")
    else:
        op.execute("DROP TRIGGER role_holding_apart ON role_holding")
        op.execute("DROP FUNCTION role_holding_apart()")
    op.drop_index(op.f("ix_unit_event_unit_id_on_day"), table_name="unit_event")
    op.drop_index(op.f("ix_unit_event_other_id"), table_name="unit_event")
    op.drop_table("unit_event")
    op.drop_index(op.f("ix_roster_import_by_id"), table_name="roster_import")
    op.drop_table("roster_import")
    op.drop_index(op.f("ix_person_file_unit_id"), table_name="person_file")
    op.drop_table("person_file")
    op.drop_index(op.f("ix_correction_person_id"), table_name="correction")
    op.drop_table("correction")
