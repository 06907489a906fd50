"""From what happened to who is told: steps of cases are read off their trail, after the commit, by the postman.

Completing a task writes nothing for this: the trail is there anyway, and each step carries the mark whether people
have been told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row

from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.services.veiling import code_of
from app.store.models import ChangeState, Instance, OpenTask
from app.store.queries import telling as queries

BATCH = 100

_K = NoticeKind

TO_HOST: Mapping[tuple[str, str], NoticeKind] = {
    ("application", "enter_paper"): _K.ENTERED_FOR_YOU,
    ("application", "count_return"): _K.RETURNED,
    ("application", "count_completion"): _K.RETURNED,
    ("application", "record_rejection"): _K.REJECTED,
    ("application", "enter_list"): _K.RECOMMENDED,
    ("application", "record_removal"): _K.LEFT_OUT,
    ("application", "record_refusal"): _K.REFUSED,
    ("application", "record_cancellation"): _K.CANCELLED,
    ("application", "open_appeal"): _K.REVIEW_OPEN,
    ("application", "redo_stage"): _K.STAGE_ANNULLED,
    ("application", "reopen_case"): _K.STAGE_ANNULLED,
    ("application", "enter_shortlist"): _K.SHORTLISTED,
    ("application", "enter_approved"): _K.APPROVED,
}
"""What the host of an application is told when its case passes an element (process, element)."""

_REVIEWABLE = ("application", "open_appeal")
"""Told only where the cycle's settings leave days for a request."""

OBJECTIONS: Mapping[tuple[str, str], NoticeKind] = {
    ("objection", "objection_lodged"): _K.OBJECTION_LODGED,
    ("objection", "record_ruling"): _K.OBJECTION_RULED,
    ("provincial_objection", "objection_lodged"): _K.OBJECTION_LODGED,
    ("provincial_objection", "record_ruling"): _K.OBJECTION_RULED,
}
"""What the host of the item is told of an objection; who raised it, and who ruled, stands nowhere in it (C5.2b)."""

_PROVINCIAL = "provincial_objection"

OVERDUE = (("objection", "escalate_inquiry"), ("provincial_objection", "escalate_inquiry"))
"""Where 省委教育工委 is told that an inquiry is late (C5.2b)."""

CORRECTIONS: Mapping[tuple[str, str], NoticeKind] = {
    ("review_request", "record_review"): _K.REVIEW_DECIDED,
    ("falsity", "record_falsity"): _K.FALSITY_DECIDED,
}
"""What the host is told when a decision is reviewed, or false materials are decided on (C5.2a, C5.3e)."""

TOLD_OF_REMOVAL = (RoleKey.SUPERIOR_PARTY, RoleKey.SCHOOL_PARTY, RoleKey.SECRETARIAT)
"""Who is told, besides the host, that an upheld objection has removed an item (C5.2b)."""

CLOSED = ("construction", "record_building_closed")
"""Where all who build a studio are told that it was revoked or ended early, and why (C5.3e, C6.2)."""

TOLD_OF_CLOSING = (RoleKey.SUPERIOR_PARTY, RoleKey.SCHOOL_PARTY, RoleKey.COUNTY, RoleKey.PRELIM)

CHANGES = (("host_change", "change_host"), ("host_change", "record_refusal"))
"""Where host, successor and whoever asked are told what came of a change of host (C6.1b)."""

JOINT: Mapping[tuple[str, str], tuple[str, Mapping[str, NoticeKind]]] = {
    ("cycle", "publish_shortlist"): (
        "shortlist",
        {"shortlisted": _K.SHORTLISTED, "not_shortlisted": _K.NOT_SHORTLISTED},
    ),
    ("cycle", "record_approval"): ("approval", {"approved": _K.APPROVED, "struck": _K.STRUCK}),
    ("cycle", "record_provincial"): ("provincial", {"struck": _K.STRUCK}),
}
"""The joint decisions: the stage they are recorded under, and what each outcome tells the hosts."""

ANNOUNCED, EXTENDED = ("cycle", "announce"), ("cycle", "extend_deadline")

PLACES = (*TO_HOST, *OBJECTIONS, *OVERDUE, *CORRECTIONS, CLOSED, *CHANGES, *JOINT, ANNOUNCED, EXTENDED)
"""Every element whose passing somebody is told of."""

_DISCREET = frozenset({RoleKey.EXPERT, RoleKey.PANEL_CHAIR})

