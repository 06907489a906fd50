"""Acceptance opens by itself once a studio's term has ended (C6.2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.roles import RoleKey
from app.domain.states import STUDIO, StudioState
from app.domain.studios import ends
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.outbox import enqueue, handles
from app.services.programme.parties import parties_beside
from app.services.running import Begin, start_instance
from app.services.studios import case_title
from app.store.adding import add_if_new
from app.store.models import Acceptance, AcceptanceState, Studio
from app.store.queries import acceptance as rows
from app.store.queries import studios
from app.store.types import new_public_id

OPEN = "open_acceptance"
"""The work that begins the acceptance of a studio whose term has ended."""

ASSESSED_WITHIN = timedelta(days=30)
"""How long the studio has to assess itself."""

AGAIN = timedelta(hours=1)
"""After how long it is asked for again while the studio is suspended."""


@action("open_acceptance")
def open_acceptance(ctx: ActionContext) -> None:
    """Have the studio's acceptance begin, as a case of its own (C6.2)."""
    enqueue(ctx.act, kind=OPEN, payload={"case": ctx.case.id})


@handles(OPEN)
def begin_acceptance(act: Act, payload: Mapping[str, Any]) -> datetime | None:
    """Begin the acceptance of the studio whose construction this case is; once, however often it is asked for.

    One that was suspended meanwhile is asked for again: its construction is held until then.
    """
    studio = studios.studio_of_case(act.session, payload["case"])
    if studio is not None and studio.state is StudioState.SUSPENDED:
        return act.now + AGAIN
    if studio is None or not STUDIO.allows(studio.state, StudioState.IN_ACCEPTANCE):
        return None
    row = {
        "public_id": new_public_id(),
        "studio_id": studio.id,
        "opened_at": act.now,
        "state": AcceptanceState.OPEN,
        "visit": 1,
    }
    if not add_if_new(act.session, Acceptance, row):
        return None
    found = rows.acceptance_of(act.session, studio.id)
    if found is None:
        raise LookupError(f"the acceptance of studio {studio.id} is not there")
    studio.state = STUDIO.moved(studio.state, StudioState.IN_ACCEPTANCE)
    found.instance_id = start_instance(act, begin=_begin(act, studio, found)).id
    act.session.flush()
    what = f"acceptance/{found.public_id}"
    audit.record(act, case_id=studio.instance_id, action="open_acceptance", object=what)
    return None


def _begin(act: Act, studio: Studio, found: Acceptance) -> Begin:
    return Begin(
        process_key="acceptance",
        business_key=found.public_id,
        title=case_title(studio.name, "验收"),
        cycle_id=studio.cycle_id,
        parent_id=studio.instance_id,
        data={
            "studio": {"id": studio.public_id},
            "self_assessment": {"due_at": ends(act.today + ASSESSED_WITHIN).isoformat()},
        },
        parties=parties_beside(act, studio, RoleKey.SUPERIOR_PARTY),
    )
