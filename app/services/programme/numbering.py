"""The number that an office types on its announcement is its own: one that is in use is refused at the form (C5.3e)."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.hooks import At, on_complete
from app.services.programme.deciding import check_settled
from app.services.programme.subjects import cycle_of, last_values
from app.store.queries import papers


class NumberUsed(DomainError):
    """Another announcement bears the number. Params: ``number``, ``title`` of the other one, ``clause``."""

    code = "number_used"
    kind = Kind.CONFLICT


@on_complete("cycle", "prepare_announcement")
def check_prepared(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Refuse a draft whose number another announcement bears. Raises ``NumberUsed``."""
    _check(act, at, values["document_number"])


@on_complete("cycle", "release_announcement")
def check_released(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Refuse to release a number that was taken since it was drafted, or while an approval is decided again.

    Raises ``NumberUsed``, ``StageDoneAgain``.
    """
    if values["decision"] == "release":
        check_settled(act, cycle_of(act, at.case), Stage.SHORTLISTED)
        _check(act, at, last_values(act, at.case, "prepare_announcement")["document_number"])


def _check(act: Act, at: At, number: str) -> None:
    title = papers.announced_as(act.session, number, at.case.cycle_id)
    if title is not None:
        raise NumberUsed(number=number, title=title, clause="C5.3e")
