"""A role given or taken is told to whoever holds it."""

from datetime import date

from app.domain.notices import NoticeKind
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.store.queries import telling as queries


def tell_of_role(act: Act, *, holding_id: int, kind: NoticeKind, last_day: date | None) -> None:
    """Tell somebody of a role they hold: given, or ending with ``last_day``."""
    holding, role, unit = queries.holding(act.session, holding_id)
    given = {"role": role, "unit": unit, "day": str(last_day or "")}
    key = f"{kind.value}:{holding.id}:{last_day or ''}"
    note(act, [Saying(person_id=holding.person_id, kind=kind, key=key, at=act.now, given=given)])
