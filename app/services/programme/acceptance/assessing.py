"""The studio assesses itself against its own plan, and mends what a deferral names (C6.2, C3.1 to C3.3)."""

from collections.abc import Mapping
from typing import Any

from app.services.acting import Act
from app.services.hooks import At, form_context
from app.services.programme.acceptance.subjects import acceptance_of, commitment_rows, dimension_rows
from app.services.programme.subjects import last_values
from app.services.programme.wording import day_text


@form_context("acceptance", "self_assess")
def to_assess(act: Act, at: At) -> Mapping[str, Any]:
    """Return every commitment of the plan, and the six dimensions."""
    _, studio = acceptance_of(act, at.case)
    return {"commitments": commitment_rows(act, studio), "dimensions": dimension_rows()}


@form_context("acceptance", "rectify")
def to_rectify(act: Act, at: At) -> Mapping[str, Any]:
    """Return why the conclusion deferred, what it wants mended, and until when."""
    found, _ = acceptance_of(act, at.case)
    until = day_text(found.deferred_until) if found.deferred_until else ""
    concluded = last_values(act, at.case, "conclude")
    return {"reason": concluded.get("opinion"), "to_mend": concluded.get("to_mend"), "until": until}
