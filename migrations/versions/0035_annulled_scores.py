"""Scores of a stage that was annulled are kept beside the valid ones; a request for review knows its decision."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

import app.store.types

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NEW = ("review_open", "stage_annulled")
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REFUSAL = "a score that was given stays"
_SAME = "a.application_id = OLD.application_id AND a.expert_id = OLD.expert_id"
_KEPT = {
    "score": f"{_SAME} AND a.stage = 'materials' AND a.total = OLD.total AND a.given_at = OLD.submitted_at",
    "defense_score": f"{_SAME} AND a.stage = 'defense' AND a.total = OLD.score AND a.given_at = OLD.at",
    "defense_sheet": f"{_SAME} AND a.stage = 'defense'",
}
"""Where a row is taken from its table: only when it stands among the annulled ones word for word."""

_SQLITE_NAMES = {
    "score": "score_locked_delete",
    "defense_score": "defense_score_kept_delete",
    "defense_sheet": "defense_sheet_kept_delete",
}
_NAMES = {"score": "score_locked", "defense_score": "defense_score_kept", "defense_sheet": "defense_sheet_kept"}
_LOCKED = "application_id, expert_id, task_id, criteria, total, opinion, submitted_at"
_FUNCTIONS = {"score": "score_locked", "defense_score": "defense_score_kept", "defense_sheet": "defense_score_kept"}
_WHEN = {table: f"UPDATE OF {_LOCKED}" if table == "score" else "UPDATE" for table in _KEPT}


def upgrade() -> None:
    op.create_table(
        "annulled_score",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("application_id", _KEY, nullable=False),
        sa.Column("expert_id", _KEY, nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("given_at", app.store.types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", app.store.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_annulled_score_application_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["person.id"], name=op.f("fk_annulled_score_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annulled_score")),
    )
    op.create_index(op.f("ix_annulled_score_application_id"), "annulled_score", ["application_id"], unique=False)
    with op.batch_alter_table("review_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(), server_default="initial", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_review_request_application_id_until"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_review_request_application_id_until_stage"), ["application_id", "until", "stage"]
        )
    _change_words(lambda words: [*words, *_NEW])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    (_keep_sqlite if is_sqlite else _keep_postgresql)()


def _change_words(change: Callable[[list[str]], list[str]]) -> None:
    """Change which kinds of notice are admitted, whatever other revisions have added to them."""
    for table in ("notice", "notice_choice", "notice_template"):
        name = f"ck_{table}_noticekind"
        known = sa.inspect(op.get_bind()).get_check_constraints(table)
        (found,) = [each["sqltext"] for each in known if each["name"] == name]
        listed = ", ".join(f"'{word}'" for word in change(re.findall(r"'([a-z_]+)'", found)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(name), type_="check")
            batch.create_check_constraint(batch.f(name), f"kind IN ({listed})")


def _among(same: str) -> str:
    return f"SELECT 1 FROM annulled_score a WHERE {same}"  # noqa: S608 - words of this file


def _keep_sqlite() -> None:
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER annulled_score_kept_{what.lower()} BEFORE {what} ON annulled_score"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    for table, same in _KEPT.items():
        op.execute(f"DROP TRIGGER {_SQLITE_NAMES[table]}")
        op.execute(
            f"CREATE TRIGGER {_SQLITE_NAMES[table]} BEFORE DELETE ON {table}"
            f" WHEN NOT EXISTS ({_among(same)})"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def _keep_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER annulled_score_kept BEFORE UPDATE OR DELETE ON annulled_score"
        " FOR EACH ROW EXECUTE FUNCTION defense_score_kept()"
    )
    for table, same in _KEPT.items():
        op.execute(f"DROP TRIGGER {_NAMES[table]} ON {table}")
        op.execute(
            f"CREATE TRIGGER {_NAMES[table]} BEFORE {_WHEN[table]} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {_FUNCTIONS[table]}()"
        )
        op.execute(
            f"""
            CREATE FUNCTION {table}_annulled() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS ({_among(same)}) THEN
                    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN OLD;
            END $$
            """
        )
        op.execute(
            f"CREATE TRIGGER {table}_annulled BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_annulled()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            op.execute(f"DROP TRIGGER {_SQLITE_NAMES[table]}")
            op.execute(
                f"CREATE TRIGGER {_SQLITE_NAMES[table]} BEFORE DELETE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            )
    else:
        for table in _KEPT:
            op.execute(f"DROP TRIGGER {table}_annulled ON {table}")
            op.execute(f"DROP FUNCTION {table}_annulled()")
            op.execute(f"DROP TRIGGER {_NAMES[table]} ON {table}")
            op.execute(
                f"CREATE TRIGGER {_NAMES[table]} BEFORE DELETE OR {_WHEN[table]} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {_FUNCTIONS[table]}()"
            )
    _change_words(lambda words: [word for word in words if word not in _NEW])
    with op.batch_alter_table("review_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_review_request_application_id_until_stage"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_review_request_application_id_until"), ["application_id", "until"]
        )
        batch_op.drop_column("stage")
    op.drop_index(op.f("ix_annulled_score_application_id"), table_name="annulled_score")
    op.drop_table("annulled_score")
