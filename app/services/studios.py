"""How a studio and the school behind it are named (C6.1a)."""

from collections.abc import Sequence

from app.domain.units import UnitKind
from app.store.models import Unit

_SCHOOLS = frozenset({UnitKind.SCHOOL, UnitKind.UNIVERSITY})


def studio_name(branch_name: str) -> str:
    """Return the name of a branch's studio: it bears the branch's full name (C6.1a)."""
    return f"{branch_name}书记工作室"


def school_of(line: Sequence[Unit]) -> Unit:
    """Return the school or university in a branch's line of superiors; the branch itself where there is none."""
    return next((unit for unit in line if unit.kind in _SCHOOLS), line[0])
