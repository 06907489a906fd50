"""What a case of process ``acceptance`` is about."""

from collections.abc import Sequence
from typing import Any

from app.domain.acceptance import DIMENSIONS
from app.domain.clauses import CLAUSES
from app.services.acting import Act
from app.services.hooks import Case
from app.store.models import Acceptance, Studio, StudioCommitment
from app.store.queries import acceptance as rows
from app.store.queries import studios
from app.store.queries.within import within


def acceptance_of(act: Act, case: Case) -> tuple[Acceptance, Studio]:
    """Return the acceptance that a case is about, and its studio; read once in a transaction."""
    key = ("acceptance", case.business_key)
    return within(act.session, key, lambda: rows.acceptance_by_public_id(act.session, case.business_key))


def commitments(act: Act, studio: Studio) -> Sequence[StudioCommitment]:
    """Return what the studio's plan committed it to."""
    return studios.commitments_of(act.session, studio.id)


def commitment_rows(act: Act, studio: Studio) -> list[dict[str, Any]]:
    """Return the plan's commitments as rows of a form (C2, C3.1 to C3.3)."""
    return [
        {
            "row_key": f"c{each.number}",
            "commitment": str(each.number),
            "clause": each.heading,
            "heading": CLAUSES[each.heading].title if each.heading in CLAUSES else each.heading,
            "words": f"{each.text}（{each.measure}）" if each.measure else each.text,
        }
        for each in commitments(act, studio)
    ]


def dimension_rows() -> list[dict[str, Any]]:
    """Return the six dimensions as rows of a form (C2)."""
    return [{"row_key": each.key, "dimension": each.key, "name": each.name, "about": each.about} for each in DIMENSIONS]
