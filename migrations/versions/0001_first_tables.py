"""The first tables."""

# ruff: noqa: PLR0915 - written by Alembic from the models, one statement a table

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# An event must follow the end of its chain; the database itself moves the end on.
_SQLITE_TRIGGER = """
CREATE TRIGGER audit_head_follows AFTER INSERT ON audit_event
BEGIN
    UPDATE audit_head SET seq = NEW.case_seq, hash = NEW.event_hash
    WHERE case_id = NEW.case_id AND seq = NEW.case_seq - 1 AND hash = NEW.prev_hash;
    SELECT RAISE(ABORT, 'the audit event does not follow the end of its chain')
    WHERE NOT EXISTS (
        SELECT 1 FROM audit_head WHERE case_id = NEW.case_id AND seq = NEW.case_seq AND hash = NEW.event_hash
    );
END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION audit_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET seq = NEW.case_seq, hash = NEW.event_hash
    WHERE case_id = NEW.case_id AND seq = NEW.case_seq - 1 AND hash = NEW.prev_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the audit event does not follow the end of its chain'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE TRIGGER audit_head_follows AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_head_follows()
"""


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "calendar_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "official", "provisional", name="overridesource", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_override")),
    )
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint("(lease_until IS NULL) = (lease_token IS NULL)", name=op.f("ck_outbox_lease")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["run_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "city",
                "county",
                "university",
                "faculty",
                "school",
                "branch",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "governance",
            sa.Enum(
                "provincial",
                "ministry",
                "municipal",
                "private",
                "county_run",
                "city_run",
                "university_attached",
                name="governance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "schooling",
            sa.Enum(
                "undergraduate",
                "higher_vocational",
                "primary_secondary",
                "secondary_vocational",
                "special",
                "kindergarten",
                name="schooling",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("is_school_party", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_public_id")),
    )
    op.create_index(op.f("ix_unit_kind"), "unit", ["kind"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("event_hash", sa.String(), nullable=False),
        sa.Column("leaf_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("case_id", "case_seq", name=op.f("uq_audit_event_case_id_case_seq")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_audit_event_leaf_index")),
    )
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_index(op.f("ix_audit_event_person_id_at"), "audit_event", ["person_id", "at"], unique=False)
    op.create_table(
        "cycle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "released",
                "open",
                "closed",
                "announced",
                "cancelled",
                name="cyclestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_first", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("list_cutoff", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reporting_cutoff", sa.DateTime(timezone=True), nullable=True),
        sa.Column("experts_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announcement_number", sa.String(), nullable=True),
        sa.Column("announcement", sa.String(), nullable=True),
        sa.Column("call_text", sa.String(), nullable=True),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'announced') = (announced_at IS NOT NULL)", name=op.f("ck_cycle_announced")),
        sa.CheckConstraint(
            "deadline_at IS NULL OR deadline_at >= deadline_first", name=op.f("ck_cycle_deadline_only_later")
        ),
        sa.CheckConstraint("deadline_at IS NULL OR deadline_first IS NOT NULL", name=op.f("ck_cycle_deadline_first")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cycle_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cycle_public_id")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_deployment_programme_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_deployment_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_deployment_programme_id_number")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column(
            "scanned",
            sa.Enum("clean", "unscanned", name="scanstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_not_empty")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_evidence_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_index(op.f("ix_evidence_uploaded_by_id"), "evidence", ["uploaded_by_id"], unique=False)
    op.create_table(
        "expert",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_expert_unit_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_expert")),
    )
    op.create_table(
        "form_draft",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_form_draft")),
    )
    op.create_table(
        "model",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bpmn", "dmn", "form", name="modelkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_model_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("programme_id", "kind", "key", name=op.f("uq_model_programme_id_kind_key")),
    )
    op.create_table(
        "programme_clock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offset_seconds", sa.Integer(), nullable=False),
        sa.Column("moved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_programme_clock_one_row")),
        sa.CheckConstraint("offset_seconds >= 0", name=op.f("ck_programme_clock_forward")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_programme_clock_moved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_clock")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_role_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_role_programme_id_key")),
    )
    op.create_table(
        "unit_edge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("superior_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("unit_id <> superior_id", name=op.f("ck_unit_edge_not_itself")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_edge_term")),
        sa.ForeignKeyConstraint(["superior_id"], ["unit.id"], name=op.f("fk_unit_edge_superior_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_edge_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_edge")),
    )
    op.create_index(op.f("ix_unit_edge_superior_id"), "unit_edge", ["superior_id"], unique=False)
    op.create_index(
        op.f("ix_unit_edge_unit_id"),
        "unit_edge",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "audit_personal",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_personal_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_personal")),
    )
    op.create_table(
        "cycle_settings",
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_cycle_settings_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_settings_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", "version", name=op.f("pk_cycle_settings")),
    )
    op.create_table(
        "model_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "released",
                "retired",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR released_at IS NOT NULL OR state = 'retired'", name=op.f("ck_model_version_released_at")
        ),
        sa.CheckConstraint(
            "released_by_id IS NULL OR released_by_id <> created_by_id", name=op.f("ck_model_version_two_persons")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_model_version_created_by_id")),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_version_model_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_model_version_released_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("model_id", "number", name=op.f("uq_model_version_model_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_model_version_public_id")),
    )
    op.create_table(
        "panel_member",
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_panel_member_confirmed_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_panel_member_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_member_person_id")),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", name=op.f("pk_panel_member")),
    )
    op.create_table(
        "queue",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(role_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_queue_role_or_person")),
        sa.CheckConstraint("(role_id IS NULL) = (unit_id IS NULL)", name=op.f("ck_queue_role_at_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_person_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_queue_role_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_queue_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue")),
        sa.UniqueConstraint("person_id", name=op.f("uq_queue_person_id")),
        sa.UniqueConstraint("role_id", "unit_id", name=op.f("uq_queue_role_id_unit_id")),
    )
    op.create_table(
        "role_holding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_role_holding_term")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_role_holding_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_holding_person_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_role_holding_role_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_holding_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_holding")),
        sa.UniqueConstraint(
            "person_id",
            "role_id",
            "unit_id",
            "valid_from",
            name=op.f("uq_role_holding_person_id_role_id_unit_id_valid_from"),
        ),
    )
    op.create_index(op.f("ix_role_holding_role_id_unit_id"), "role_holding", ["role_id", "unit_id"], unique=False)
    op.create_index(op.f("ix_role_holding_unit_id"), "role_holding", ["unit_id"], unique=False)
    op.create_table(
        "deployment_item",
        sa.Column("deployment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_item_deployment_id")),
        sa.ForeignKeyConstraint(
            ["model_version_id"], ["model_version.id"], name=op.f("fk_deployment_item_model_version_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "model_version_id", name=op.f("pk_deployment_item")),
    )
    op.create_index(op.f("ix_deployment_item_model_version_id"), "deployment_item", ["model_version_id"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "ended",
                "cancelled",
                name="instancestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('ended', 'cancelled')) = (ended_at IS NOT NULL)", name=op.f("ck_instance_ended_at")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_instance_cycle_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_instance_deployment_id")),
        sa.ForeignKeyConstraint(["model_version_id"], ["model_version.id"], name=op.f("fk_instance_model_version_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["instance.id"], name=op.f("fk_instance_parent_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_instance_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("process_key", "business_key", name=op.f("uq_instance_process_key_business_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_instance_public_id")),
    )
    op.create_index(op.f("ix_instance_cycle_id"), "instance", ["cycle_id"], unique=False)
    op.create_index(
        "ix_instance_due",
        "instance",
        ["next_due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'active' AND next_due_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'active' AND next_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_instance_parent_id"), "instance", ["parent_id"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("host_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("branch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prelim_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "track",
            sa.Enum("university", "school", name="track", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "live",
                "lapsed",
                "withdrawn",
                "rejected",
                "removed",
                "refused",
                "cancelled",
                "not_shortlisted",
                "struck",
                "announced",
                name="applicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snapshot", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("branch_kind", sa.String(), nullable=True),
        sa.Column("material_score", sa.String(), nullable=True),
        sa.Column("defense_score", sa.String(), nullable=True),
        sa.Column("final_score", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.CheckConstraint("(submitted_at IS NULL) = (receipt_number IS NULL)", name=op.f("ck_application_receipt")),
        sa.CheckConstraint("submitted_at IS NULL OR snapshot IS NOT NULL", name=op.f("ck_application_snapshot")),
        sa.ForeignKeyConstraint(["branch_id"], ["unit.id"], name=op.f("fk_application_branch_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_application_cycle_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_application_host_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_application_instance_id")),
        sa.ForeignKeyConstraint(["prelim_unit_id"], ["unit.id"], name=op.f("fk_application_prelim_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_application_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_public_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_application_receipt_number")),
    )
    op.create_index(op.f("ix_application_branch_id"), "application", ["branch_id"], unique=False)
    op.create_index(op.f("ix_application_cycle_id_state"), "application", ["cycle_id", "state"], unique=False)
    op.create_index(op.f("ix_application_host_id"), "application", ["host_id"], unique=False)
    op.create_index(op.f("ix_application_prelim_unit_id"), "application", ["prelim_unit_id"], unique=False)
    op.create_index(
        "uq_application_live_branch",
        "application",
        ["cycle_id", "branch_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_index(
        "uq_application_live_host",
        "application",
        ["cycle_id", "host_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.create_table(
        "cohort_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_cohort_decision_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["instance.id"], name=op.f("fk_cohort_decision_case_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cohort_decision_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_decision")),
        sa.UniqueConstraint("cycle_id", "case_id", "stage", name=op.f("uq_cohort_decision_cycle_id_case_id_stage")),
    )
    op.create_index(op.f("ix_cohort_decision_case_id"), "cohort_decision", ["case_id"], unique=False)
    op.create_table(
        "cohort_member",
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["instance.id"], name=op.f("fk_cohort_member_case_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cohort_member_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cohort_member_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "case_id", name=op.f("pk_cohort_member")),
    )
    op.create_index(op.f("ix_cohort_member_case_id"), "cohort_member", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_cohort_member_cycle_id_stage_state"), "cohort_member", ["cycle_id", "stage", "state"], unique=False
    )
    op.create_index(
        op.f("ix_cohort_member_cycle_id_unit_id_stage"), "cohort_member", ["cycle_id", "unit_id", "stage"], unique=False
    )
    op.create_table(
        "evidence_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("clause_id", sa.String(), nullable=True),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original_checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("original_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_evidence_use_added_by_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_use_evidence_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_evidence_use_instance_id")),
        sa.ForeignKeyConstraint(
            ["original_checked_by_id"], ["person.id"], name=op.f("fk_evidence_use_original_checked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_use")),
    )
    op.create_index(op.f("ix_evidence_use_evidence_id"), "evidence_use", ["evidence_id"], unique=False)
    op.create_index(
        op.f("ix_evidence_use_instance_id_owner_row_key"),
        "evidence_use",
        ["instance_id", "owner", "row_key"],
        unique=False,
    )
    op.create_index(op.f("ix_evidence_use_task_id"), "evidence_use", ["task_id"], unique=False)
    op.create_table(
        "form_submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("form_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_form_submission_by_id")),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["model_version.id"], name=op.f("fk_form_submission_form_version_id")
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_form_submission_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_submission")),
        sa.UniqueConstraint("task_id", name=op.f("uq_form_submission_task_id")),
    )
    op.create_index(op.f("ix_form_submission_by_id"), "form_submission", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_form_submission_instance_id_element_id"),
        "form_submission",
        ["instance_id", "element_id"],
        unique=False,
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("element_id", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("command", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_incident_instance_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("fk_incident_resolved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_instance_id"), "incident", ["instance_id"], unique=False)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["instance_id"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "instance_party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("unit_id IS NOT NULL OR person_id IS NOT NULL", name=op.f("ck_instance_party_somebody")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_party_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_instance_party_person_id")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_instance_party_role_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_instance_party_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_party")),
    )
    op.create_index(
        op.f("ix_instance_party_instance_id_role_id"), "instance_party", ["instance_id", "role_id"], unique=False
    )
    op.create_index(
        op.f("ix_instance_party_person_id_role_id"), "instance_party", ["person_id", "role_id"], unique=False
    )
    op.create_index(op.f("ix_instance_party_unit_id_role_id"), "instance_party", ["unit_id", "role_id"], unique=False)
    op.create_table(
        "instance_state",
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_state_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_instance_state")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(delivered_to_id IS NULL) = (delivered_at IS NULL)", name=op.f("ck_message_delivered")),
        sa.ForeignKeyConstraint(["delivered_to_id"], ["instance.id"], name=op.f("fk_message_delivered_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
    )
    op.create_index(op.f("ix_message_delivered_to_id"), "message", ["delivered_to_id"], unique=False)
    op.create_index(
        "ix_message_waiting",
        "message",
        ["id"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "open_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("form_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_sort", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_open_task_assignee_id")),
        sa.ForeignKeyConstraint(["form_version_id"], ["model_version.id"], name=op.f("fk_open_task_form_version_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_open_task_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_task")),
    )
    op.create_index(op.f("ix_open_task_assignee_id"), "open_task", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_open_task_instance_id"), "open_task", ["instance_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_subscription_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "task_id", "name", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_key_hash"), "subscription", ["key_hash"], unique=False)
    op.create_table(
        "trail",
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_trail_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "revision", "position", name=op.f("pk_trail")),
    )
    op.create_table(
        "unit_list",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_unit_list_cycle_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_unit_list_instance_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_list_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_list")),
        sa.UniqueConstraint("cycle_id", "unit_id", name=op.f("uq_unit_list_cycle_id_unit_id")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_unit_list_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_list_public_id")),
    )
    op.create_table(
        "appointment",
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("branch_name", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_appointment_period")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_appointment_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_appointment_application_id_row_key")),
    )
    op.create_table(
        "appraisal",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_appraisal_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_appraisal_application_id_row_key")),
    )
    op.create_table(
        "award",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_award_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_award_application_id_row_key")),
    )
    op.create_table(
        "clause_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.String(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "met", "not_met", "needs_human", name="verdict", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "automatic",
                "declared",
                "checked",
                "ruled",
                name="findingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule_version", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_role", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'automatic' OR decided_by_id IS NOT NULL", name=op.f("ck_clause_finding_decided_by")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_clause_finding_application_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_clause_finding_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_finding")),
    )
    op.create_index(
        op.f("ix_clause_finding_application_id_clause_id_id"),
        "clause_finding",
        ["application_id", "clause_id", "id"],
        unique=False,
    )
    op.create_table(
        "commendation",
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("issuer_kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_commendation_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendation")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_commendation_application_id_row_key")),
    )
    op.create_table(
        "committee_work",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_committee_work_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_work")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_committee_work_application_id_row_key")),
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("value", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_declaration_application_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_declaration_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_declaration_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_application_id"), "declaration", ["application_id"], unique=False)
    op.create_table(
        "defense_record",
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("scores", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_defense_record_application_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_defense_record_recorded_by_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_defense_record")),
    )
    op.create_table(
        "inbox_row",
        sa.Column("queue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_sort", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_inbox_row_assignee_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queue.id"], name=op.f("fk_inbox_row_queue_id")),
        sa.ForeignKeyConstraint(["task_id"], ["open_task.id"], name=op.f("fk_inbox_row_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "task_id", name=op.f("pk_inbox_row")),
    )
    op.create_index("ix_inbox_row_due", "inbox_row", ["queue_id", "due_sort", "task_id"], unique=False)
    op.create_index("ix_inbox_row_opened", "inbox_row", ["queue_id", "opened_at", "task_id"], unique=False)
    op.create_index("ix_inbox_row_priority", "inbox_row", ["queue_id", "priority", "task_id"], unique=False)
    op.create_index(op.f("ix_inbox_row_task_id"), "inbox_row", ["task_id"], unique=False)
    op.create_table(
        "publication",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("venue_level", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_publication_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_publication_application_id_row_key")),
    )
    op.create_table(
        "publicity_window",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("unit_list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_publicity_window_working_days")),
        sa.ForeignKeyConstraint(["unit_list_id"], ["unit_list.id"], name=op.f("fk_publicity_window_unit_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_window")),
        sa.UniqueConstraint("public_id", name=op.f("uq_publicity_window_public_id")),
        sa.UniqueConstraint("unit_list_id", name=op.f("uq_publicity_window_unit_list_id")),
    )
    op.create_table(
        "recusal",
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_recusal_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_recusal")),
    )
    op.create_table(
        "score",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("criteria", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_score_application_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["person.id"], name=op.f("fk_score_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("application_id", "expert_id", name=op.f("uq_score_application_id_expert_id")),
        sa.UniqueConstraint("task_id", name=op.f("uq_score_task_id")),
    )
    op.create_index(op.f("ix_score_expert_id"), "score", ["expert_id"], unique=False)
    op.create_table(
        "task_exclusion",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "own_case",
                "four_eyes",
                "recused",
                "undertaking_wall",
                name="exclusionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_exclusion_person_id")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["open_task.id"], name=op.f("fk_task_exclusion_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_task_exclusion")),
    )
    op.create_table(
        "title",
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("doc_number", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_title_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
        sa.UniqueConstraint("application_id", "row_key", name=op.f("uq_title_application_id_row_key")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("window_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("instance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "identity_kind",
            sa.Enum("real_name", "seal", name="identitykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "screened",
                "inadmissible",
                "ruled",
                name="objectionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ruling",
            sa.Enum("upheld", "dismissed", name="ruling", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ruled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ruled') = (ruled_at IS NOT NULL AND ruling IS NOT NULL)", name=op.f("ck_objection_ruled")
        ),
        sa.CheckConstraint("ruling IS NULL OR reason IS NOT NULL", name=op.f("ck_objection_reason")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_objection_application_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_objection_instance_id")),
        sa.ForeignKeyConstraint(["ruled_by_id"], ["person.id"], name=op.f("fk_objection_ruled_by_id")),
        sa.ForeignKeyConstraint(["window_id"], ["publicity_window.id"], name=op.f("fk_objection_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_objection_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_objection_public_id")),
    )
    op.create_index(op.f("ix_objection_application_id"), "objection", ["application_id"], unique=False)
    op.create_index(op.f("ix_objection_window_id_state"), "objection", ["window_id", "state"], unique=False)
    op.create_table(
        "publicity_item",
        sa.Column("window_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "listed",
                "held",
                "removed",
                "reported",
                "left_out",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_publicity_item_application_id")),
        sa.ForeignKeyConstraint(["window_id"], ["publicity_window.id"], name=op.f("fk_publicity_item_window_id")),
        sa.PrimaryKeyConstraint("window_id", "application_id", name=op.f("pk_publicity_item")),
        sa.UniqueConstraint("window_id", "rank", name=op.f("uq_publicity_item_window_id_rank")),
    )
    op.create_index(op.f("ix_publicity_item_application_id"), "publicity_item", ["application_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE_TRIGGER)
    else:
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(_POSTGRESQL_TRIGGER)


def downgrade() -> None:
    op.drop_index(op.f("ix_publicity_item_application_id"), table_name="publicity_item")
    op.drop_table("publicity_item")
    op.drop_index(op.f("ix_objection_window_id_state"), table_name="objection")
    op.drop_index(op.f("ix_objection_application_id"), table_name="objection")
    op.drop_table("objection")
    op.drop_table("title")
    op.drop_table("task_exclusion")
    op.drop_index(op.f("ix_score_expert_id"), table_name="score")
    op.drop_table("score")
    op.drop_table("recusal")
    op.drop_table("publicity_window")
    op.drop_table("publication")
    op.drop_index(op.f("ix_inbox_row_task_id"), table_name="inbox_row")
    op.drop_index("ix_inbox_row_priority", table_name="inbox_row")
    op.drop_index("ix_inbox_row_opened", table_name="inbox_row")
    op.drop_index("ix_inbox_row_due", table_name="inbox_row")
    op.drop_table("inbox_row")
    op.drop_table("defense_record")
    op.drop_index(op.f("ix_declaration_application_id"), table_name="declaration")
    op.drop_table("declaration")
    op.drop_table("committee_work")
    op.drop_table("commendation")
    op.drop_index(op.f("ix_clause_finding_application_id_clause_id_id"), table_name="clause_finding")
    op.drop_table("clause_finding")
    op.drop_table("award")
    op.drop_table("appraisal")
    op.drop_table("appointment")
    op.drop_table("unit_list")
    op.drop_table("trail")
    op.drop_index(op.f("ix_subscription_key_hash"), table_name="subscription")
    op.drop_table("subscription")
    op.drop_index(op.f("ix_open_task_instance_id"), table_name="open_task")
    op.drop_index(op.f("ix_open_task_assignee_id"), table_name="open_task")
    op.drop_table("open_task")
    op.drop_index(
        "ix_message_waiting",
        table_name="message",
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_index(op.f("ix_message_delivered_to_id"), table_name="message")
    op.drop_table("message")
    op.drop_table("instance_state")
    op.drop_index(op.f("ix_instance_party_unit_id_role_id"), table_name="instance_party")
    op.drop_index(op.f("ix_instance_party_person_id_role_id"), table_name="instance_party")
    op.drop_index(op.f("ix_instance_party_instance_id_role_id"), table_name="instance_party")
    op.drop_table("instance_party")
    op.drop_index(
        "ix_incident_open",
        table_name="incident",
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_index(op.f("ix_incident_instance_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_form_submission_instance_id_element_id"), table_name="form_submission")
    op.drop_index(op.f("ix_form_submission_by_id"), table_name="form_submission")
    op.drop_table("form_submission")
    op.drop_index(op.f("ix_evidence_use_task_id"), table_name="evidence_use")
    op.drop_index(op.f("ix_evidence_use_instance_id_owner_row_key"), table_name="evidence_use")
    op.drop_index(op.f("ix_evidence_use_evidence_id"), table_name="evidence_use")
    op.drop_table("evidence_use")
    op.drop_index(op.f("ix_cohort_member_cycle_id_unit_id_stage"), table_name="cohort_member")
    op.drop_index(op.f("ix_cohort_member_cycle_id_stage_state"), table_name="cohort_member")
    op.drop_index(op.f("ix_cohort_member_case_id"), table_name="cohort_member")
    op.drop_table("cohort_member")
    op.drop_index(op.f("ix_cohort_decision_case_id"), table_name="cohort_decision")
    op.drop_table("cohort_decision")
    op.drop_index(
        "uq_application_live_host",
        table_name="application",
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.drop_index(
        "uq_application_live_branch",
        table_name="application",
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )
    op.drop_index(op.f("ix_application_prelim_unit_id"), table_name="application")
    op.drop_index(op.f("ix_application_host_id"), table_name="application")
    op.drop_index(op.f("ix_application_cycle_id_state"), table_name="application")
    op.drop_index(op.f("ix_application_branch_id"), table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_instance_parent_id"), table_name="instance")
    op.drop_index(
        "ix_instance_due",
        table_name="instance",
        sqlite_where=sa.text("state = 'active' AND next_due_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'active' AND next_due_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_instance_cycle_id"), table_name="instance")
    op.drop_table("instance")
    op.drop_index(op.f("ix_deployment_item_model_version_id"), table_name="deployment_item")
    op.drop_table("deployment_item")
    op.drop_index(op.f("ix_role_holding_unit_id"), table_name="role_holding")
    op.drop_index(op.f("ix_role_holding_role_id_unit_id"), table_name="role_holding")
    op.drop_table("role_holding")
    op.drop_table("queue")
    op.drop_table("panel_member")
    op.drop_table("model_version")
    op.drop_table("cycle_settings")
    op.drop_table("audit_personal")
    op.drop_index(
        op.f("ix_unit_edge_unit_id"),
        table_name="unit_edge",
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_index(op.f("ix_unit_edge_superior_id"), table_name="unit_edge")
    op.drop_table("unit_edge")
    op.drop_table("role")
    op.drop_table("programme_clock")
    op.drop_table("model")
    op.drop_table("form_draft")
    op.drop_table("expert")
    op.drop_index(op.f("ix_evidence_uploaded_by_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_sha256"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("deployment")
    op.drop_table("cycle")
    op.drop_index(op.f("ix_audit_event_person_id_at"), table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_at"), table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index(op.f("ix_unit_kind"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("programme")
    op.drop_table("person")
    op.drop_index(
        "ix_outbox_waiting",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("idempotency")
    op.drop_table("calendar_override")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_head_follows")
