"""Short forms by which people call units (简称): the office keeps them, blind reviews cover them (C5.3b)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.veil import Short, shorts_from_json, shorts_of
from app.services import audit
from app.services.acting import Act
from app.store.models import Unit
from app.store.queries import organisation


class ShortFormUnit(DomainError):
    """There is no unit of this code. Params: ``value``."""

    code = "short_form_unit"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Called:
    """A unit with the short forms by which it is known."""

    unit: Unit
    shorts: tuple[Short, ...]

    @property
    def typed(self) -> str:
        """The short forms as they are typed."""
        return "\n".join(" | ".join(filter(None, (each.text, "、".join(each.but)))) for each in self.shorts)


def list_short_forms(act: Act) -> Sequence[Called]:
    """Return the units for which short forms are kept. Raises ``NotAllowed``."""
    act.require(RoleKey.SECRETARIAT)
    found = organisation.units_with_short_forms(act.session)
    return [Called(unit, shorts_from_json(unit.short_forms)) for unit in found]


def keep_short_forms(act: Act, *, code: str, typed: str) -> str:
    """Keep the short forms of a unit, in place of those before; return the unit's name.

    Raises ``NotAllowed``, ``ShortFormUnit``, ``ShortFormWrong``.
    """
    act.require(RoleKey.SECRETARIAT)
    unit = organisation.unit_of_code(act.session, code.strip())
    if unit is None:
        raise ShortFormUnit(value=code)
    shorts = shorts_of(typed)
    unit.short_forms = [{"text": each.text, "but": list(each.but)} for each in shorts]
    act.session.flush()
    told = "、".join(each.text for each in shorts) or "—"
    audit.record(act, case_id=audit.OFFICE, action="keep_short_forms", object=f"unit/{unit.code}", result=told)
    return unit.name