Passed = tuple[Instance, str, datetime, int]


def tell_steps(act: Act) -> int:
    """Tell people of a batch of steps; return how many steps there were. Nothing is told twice."""
    steps = [(row[0], row[1]) for row in queries.take_untold(act.session, BATCH)]
    if steps:
        passed = [(row[0], row[1], row[2], row[3]) for row in queries.happened(act.session, steps, PLACES)]
        opened = [*_opened(act, queries.opened(act.session, steps))]
        note(act, [*_joined(opened, [*_of_cases(act, passed)]), *_of_cycles(act, passed)])
    return len(steps)


def _joined(opened: Sequence[Saying], results: Sequence[Saying]) -> Iterator[Saying]:
    """A return and the task it opens are one thing to its host: told once, with the task to go to."""
    tasks = {(saying.case_id, saying.person_id): saying.task_id for saying in opened}
    returned = {(saying.case_id, saying.person_id) for saying in results if saying.kind is _K.RETURNED}
    for saying in results:
        place = (saying.case_id, saying.person_id)
        yield replace(saying, task_id=tasks.get(place)) if saying.kind is _K.RETURNED else saying
    yield from (saying for saying in opened if (saying.case_id, saying.person_id) not in returned)


def _opened(act: Act, task_ids: Iterable[str]) -> Iterator[Saying]:
    for waiting in queries.receivers(act.session, list(task_ids), act.today, claimed=False):
        yield of_task(act, waiting, _K.TASK_OPENED, waiting[0].opened_at)


def of_task(act: Act, waiting: Row[OpenTask, Instance, int, bool], kind: NoticeKind, at: datetime) -> Saying:
    """Return what one person is told of a task: its title, its case, its date, nobody's name.

    A blind review's case is told by its code, and leads nowhere but to the task.
    """
    task, case, person_id, is_veiled = waiting
    title = code_of(act, case.business_key) if is_veiled else case.title
    return Saying(
        person_id=person_id,
        kind=kind,
        key=f"{kind.value}:{task.id}",
        at=at,
        given={"task": task.title, "case": title, "due": task.due_at.isoformat() if task.due_at else ""},
        case_id=None if is_veiled else case.id,
        task_id=task.id,
        discreet=task.lane in _DISCREET,
    )


def _of_cases(act: Act, passed: Iterable[Passed]) -> Iterator[Saying]:
    applications = [each for each in passed if _place(each) in TO_HOST]
    told = {each[0].id for each in applications if _place(each) == _REVIEWABLE}
    closed = told - queries.may_ask(act.session, told) if told else told
    applications = [each for each in applications if each[0].id not in closed or _place(each) != _REVIEWABLE]
    hosts = {row[0]: row[1] for row in queries.hosts_of_cases(act.session, [each[0].id for each in applications])}
    for case, element, at, revision in applications:
        if case.id in hosts:
            yield _of_case(case, hosts[case.id], TO_HOST["application", element], at, f"{case.id}/{revision}")
    objections = [each for each in passed if _place(each) in OBJECTIONS]
    keys = [each[0].business_key for each in objections]
    about = {row[0]: (row[1], row[2]) for row in queries.disputed(act.session, keys)}
    for objection, element, at, _ in objections:
        case, host = about[objection.business_key]
        kind = OBJECTIONS[objection.process_key, element]
        yield _of_case(case, host, kind, at, str(objection.id))
    yield from _of_objections(act, passed)
    corrections = {each[0].business_key: each for each in passed if _place(each) in CORRECTIONS}
    for case, host, key in queries.corrected(act.session, list(corrections)):
        place = _place(corrections[key])
        yield _of_case(case, host, CORRECTIONS[place], corrections[key][2], key)
    yield from _of_studios(act, {each[0].id: each for each in passed if _place(each) == CLOSED})
    yield from _of_changes(act, {each[0].id: each for each in passed if _place(each) in CHANGES})


def _of_studios(act: Act, closed: Mapping[int, Passed]) -> Iterator[Saying]:
    """What the host of a closed studio and the offices that stand behind it are told."""
    people = [(row[0], row[1]) for row in queries.hosts_of_studios(act.session, list(closed))]
    people += [(row[0], row[1]) for row in queries.holders(act.session, list(closed), TOLD_OF_CLOSING, act.today)]
    for case_id, person in dict.fromkeys(people):
        case, _, at, _ = closed[case_id]
        yield _of_case(case, person, _K.STUDIO_CLOSED, at, str(case_id))


