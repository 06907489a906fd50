"""Objections against items of a public list: anybody may raise one, by real name or under a unit's seal (C5.2b)."""

from dataclasses import dataclass, replace

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import ObjectionState
from app.services import audit
from app.services.acting import Act
from app.services.evidence import Upload
from app.services.objectors import examine, keep_files, sealed
from app.services.publicity import NoSuchWindow, is_open
from app.services.running import Begin, Party, start_instance
from app.store.models import (
    Application,
    IdentityKind,
    Instance,
    ItemState,
    Objection,
    PublicityItem,
    PublicityWindow,
    UnitList,
)
from app.store.queries import applications, lines, publicity
from app.store.types import new_public_id

_LONGEST = {"identity": 100, "contact": 100, "body": 3000}
_DISPUTABLE = frozenset({ItemState.LISTED, ItemState.HELD})


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


def lodge_objection(act: Act, *, window: str, complaint: Complaint) -> Lodged:
    """Take an objection and hold the item until it is ruled; the trail does not say whence it came.

    Raises ``NoSuchWindow``, ``WindowClosed``, ``NotOnList``, ``ObjectionIncomplete`` and what ``examine`` raises.
    """
    act = replace(act, actor=replace(act.actor, address=""))
    _check_complete(complaint)
    examined = examine(act, complaint.files)
    found = publicity.window_by_public_id(act.session, window)
    if found is None:
        raise NoSuchWindow(window=window)
    opened, unit_list = found
    if not is_open(opened, act.now):
        raise WindowClosed(ends_at=opened.ends_at, clause="C5.2b")
    item = _item(act, opened, complaint.application)
    objection = _objection(act, item, complaint)
    item.state = ItemState.HELD
    act.session.add(objection)
    act.session.flush()
    keep_files(act, objection.id, examined)
    started = start_instance(act.as_system(), begin=_begin(act, objection, unit_list))
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
    if item is None or item.state not in _DISPUTABLE:
        raise NotOnList(application=application)
    return item


def _objection(act: Act, item: PublicityItem, complaint: Complaint) -> Objection:
    return Objection(
        public_id=new_public_id(),
        window_id=item.window_id,
        application_id=item.application_id,
        identity_kind=complaint.identity_kind,
        identity=sealed(act, complaint.identity.strip()),
        contact=sealed(act, complaint.contact.strip()),
        body=complaint.body.strip(),
        lodged_at=act.now,
        state=ObjectionState.RECEIVED,
    )


def _begin(act: Act, objection: Objection, unit_list: UnitList) -> Begin:
    """The case is called after the studio, which the public list names; who objects stands nowhere in it."""
    application = act.session.get_one(Application, objection.application_id)
    studio = act.session.get_one(Instance, application.instance_id).title
    province = lines.line_of(act.session, unit_list.unit_id, act.today)[-1]
    return Begin(
        process_key="objection",
        business_key=objection.public_id,
        title=f"公示异议：{studio}",
        cycle_id=unit_list.cycle_id,
        parent_id=unit_list.instance_id,
        data={"objection": {"id": objection.public_id}},
        parties=(
            Party(RoleKey.PRELIM, unit_id=unit_list.unit_id),
            Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),
        ),
    )
