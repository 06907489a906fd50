"""A change of host in effect: title data, permissions and open tasks pass over in one transaction (C6.1a, C6.1b)."""

from datetime import date, timedelta

from app.domain.periods import DAY
from app.domain.succession import CAUSES
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.people import close_holding
from app.services.programme.subjects import handed_in
from app.services.programme.succession.subjects import change_of
from app.store.models import ChangeState, FormerHost, HostChange, Studio
from app.store.queries import casework, studios
from app.store.queries import succession as rows
from app.store.queries.organisation import personal_queue_id


@action("change_host")
def change_host(ctx: ActionContext) -> None:
    """Make the successor the studio's one host from the day of the decision; the term does not move.

    The studio's cases are locked first, so that no task opens for the old host meanwhile.
    """
    act, (change, _) = ctx.act, change_of(ctx.act, ctx.case)
    decided = handed_in(act, ctx.case, "decide")
    studio = studios.locked_studio(act.session, _studio_id(act, change))
    if studio is None or change.successor_id is None:
        raise LookupError(f"change {change.id} has no studio or nobody to take over")
    effective_on = max(decided.at.astimezone(SHANGHAI).date(), studio.host_since + DAY)
    cases = [each for each in rows.running_cases(act.session, studio) if each != ctx.case.id]
    for case_id in cases:
        casework.lock_case(act.session, case_id)
    _pass_over(act, cases, studio.host_id, change.successor_id)
    _end_holdings(act, studio, effective_on - DAY)
    act.session.add(_former(studio, change, effective_on, decided.by_id, act))
    studio.host_id, studio.host_since = change.successor_id, effective_on
    change.state, change.effective_on, change.ended_at = ChangeState.EFFECTIVE, effective_on, act.now
    act.session.flush()
    what = f"host_change/{change.public_id}"
    audit.record(act, case_id=studio.instance_id, action="change_host", object=what, result=effective_on.isoformat())


def _studio_id(act: Act, change: HostChange) -> str:
    return act.session.get_one(Studio, change.studio_id).public_id


def _pass_over(act: Act, cases: list[int], host_id: int, successor_id: int) -> None:
    session = act.session
    queues = (personal_queue_id(session, host_id), personal_queue_id(session, successor_id))
    rows.pass_parts(session, cases, host_id, successor_id)
    rows.pass_drafts(session, cases, host_id, successor_id)
    rows.pass_tasks(session, cases, host_id, queues)
    rows.keep_out(session, cases, successor_id)


def _end_holdings(act: Act, studio: Studio, last_day: date) -> None:
    for holding in rows.holdings_at(act.session, studio.host_id, studio.branch_id, last_day + timedelta(days=1)):
        close_holding(act, holding, last_day)


def _former(studio: Studio, change: HostChange, effective_on: date, by_id: int, act: Act) -> FormerHost:
    return FormerHost(
        studio_id=studio.id,
        person_id=studio.host_id,
        from_on=studio.host_since,
        to_on=effective_on - DAY,
        reason=f"{CAUSES.get(change.cause or '', '')}：{change.reason}",
        document=change.document,
        by_id=by_id,
        at=act.now,
    )
