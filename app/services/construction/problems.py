"""Reports of achievements, difficulties and proposals at any time, to the superior Party organisation (C6.7)."""

from app.domain.roles import RoleKey
from app.domain.states import STUDIO
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.construction.reading import StudioUnknown
from app.services.running import Begin, Party, start_instance
from app.services.seeing import visible_to
from app.store.queries import studios as rows
from app.store.queries.waiting import task_for
from app.store.types import new_public_id


def begin_problem_report(act: Act, *, studio: str) -> str:
    """Begin a report of a studio that one hosts; return the task in which it is written.

    Raises ``StudioUnknown``, ``NotAllowed``.
    """
    found = rows.seen_one(act.session, studio, visible_to(act.actor))
    if found is None:
        raise StudioUnknown(studio=studio)
    row, _, _, case = found
    if row.host_id != act.actor.person_id or STUDIO.is_final(row.state):
        raise NotAllowed(needed=RoleKey.HOST.value)
    key = new_public_id()
    superior = rows.party_unit(act.session, case.id, RoleKey.SUPERIOR_PARTY)
    begin = Begin(
        process_key="problem_report",
        business_key=key,
        title=row.name,
        cycle_id=row.cycle_id,
        parent_id=case.id,
        data={"case": {"id": key}},
        parties=(
            Party(RoleKey.HOST, person_id=row.host_id),
            Party(RoleKey.SUPERIOR_PARTY, unit_id=superior),
        ),
    )
    started = start_instance(act, begin=begin)
    audit.record(act, case_id=started.id, action="begin_problem_report", object=f"studio/{studio}")
    return task_for(act.session, "problem_report", key, "write_problem", act.actor.queue_ids)