def _of_changes(act: Act, decided: Mapping[int, Passed]) -> Iterator[Saying]:
    """What came of a change of host; the successor, who had no part in the change, is told of the studio."""
    for change, building in queries.changes_of_hosts(act.session, list(decided)):
        case, _, at, _ = decided[change.instance_id or 0]
        for person in dict.fromkeys((change.host_id, change.asked_by_id)):
            yield _of_case(case, person, _K.HOST_CHANGE_DECIDED, at, "once")
        if change.state is ChangeState.EFFECTIVE and change.successor_id is not None:
            yield _of_case(building, change.successor_id, _K.HOST_CHANGE_DECIDED, at, change.public_id)


def _of_objections(act: Act, passed: Iterable[Passed]) -> Iterator[Saying]:
    """What offices are told: a late inquiry to its supervisor, a removal to whoever stood behind the application."""
    late = {each[0].id: each for each in passed if _place(each) in OVERDUE}
    for case_id, person in queries.holders(act.session, list(late), [RoleKey.PROVINCE_COMMITTEE], act.today):
        objection, _, at, _ = late[case_id]
        yield _of_case(objection, person, _K.OBJECTION_OVERDUE, at, str(objection.id))
    ruled = {each[0].business_key: each for each in passed if OBJECTIONS.get(_place(each)) is _K.OBJECTION_RULED}
    removed = {row[0].id: (row[0], row[1]) for row in queries.removed_by(act.session, list(ruled))}
    struck = [case_id for case_id, (_, key) in removed.items() if ruled[key][0].process_key == _PROVINCIAL]
    told = [*queries.holders(act.session, list(removed), TOLD_OF_REMOVAL, act.today)]
    told += queries.holders(act.session, struck, [RoleKey.PRELIM], act.today)  # who recommended it
    for case_id, person in told:
        case, key = removed[case_id]
        yield _of_case(case, person, _K.ITEM_REMOVED, ruled[key][2], key)


def _of_cycles(act: Act, passed: Iterable[Passed]) -> Iterator[Saying]:
    for cycle, element, at, revision in passed:
        place = _place((cycle, element, at, revision))
        teller = _TELLERS.get(place)
        if teller is not None and cycle.cycle_id is not None:
            yield from teller(act, cycle, place, (at, f"{cycle.id}/{revision}"))


Teller = Callable[[Act, Instance, tuple[str, str], tuple[datetime, str]], Iterator[Saying]]


def _decided(act: Act, cycle: Instance, place: tuple[str, str], when: tuple[datetime, str]) -> Iterator[Saying]:
    stage, kinds = JOINT[place]
    at, key = when
    for case, host, outcome in queries.decided(act.session, cycle.cycle_id or 0, stage):
        if outcome in kinds:
            yield _of_case(case, host, kinds[outcome], at, f"{stage}:{key}" if stage != "provincial" else stage)


def _announced(act: Act, cycle: Instance, _place: tuple[str, str], when: tuple[datetime, str]) -> Iterator[Saying]:
    for case, host in queries.announced(act.session, cycle.cycle_id or 0):
        yield _of_case(case, host, _K.ANNOUNCED, when[0], "once")


def _extended(act: Act, cycle: Instance, _place: tuple[str, str], when: tuple[datetime, str]) -> Iterator[Saying]:
    at, key = when
    for row, case, host in queries.applying(act.session, cycle.cycle_id or 0):
        deadline = row.deadline_at.isoformat() if row.deadline_at else ""
        given = {"cycle": row.title, "deadline": deadline}
        kind = _K.DEADLINE_EXTENDED
        yield Saying(person_id=host, kind=kind, key=f"{kind.value}:{key}", at=at, given=given, case_id=case.id)


_TELLERS: Mapping[tuple[str, str], Teller] = {
    **dict.fromkeys(JOINT, _decided),
    ANNOUNCED: _announced,
    EXTENDED: _extended,
}


def _of_case(case: Instance, host: int, kind: NoticeKind, at: datetime, key: str) -> Saying:
    key = f"{kind.value}:{case.id}:{key}"
    return Saying(person_id=host, kind=kind, key=key, at=at, given={"case": case.title}, case_id=case.id)


def _place(passed: Passed) -> tuple[str, str]:
    return passed[0].process_key, passed[1]
