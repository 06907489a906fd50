"""The defense desk, provincial publicity, leniency reports; Word templates released by a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KINDS_BEFORE = (
    "application_form", "receipt", "return_notice", "rejection_notice", "publicity_notice", "objection_reply",
    "panel_record", "announcement",
)  # fmt: skip
_KINDS = (
    *_KINDS_BEFORE[:6], "defense_tally", "panel_record", "result_notice", "provincial_notice", "announcement",
)  # fmt: skip
_STATES = ("waiting", "called", "presenting", "questions", "scoring", "held", "absent")
_KEPT = ("defense_score", "defense_sheet")


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_{table}_{name}"))


def _of(table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{target}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{target}_id"))


def upgrade() -> None:
    _sessions()
    _scores()
    _results()
    _keep()
    _kinds(_KINDS)
    with op.batch_alter_table("paper_template") as batch:
        batch.add_column(sa.Column("released_by_id", _key(), nullable=True))
        batch.add_column(_moment("released_at", nullable=True))
        batch.create_foreign_key(op.f("fk_paper_template_released_by_id"), "person", ["released_by_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_paper_template_released"), "released_by_id IS NULL OR released_at IS NOT NULL"
        )
        batch.create_check_constraint(
            op.f("ck_paper_template_four_eyes"), "released_by_id IS NULL OR released_by_id <> by_id"
        )
    op.execute("UPDATE paper_template SET released_at = at")


def _kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("paper_count", "paper_template", "paper"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"kind IN ({listed})")


def _sessions() -> None:
    op.create_table(
        "defense_session",
        sa.Column("id", _key(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        _moment("starts_at"),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=True),
        sa.Column("witness", sa.String(), nullable=True),
        _moment("drawn_at", nullable=True),
        sa.Column("drawn_by_id", _key(), nullable=True),
        sa.Column("by_id", _key(), nullable=False),
        _moment("at"),
        sa.CheckConstraint("(drawn_at IS NULL) = (word IS NULL)", name=op.f("ck_defense_session_drawn_with_a_word")),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (witness IS NULL)", name=op.f("ck_defense_session_drawn_with_a_witness")
        ),
        _of("defense_session", "cycle"),
        _person("defense_session", "drawn_by_id"),
        _person("defense_session", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defense_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_defense_session_public_id")),
    )
    op.create_index(op.f("ix_defense_session_cycle_id"), "defense_session", ["cycle_id"], unique=False)
    op.create_table(
        "defense_slot",
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("session_id", _key(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=True),
        _moment("planned_at", nullable=True),
        sa.Column("state", _word("slotstate", *_STATES), nullable=False),
        _moment("called_at", nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("identity_by_id", _key(), nullable=True),
        _moment("identity_at", nullable=True),
        _moment("begun_at", nullable=True),
        _moment("questions_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint("begun_at IS NULL OR identity_at IS NOT NULL", name=op.f("ck_defense_slot_no_proxy")),
        sa.CheckConstraint("(identity_at IS NULL) = (document IS NULL)", name=op.f("ck_defense_slot_identity")),
        _of("defense_slot", "application"),
        sa.ForeignKeyConstraint(["session_id"], ["defense_session.id"], name=op.f("fk_defense_slot_session_id")),
        _person("defense_slot", "identity_by_id"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_defense_slot")),
        sa.UniqueConstraint("session_id", "lot", name=op.f("uq_defense_slot_session_id_lot")),
    )


def _scores() -> None:
    op.create_table(
        "defense_seat",
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("expert_id", _key(), nullable=False),
        _moment("at"),
        _moment("left_at", nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("(left_at IS NULL) = (reason IS NULL)", name=op.f("ck_defense_seat_left")),
        _of("defense_seat", "application"),
        _person("defense_seat", "expert_id"),
        sa.PrimaryKeyConstraint("application_id", "expert_id", name=op.f("pk_defense_seat")),
    )
    op.create_index(op.f("ix_defense_seat_expert_id"), "defense_seat", ["expert_id"], unique=False)
    op.create_table(
        "defense_score",
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("expert_id", _key(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("way", _word("scoreway", "phone", "sheets", "settled"), nullable=False),
        sa.Column("by_id", _key(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        _moment("at"),
        sa.CheckConstraint("(way = 'settled') = (reason IS NOT NULL)", name=op.f("ck_defense_score_settled")),
        _of("defense_score", "application"),
        _person("defense_score", "expert_id"),
        _person("defense_score", "by_id"),
        sa.PrimaryKeyConstraint("application_id", "expert_id", name=op.f("pk_defense_score")),
    )
    op.create_table(
        "defense_sheet",
        sa.Column("application_id", _key(), nullable=False),
        sa.Column("expert_id", _key(), nullable=False),
        sa.Column("by_id", _key(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        _moment("at"),
        _of("defense_sheet", "application"),
        _person("defense_sheet", "expert_id"),
        _person("defense_sheet", "by_id"),
        sa.PrimaryKeyConstraint("application_id", "expert_id", "by_id", name=op.f("pk_defense_sheet")),
    )


def _results() -> None:
    op.create_table(
        "provincial_window",
        sa.Column("cycle_id", _key(), nullable=False),
        _moment("opened_at"),
        sa.Column("opens_on", sa.Date(), nullable=False),
        _moment("ends_at"),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_provincial_window_working_days")),
        _of("provincial_window", "cycle"),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_provincial_window")),
    )
    op.create_table(
        "provincial_extension",
        sa.Column("id", _key(), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        _moment("at"),
        sa.Column("reason", sa.String(), nullable=False),
        _moment("ends_before"),
        _moment("ends_after"),
        sa.CheckConstraint("ends_after > ends_before", name=op.f("ck_provincial_extension_only_later")),
        _of("provincial_extension", "cycle"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_extension")),
    )
    op.create_index(op.f("ix_provincial_extension_cycle_id"), "provincial_extension", ["cycle_id"], unique=False)
    op.create_table(
        "leniency_report",
        sa.Column("id", _key(), nullable=False),
        sa.Column("cycle_id", _key(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by_id", _key(), nullable=True),
        _moment("at"),
        _of("leniency_report", "cycle"),
        _person("leniency_report", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leniency_report")),
    )
    op.create_index(op.f("ix_leniency_report_cycle_id"), "leniency_report", ["cycle_id"], unique=False)


def _keep() -> None:
    """A score that was given stays: the database refuses to change or delete one (C5.3c)."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            for what in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_kept_{what.lower()} BEFORE {what} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, 'a score that was given stays'); END"
                )
        return
    op.execute(
        """
        CREATE FUNCTION defense_score_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a score that was given stays' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION defense_score_kept()"
        )


def downgrade() -> None:
    with op.batch_alter_table("paper_template") as batch:
        for name in ("released", "four_eyes"):
            batch.drop_constraint(op.f(f"ck_paper_template_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_paper_template_released_by_id"), type_="foreignkey")
        batch.drop_column("released_at")
        batch.drop_column("released_by_id")
    _kinds(_KINDS_BEFORE)
    for table in (
        "leniency_report", "provincial_extension", "provincial_window", "defense_sheet", "defense_score",
        "defense_seat", "defense_slot", "defense_session",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION defense_score_kept()")
