"""Forming a panel: the register with publications, ties, draws, invitations, pledges, who judges what."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "expert_work",
        sa.Column("id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("authors", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_work_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_work")),
    )
    with op.batch_alter_table("expert_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expert_work_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assignment_run",
        sa.Column("id", _key(), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("reviewers", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", _key(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "optimal",
                "within_gap",
                "impossible",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("bound", sa.Double(), nullable=True),
        sa.Column("gap", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("aside", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("remedy", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (done_at IS NULL)", name=op.f("ck_assignment_run_done")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_assignment_run_asked_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_assignment_run_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_run")),
    )
    with op.batch_alter_table("assignment_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_run_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "panel_draw",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("register", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("free", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("taken", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by_id", _key(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_panel_draw_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_panel_draw_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_draw")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_panel_draw_cycle_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_draw_public_id")),
    )
    op.create_table(
        "tie",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("other_id", _key(), nullable=True),
        sa.Column("unit_id", _key(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "kin",
                "adviser",
                "coauthor",
                "declared",
                name="tiekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("cycle_id", _key(), nullable=True),
        sa.Column("by_id", _key(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name=op.f("ck_tie_lifted")),
        sa.CheckConstraint("(other_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_tie_whom")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_tie_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_tie_cycle_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_tie_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tie_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tie_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tie_public_id")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_person_id"), ["person_id"], unique=False)

    op.create_table(
        "panel_invitation",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("instance_id", _key(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "refused",
                name="invitationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaces_id", _key(), nullable=True),
        sa.CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name=op.f("ck_panel_invitation_answered")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_panel_invitation_cycle_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_panel_invitation_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_invitation_person_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["person.id"], name=op.f("fk_panel_invitation_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_invitation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_invitation_public_id")),
    )
    with op.batch_alter_table("panel_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_invitation_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_panel_invitation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_panel_invitation_open",
            ["cycle_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'invited'"),
            postgresql_where=sa.text("state = 'invited'"),
        )

    op.create_table(
        "assignment",
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("person_id", _key(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_assignment_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("post", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("available", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("detail", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_group", sa.String(), server_default="all", nullable=False))
        batch_op.add_column(sa.Column("note", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("pledge", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("left_reason", sa.String(), nullable=True))
    # panels confirmed before declared their independence with every review
    op.execute("UPDATE panel_member SET pledged_at = confirmed_at")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        pledged = "confirmed_at IS NULL OR pledged_at IS NOT NULL"
        batch_op.create_check_constraint(op.f("ck_panel_member_pledged"), pledged)
        batch_op.create_check_constraint(op.f("ck_panel_member_left"), "(left_at IS NULL) = (left_reason IS NULL)")


def downgrade() -> None:
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_panel_member_left"), type_="check")
        batch_op.drop_constraint(op.f("ck_panel_member_pledged"), type_="check")
        for name in ("left_reason", "left_at", "pledge", "pledged_at", "note", "review_group"):
            batch_op.drop_column(name)
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_column("detail")
    with op.batch_alter_table("expert", schema=None) as batch_op:
        batch_op.drop_column("available")
        batch_op.drop_column("post")
    op.drop_table("assignment")
    op.drop_table("panel_invitation")
    op.drop_table("tie")
    op.drop_table("panel_draw")
    op.drop_table("assignment_run")
    op.drop_table("expert_work")
