"""People as those who look after them see them, with everything they hold or held."""

from dataclasses import dataclass
from datetime import date

from app.domain.roles import Holding, RoleKey
from app.services.acting import Act
from app.services.authority import reach_of
from app.store.models import RoleHolding
from app.store.queries import organisation


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the administrators see them."""

    id: int
    public_id: str
    login: str
    name: str
    active: bool
    held: tuple["HoldingRow", ...]


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A holding as the administrators see it."""

    id: int
    role: str
    unit_name: str
    valid_from: date
    valid_to: date | None
    is_current: bool


def list_people(act: Act, *, search: str = "", after: int = 0, limit: int = 50) -> tuple[PersonRow, ...]:
    """Return the people the actor looks after by login or name, in the order they were added, behind id ``after``.

    Two statements. Raises ``NotAllowed``.
    """
    people = organisation.find_people(act.session, search, after, limit, reach_of(act))
    held: dict[int, list[HoldingRow]] = {person.id: [] for person in people}
    for found in organisation.holdings_of(act.session, list(held)):
        holding, role, unit = found[0], found[1], found[2]
        is_current = as_holding(holding, role).holds_on(act.today)
        row = HoldingRow(holding.id, role, unit.name, holding.valid_from, holding.valid_to, is_current)
        held[holding.person_id].append(row)
    return tuple(
        PersonRow(person.id, person.public_id, person.login, person.name, person.active, tuple(held[person.id]))
        for person in people
    )


def holdings_of_person(act: Act, person_id: int) -> tuple[HoldingRow, ...]:
    """Return everything one person holds or held."""
    return tuple(
        HoldingRow(
            holding.id,
            role,
            unit.name,
            holding.valid_from,
            holding.valid_to,
            as_holding(holding, role).holds_on(act.today),
        )
        for holding, role, unit in organisation.holdings_of(act.session, [person_id])
    )


def as_holding(row: RoleHolding, role: str) -> Holding:
    """Return a holding as the rules of roles see it."""
    return Holding(str(row.person_id), RoleKey(role), str(row.unit_id), row.valid_from, row.valid_to)
