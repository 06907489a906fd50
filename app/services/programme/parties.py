"""Who plays which lane of an application: computed from the branch's line of superiors."""

from collections.abc import Iterator, Sequence

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.units import PartyOrganisations, UnitKind, UnitRef, party_organisations
from app.services.acting import Act
from app.services.running import Party
from app.services.studios import school_of
from app.store.models import Studio, Unit
from app.store.queries import lines, parties


class NoUndertakingUnit(DomainError):
    """Nobody holds the secretariat of the undertaking unit, or several units do (C6.5); an administrator settles it."""

    code = "no_undertaking_unit"


def undertaking_unit_id(act: Act) -> int:
    """Return the unit whose secretariat operates the application work (C6.5). Raises ``NoUndertakingUnit``."""
    found = lines.units_with(act.session, RoleKey.SECRETARIAT, act.today)
    if len(found) != 1:
        raise NoUndertakingUnit
    return next(iter(found))


def parties_of(act: Act, line: Sequence[Unit], host_id: int) -> tuple[Party, ...]:
    """Return who plays an application's lanes, as far as it is known before routing; ``line`` begins with the branch.

    Raises ``NoActingUnit``, ``NoUndertakingUnit``.
    """
    acting = party_organisations([unit_ref(unit) for unit in line])
    return (
        Party(RoleKey.HOST, person_id=host_id),
        Party(RoleKey.SUPERIOR_PARTY, unit_id=int(acting.superior)),
        Party(RoleKey.SCHOOL_PARTY, unit_id=int(acting.school)),
        Party(RoleKey.DISCIPLINE, unit_id=_discipline_unit(act, line, acting)),
        *(Party(RoleKey.COUNTY, unit_id=unit.id) for unit in line if unit.kind is UnitKind.COUNTY),
        Party(RoleKey.SECRETARIAT, unit_id=undertaking_unit_id(act)),
        *province_parties(line[-1].id),
    )


def province_parties(province_id: int) -> Iterator[Party]:
    """Yield the lanes that the province's unit plays."""
    for role in (RoleKey.PROVINCE_COMMITTEE, RoleKey.PANEL_CHAIR):
        yield Party(role, unit_id=province_id)


def parties_beside(act: Act, studio: Studio, *told: RoleKey) -> tuple[Party, ...]:
    """Return who plays the lanes of a case begun beside a studio's construction: its host, its school, the province.

    ``told``: who takes part besides, as in the construction, to be told when something is late.
    """
    line = lines.line_of(act.session, studio.branch_id, act.today)
    roles = {RoleKey.SCHOOL_PARTY, *told}
    same = [
        Party(role, unit_id=unit.id)
        for role, unit, _ in parties.of_case(act.session, studio.instance_id)
        if role in roles and unit is not None
    ]
    committee = Party(RoleKey.PROVINCE_COMMITTEE, unit_id=line[-1].id)
    return (Party(RoleKey.HOST, person_id=studio.host_id), *same, committee)


def unit_ref(unit: Unit) -> UnitRef:
    """Return the unit as the rules of the tree see it."""
    return UnitRef(str(unit.id), unit.kind, unit.is_school_party)


def _discipline_unit(act: Act, line: Sequence[Unit], acting: PartyOrganisations) -> int:
    """The nearest discipline body from the school upward; without one the school's own, whose inbox then waits."""
    held = lines.units_with(act.session, RoleKey.DISCIPLINE, act.today)
    above = line[line.index(school_of(line)) :]
    return next((unit.id for unit in above if unit.id in held), int(acting.school))
