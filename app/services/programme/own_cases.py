"""Joint steps are closed to whoever has a case of their own in them: nobody handles a step of their own case."""

from collections.abc import Iterable

from app.services.acting import Act
from app.services.hooks import At, excludes
from app.services.programme.subjects import list_of
from app.store.models import ExclusionReason
from app.store.queries import applications, publicity

Excluded = list[tuple[int, ExclusionReason]]

_JOINT_STEPS = (
    "propose_panel",
    "adjust_assignment",
    "confirm_panel",
    "decide_shortlist",
    "approve_list",
    "conclude_provincial",
    "prepare_announcement",
    "release_announcement",
)


@excludes("unit_list", "rank_list")
def hosts_off_ranking(act: Act, at: At) -> Excluded:
    """Return the hosts whose cases the unit reviews."""
    return _hosts_of_list(act, at)


@excludes("unit_list", "release_list")
def hosts_off_release(act: Act, at: At) -> Excluded:
    """Return the hosts whose cases the unit reviews."""
    return _hosts_of_list(act, at)


def host_off_objection(act: Act, at: At) -> Excluded:
    """Return the host of the item that the objection is about."""
    _, _, host, _, _ = publicity.objection_context(act.session, at.case.business_key)
    return _own([host.id])


def _hosts_of_cycle(act: Act, at: At) -> Excluded:
    """Return the hosts of every live case of the cycle."""
    return _own(applications.live_hosts(act.session, at.case.cycle_id or 0))


def _hosts_of_list(act: Act, at: At) -> Excluded:
    unit_list = list_of(act, at.case)
    return _own(applications.live_hosts(act.session, unit_list.cycle_id, prelim_unit_id=unit_list.unit_id))


def _own(person_ids: Iterable[int]) -> Excluded:
    return [(person_id, ExclusionReason.OWN_CASE) for person_id in person_ids]


for _step in ("screen_objection", "investigate_objection", "rule_objection"):
    excludes("objection", _step)(host_off_objection)
    excludes("provincial_objection", _step)(host_off_objection)

for _step in ("draft_change", "release_change"):
    excludes("call_change", _step)(_hosts_of_cycle)

for _step in _JOINT_STEPS:
    excludes("cycle", _step)(_hosts_of_cycle)
