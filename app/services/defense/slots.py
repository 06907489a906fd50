"""A slot as whoever works on it finds it, and what refuses them."""

from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import SlotState
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.seeing import KeptOut
from app.store.models import Application, Cycle, DefenseSession, DefenseSlot
from app.store.queries import defense as rows

OPERATORS = (RoleKey.SECRETARIAT, RoleKey.PANEL_CHAIR)
"""The roles that run a session."""


class DefenseUnknown(DomainError):
    """There is no such session, or no slot for this case. Params: ``defense``."""

    code = "defense_unknown"
    kind = Kind.NOT_FOUND


class SlotNotSo(DomainError):
    """The slot is not where this can happen. Params: ``state``."""

    code = "slot_not_so"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot with its session, case and cycle."""

    row: DefenseSlot
    session: DefenseSession
    application: Application
    cycle: Cycle

    def require(self, *states: SlotState) -> None:
        """Check where the slot stands. Raises ``SlotNotSo``."""
        if self.row.state not in states:
            raise SlotNotSo(state=self.row.state.value)


def slot_for(act: Act, case: str) -> Slot:
    """Return the slot of an application (public id), locked. Raises ``DefenseUnknown``."""
    found = rows.slot_of(act.session, case)
    if found is None:
        raise DefenseUnknown(defense=case)
    return Slot(*found)


def operated(act: Act, case: str) -> Slot:
    """Return a slot to whoever runs its session. Raises ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``.

    Hosts keep out of their own case, members of the panel out of those from which they stand aside.
    """
    act.require(*OPERATORS)
    slot = slot_for(act, case)
    check_untied(act, slot)
    return slot


def check_untied(act: Act, slot: Slot) -> None:
    """Check that the actor has nothing to do with the case. Raises ``KeptOut``."""
    if rows.is_tied(act.session, slot.application, act.person_id):
        own = slot.application.host_id == act.person_id
        raise KeptOut(reason="own_case" if own else "recused")


def note(act: Act, slot: Slot, action: str, result: str) -> None:
    """Record what was done in a slot, in its case's trail."""
    what = f"defense/{slot.application.public_id}"
    audit.record(act, case_id=slot.application.instance_id, action=action, object=what, result=result)


def require_role(act: Act, role: RoleKey) -> None:
    """Check that the actor, no system, holds ``role``. Raises ``NotAllowed``."""
    if not act.actor.holds(role):
        raise NotAllowed(needed=role.value)
