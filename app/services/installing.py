"""Making an installation ready: the programme with its roles, the province's unit, the models, the standing work."""

from pathlib import Path

from app.domain.units import UnitKind
from app.services.acting import Act, NotAllowed
from app.services.construction.digests import DIGEST
from app.services.deploying import Deployed, import_directory
from app.services.notifying.reminding import REMIND
from app.services.outbox import SWEEP, enqueue
from app.services.people import define_roles
from app.services.proving import import_cases
from app.services.scanning import SCAN
from app.store.models import Unit
from app.store.queries import organisation, outbox

PROVINCE = ("620000", "省委教育工委")
"""Code and name of the province's unit where no list of units has been taken yet."""


def install(act: Act, *, root: Path) -> Deployed:
    """Bring what the product itself brings up to date; run again it changes nothing.

    ``root`` holds ``bpmn/`` and ``forms/``. Only the system may. Raises ``NotAllowed``, ``ModelHasErrors``.
    """
    if not act.actor.is_system:
        raise NotAllowed(needed="system")
    define_roles(act)
    province_unit(act)
    for kind in (SWEEP, REMIND, SCAN, DIGEST):
        if not outbox.has_waiting(act.session, kind):
            enqueue(act, kind=kind, payload={})
    deployed = import_directory(act, root=root)
    import_cases(act, root=root)
    return deployed


def province_unit(act: Act) -> int:
    """Return the id of the province's unit, made if there is none."""
    found = organisation.unit_of_kind(act.session, UnitKind.PROVINCE)
    if found is not None:
        return found.id
    unit = Unit(code=PROVINCE[0], name=PROVINCE[1], kind=UnitKind.PROVINCE)
    act.session.add(unit)
    act.session.flush()
    return unit.id
