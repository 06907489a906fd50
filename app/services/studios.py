"""How a studio and the school behind it are named (C6.1a)."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.units import UnitKind
from app.services.acting import Act
from app.store.models import Unit
from app.store.queries import merging

_SCHOOLS = frozenset({UnitKind.SCHOOL, UnitKind.UNIVERSITY})


def case_title(subject: str, what: str) -> str:
    """Return what a case beside a studio or an application is called: 某某工作室（验收）.

    Its subject comes first: pages put the step and a colon before it.
    """
    return f"{subject}（{what}）"


def studio_name(branch_name: str) -> str:
    """Return the name of a branch's studio: it bears the branch's full name (C6.1a)."""
    return f"{branch_name}书记工作室"


def school_of(line: Sequence[Unit]) -> Unit:
    """Return the school or university in a branch's line of superiors; the branch itself where there is none."""
    return next((unit for unit in line if unit.kind in _SCHOOLS), line[0])


class Names:
    """What units were called on a day: what was before a renaming keeps the old name. One statement for all of them."""

    def __init__(self, act: Act, units: Iterable[Unit]) -> None:
        self._renamed = merging.renames_of(act.session, {unit.id for unit in units})

    def on(self, unit: Unit, day: date) -> str:
        """Return the unit's name on ``day``."""
        return next((before for since, before in self._renamed.get(unit.id, ()) if since > day), unit.name)
