"""Changes of host, acceptances, what happens to a studio by a document; the papers of an acceptance."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PAPERS = (
    "application_form",
    "receipt",
    "return_notice",
    "rejection_notice",
    "publicity_notice",
    "objection_reply",
    "defense_tally",
    "panel_record",
    "result_notice",
    "provincial_notice",
    "announcement",
    "studio_certificate",
    "filing_receipt",
)
_MORE_PAPERS = (
    "application_form",
    "receipt",
    "acceptance_certificate",
    "acceptance_notice",
    "return_notice",
    "rejection_notice",
    "publicity_notice",
    "objection_reply",
    "defense_tally",
    "panel_record",
    "result_notice",
    "provincial_notice",
    "announcement",
    "studio_certificate",
    "filing_receipt",
)


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    for table in ("paper", "paper_count", "paper_template"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            old, new = _word("paperkind", *before), _word("paperkind", *after)
            batch_op.alter_column("kind", existing_type=old, type_=new, existing_nullable=False)


def upgrade() -> None:
    _change(_PAPERS, _MORE_PAPERS)
    op.create_table(
        "acceptance",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _word("acceptancestate", "open", "deferred", "passed", "failed", "closed"), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("score", sa.String(), nullable=True),
        sa.Column("grade", _word("grade", "excellent", "good", "qualified", "unqualified"), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('passed', 'failed')) = (concluded_on IS NOT NULL)", name=op.f("ck_acceptance_concluded")
        ),
        sa.CheckConstraint("(state IN ('passed', 'failed')) = (grade IS NOT NULL)", name=op.f("ck_acceptance_graded")),
        sa.CheckConstraint("(visit = 2) = (deferred_until IS NOT NULL)", name=op.f("ck_acceptance_deferred_once")),
        sa.CheckConstraint("visit IN (1, 2)", name=op.f("ck_acceptance_visit")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_acceptance_instance_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_acceptance_studio_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_acceptance_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_acceptance_public_id")),
        sa.UniqueConstraint("studio_id", name=op.f("uq_acceptance_studio_id")),
    )
    op.create_table(
        "host_change",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=True),
        sa.Column("host_id", _key(), nullable=False),
        sa.Column("successor_id", _key(), nullable=True),
        sa.Column("asked_by_id", _key(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("shortfall", sa.Boolean(), nullable=True),
        sa.Column("state", _word("changestate", "open", "effective", "refused", "withdrawn"), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'effective') = (effective_on IS NOT NULL)", name=op.f("ck_host_change_effective")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_host_change_ended")),
        sa.CheckConstraint("state <> 'effective' OR successor_id IS NOT NULL", name=op.f("ck_host_change_successor")),
        sa.CheckConstraint("successor_id IS NULL OR successor_id <> host_id", name=op.f("ck_host_change_another")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_host_change_asked_by_id")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_host_change_host_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_host_change_instance_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_host_change_studio_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["person.id"], name=op.f("fk_host_change_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_change")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_host_change_instance_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_host_change_public_id")),
    )
    op.create_index(op.f("ix_host_change_asked_by_id"), "host_change", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_host_change_host_id"), "host_change", ["host_id"], unique=False)
    op.create_index(op.f("ix_host_change_studio_id_id"), "host_change", ["studio_id", "id"], unique=False)
    op.create_index(op.f("ix_host_change_successor_id"), "host_change", ["successor_id"], unique=False)
    op.create_index(
        "uq_host_change_open",
        "host_change",
        ["studio_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "studio_event",
        sa.Column("id", _key(), nullable=False),
        sa.Column("studio_id", _key(), nullable=False),
        sa.Column(
            "kind",
            _word(
                "studioeventkind",
                "renamed",
                "reorganised",
                "suspended",
                "resumed",
                "new_fact",
                "fact_cleared",
                "ended_early",
                "revoked",
                "plaque_given",
                "plaque_withdrawn",
                "member_joined",
                "member_left",
                "taken_over",
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("by_id", _key(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_studio_event_by_id")),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name=op.f("fk_studio_event_studio_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_event")),
    )
    op.create_index(op.f("ix_studio_event_studio_id_id"), "studio_event", ["studio_id", "id"], unique=False)
    op.create_table(
        "acceptance_inspection",
        sa.Column("id", _key(), nullable=False),
        sa.Column("acceptance_id", _key(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("sent_as", sa.String(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["acceptance.id"], name=op.f("fk_acceptance_inspection_acceptance_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_inspection_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_inspection")),
        sa.UniqueConstraint(
            "acceptance_id", "visit", "person_id", name=op.f("uq_acceptance_inspection_acceptance_id_visit_person_id")
        ),
        sa.UniqueConstraint("task_id", name=op.f("uq_acceptance_inspection_task_id")),
    )
    op.create_index(op.f("ix_acceptance_inspection_person_id"), "acceptance_inspection", ["person_id"], unique=False)
    op.create_table(
        "acceptance_inspector",
        sa.Column("acceptance_id", _key(), nullable=False),
        sa.Column("visit", sa.Integer(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("named_by_id", _key(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["acceptance_id"], ["acceptance.id"], name=op.f("fk_acceptance_inspector_acceptance_id")
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_acceptance_inspector_named_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_inspector_person_id")),
        sa.PrimaryKeyConstraint("acceptance_id", "visit", "person_id", name=op.f("pk_acceptance_inspector")),
    )


def downgrade() -> None:
    op.drop_table("acceptance_inspector")
    op.drop_index(op.f("ix_acceptance_inspection_person_id"), table_name="acceptance_inspection")
    op.drop_table("acceptance_inspection")
    op.drop_index(op.f("ix_studio_event_studio_id_id"), table_name="studio_event")
    op.drop_table("studio_event")
    op.drop_index(
        "uq_host_change_open",
        table_name="host_change",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_host_change_successor_id"), table_name="host_change")
    op.drop_index(op.f("ix_host_change_studio_id_id"), table_name="host_change")
    op.drop_index(op.f("ix_host_change_host_id"), table_name="host_change")
    op.drop_index(op.f("ix_host_change_asked_by_id"), table_name="host_change")
    op.drop_table("host_change")
    op.drop_table("acceptance")
    _change(_MORE_PAPERS, _PAPERS)
