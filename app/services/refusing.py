"""What somebody tried and was refused stays in the trail: in a transaction of its own, for theirs is rolled back."""

from app.domain.errors import DomainError
from app.services import audit
from app.services.acting import Act


def note_refusal(act: Act, refusal: DomainError, attempt: str) -> None:
    """Record that ``attempt`` (a request's method, route and case or task) was refused, and by which code."""
    audit.record(act, case_id=audit.OFFICE, action="attempt", object=attempt, result=f"refused {refusal.code}")
