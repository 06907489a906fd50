"""A role given or taken is told to whoever holds it."""

from datetime import date

from app.domain.notices import NoticeKind
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.store.models import RoleHolding
from app.store.queries import telling as queries


def tell_of_role(act: Act, *, holding_id: int, kind: NoticeKind, last_day: date | None) -> None:
    """Tell somebody of a role they hold: given, or ending with ``last_day``."""
    holding, role, unit = queries.holding(act.session, holding_id)
    note(act, [_saying(act, holding, kind, (role, unit), last_day)])


def of_role(act: Act, holding: RoleHolding, kind: NoticeKind, place: tuple[str, str]) -> Saying:
    """Return what to tell the holder of a role at its ``place`` (role key, unit's name), as its term stands now."""
    return _saying(act, holding, kind, place, holding.valid_to)


def _saying(act: Act, holding: RoleHolding, kind: NoticeKind, place: tuple[str, str], last_day: date | None) -> Saying:
    given = {"role": str(place[0]), "unit": place[1], "day": str(last_day or "")}
    key = f"{kind.value}:{holding.id}:{last_day or ''}"
    return Saying(person_id=holding.person_id, kind=kind, key=key, at=act.now, given=given)
