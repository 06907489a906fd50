"""Objections against items of a public list: anybody may raise one, by name or under a seal (C5.2b, C5.3e)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import ObjectionState
from app.services import audit
from app.services.acting import Act
from app.services.evidence import Upload
from app.services.objectors import Examined, examine, keep_files, sealed
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.deciding import PROVINCIAL
from app.services.publicity import NoSuchWindow, is_open
from app.services.running import Begin, Party, start_instance
from app.services.studios import case_title
from app.store.models import (
    Application,
    IdentityKind,
    Instance,
    ItemState,
    Objection,
    PublicityItem,
    PublicityWindow,
)
from app.store.queries import applications, cycles, lines, publicity, results
from app.store.types import new_public_id

_LONGEST = {"identity": 100, "contact": 100, "body": 3000}
DISPUTABLE = frozenset({ItemState.LISTED, ItemState.HELD})
"""An item on which an objection may still be raised."""


class WindowClosed(DomainError):
    """Objections are taken until the window ends (C5.2b). Params: ``ends_at``, ``clause``."""

    code = "window_closed"
    kind = Kind.CONFLICT


class NotOnList(DomainError):
    """The list shows no such item, or it was removed. Params: ``application``."""

    code = "not_on_list"


class ObjectionIncomplete(DomainError):
    """An objection names who raises it, how to reach them and what is wrong; a unit's seal is seen on a scan.

    Params: ``field``, ``longest``.
    """

    code = "objection_incomplete"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody raises: against which application (public id), in whose name, how to reach them, what is wrong.

    ``files``: what proves it; under a unit's seal at least the scan of the sealed objection.
    """

    application: str
    identity_kind: IdentityKind
    identity: str
    contact: str
    body: str
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Lodged:
    """The number by which who raised it can ask for the ruling."""

    public_id: str


@dataclass(frozen=True, slots=True)
class ObjectionStatus:
    """What the holder of an objection's number may know: whether it was ruled, how, and why."""

    state: ObjectionState
    ruling: str | None
    reason: str | None


class ObjectionUnknown(DomainError):
    """No objection has this number. Params: ``objection``."""

    code = "objection_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an objection is lodged: how its case begins, and the columns that say against which list."""

    process_key: str
    called: str
    cycle_id: int
    parent_id: int | None
    parties: tuple[Party, ...]
    columns: Mapping[str, int]


def lodge_objection(act: Act, *, window: str, complaint: Complaint) -> Lodged:
    """Take an objection and hold the item until it is ruled; the trail does not say whence it came.

    Raises ``NoSuchWindow``, ``WindowClosed``, ``NotOnList``, ``ObjectionIncomplete`` and what ``examine`` raises.
    """
    _check_complete(complaint)
    examined = examine(act, complaint.files)
    found = publicity.window_by_public_id(act.session, window)
    if found is None:
        raise NoSuchWindow(window=window)
    opened, unit_list = found
    if not is_open(opened, act.now):
        raise WindowClosed(ends_at=opened.ends_at, clause="C5.2b")
    item = _item(act, opened, complaint.application)
    item.state = ItemState.HELD
    province = lines.line_of(act.session, unit_list.unit_id, act.today)[-1]
    place = _Place(
        process_key="objection",
        called="公示异议",
        cycle_id=unit_list.cycle_id,
        parent_id=unit_list.instance_id,
        parties=(
            Party(RoleKey.PRELIM, unit_id=unit_list.unit_id),
            Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),
        ),
        columns={"window_id": item.window_id, "application_id": item.application_id},
    )
    return _take(act, place, complaint, examined)


def lodge_provincial(act: Act, *, cycle: str, complaint: Complaint) -> Lodged:
    """Take an objection against a cycle's approved list, for 省委教育工委's own people; the item is held (C5.3e).

    Raises ``CycleUnknown``, ``WindowClosed``, ``NotOnList``, ``ObjectionIncomplete`` and what ``examine`` raises.
    """
    _check_complete(complaint)
    examined = examine(act, complaint.files)
    found = cycles.cycle_by_public_id(act.session, cycle)
    window = results.locked_provincial(act.session, found.id) if found else None
    if found is None or window is None:
        raise CycleUnknown(cycle=cycle)
    if not window.opened_at <= act.now < window.ends_at:
        raise WindowClosed(ends_at=window.ends_at, clause="C5.3e")
    listed = {each.public_id: each for each, *_ in results.approved_applications(act.session, found.id)}
    application = listed.get(complaint.application)
    if application is None or application.instance_id in results.decided_in(act.session, found.id, PROVINCIAL):
        raise NotOnList(application=complaint.application)
    province = lines.line_of(act.session, application.branch_id, act.today)[-1]
    place = _Place(
        process_key="provincial_objection",
        called="省级公示异议",
        cycle_id=found.id,
        parent_id=cycles.cycle_instance(act.session, found.public_id).id,
        parties=(Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),),
        columns={"provincial_cycle_id": found.id, "application_id": application.id},
    )
    return _take(act, place, complaint, examined)


def _take(act: Act, place: _Place, complaint: Complaint, examined: list[Examined]) -> Lodged:
    """Keep an objection sealed and begin its case, which is called after the studio that the public list names."""
    act = replace(act, actor=replace(act.actor, address=""))
    objection = Objection(
        public_id=new_public_id(),
        identity_kind=complaint.identity_kind,
        identity=sealed(act, complaint.identity.strip()),
        contact=sealed(act, complaint.contact.strip()),
        body=complaint.body.strip(),
        lodged_at=act.now,
        state=ObjectionState.RECEIVED,
        **place.columns,
    )
    act.session.add(objection)
    act.session.flush()
    keep_files(act, objection.id, examined)
    application = act.session.get_one(Application, objection.application_id)
    begin = Begin(
        process_key=place.process_key,
        business_key=objection.public_id,
        title=case_title(act.session.get_one(Instance, application.instance_id).title, place.called),
        cycle_id=place.cycle_id,
        parent_id=place.parent_id,
        data={"objection": {"id": objection.public_id}},
        parties=place.parties,
    )
    started = start_instance(act.as_system(), begin=begin)
    objection.instance_id = started.id
    act.session.flush()
    audit.record(act, case_id=started.id, action="lodge_objection", object=f"objection/{objection.public_id}")
    return Lodged(objection.public_id)


def objection_status(act: Act, *, public_id: str) -> ObjectionStatus:
    """Return what became of an objection. Raises ``ObjectionUnknown``."""
    found = publicity.find_objection(act.session, public_id)
    if found is None:
        raise ObjectionUnknown(objection=public_id)
    return ObjectionStatus(found.state, found.ruling.value if found.ruling else None, found.reason)


def _check_complete(complaint: Complaint) -> None:
    for field, longest in _LONGEST.items():
        text = getattr(complaint, field).strip()
        if not text or len(text) > longest:
            raise ObjectionIncomplete(field=field, longest=longest)
    if complaint.identity_kind is IdentityKind.SEAL and not complaint.files:
        raise ObjectionIncomplete(field="files", longest=0)


def _item(act: Act, window: PublicityWindow, application: str) -> PublicityItem:
    found = applications.applications_by_public_id(act.session, [application]).get(application)
    item = publicity.item_of(act.session, window.id, found.id) if found else None
    if item is None or item.state not in DISPUTABLE:
        raise NotOnList(application=application)
    return item
