"""A notice written down for each person it concerns, and put on its way by the channels they chose."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.notices import GROUPS, POLICIES, Channel, Medium, Mode, NoticeKind, Quiet, default_mode, send_at
from app.domain.notices import MEDIUM_OF as MEDIUM
from app.domain.states import DispatchState
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.store.adding import add_new, add_rows
from app.store.models import Dispatch, DispatchNotice, Notice
from app.store.queries import dispatches, notices
from app.store.types import new_public_id

Wish = tuple[int, Channel, NoticeKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something to be told to one person; ``key`` tells it apart from everything else they are ever told."""

    person_id: int
    kind: NoticeKind
    key: str
    at: datetime
    given: Mapping[str, str] = field(default_factory=dict)
    case_id: int | None = None
    task_id: str | None = None
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A message that is to tell of notices: by which channel, from when, under which key."""

    person_id: int
    channel: Channel
    run_at: datetime
    key: str


def note(act: Act, sayings: Sequence[Saying]) -> int:
    """Write down what nobody has been told yet, and what is to be sent of it; return how many notices are new."""
    by_key = {f"{saying.key}:{saying.person_id}": saying for saying in sayings}
    added = add_new(act.session, Notice, [_row(saying, key) for key, saying in by_key.items()], "id", "dedupe_key")
    _put_on_way(act, [(row[0], by_key[row[1]]) for row in added])
    return len(added)


def _row(saying: Saying, key: str) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "person_id": saying.person_id,
        "kind": saying.kind,
        "case_id": saying.case_id,
        "task_id": saying.task_id,
        "given": dict(saying.given),
        "discreet": saying.discreet,
        "at": saying.at,
        "dedupe_key": key,
    }


def _put_on_way(act: Act, noted: Sequence[tuple[int, Saying]]) -> None:
    """Queue messages by every channel that is set up, that the person has proved and wants."""
    channels = act.ports.outgoing.messengers
    if not channels or not noted:
        return
    people = sorted({saying.person_id for _, saying in noted})
    reachable = {(row.person_id, row.medium) for row in notices.proved(act.session, people)}
    wishes = {(row.person_id, row.channel, row.kind): row.mode for row in notices.choices(act.session, people)}
    quiet = {row.person_id: Quiet(row.quiet_begins, row.quiet_ends) for row in notices.habits(act.session, people)}
    parcels: dict[_Parcel, list[int]] = defaultdict(list)
    for notice_id, saying in noted:
        for channel in _channels(saying, channels, reachable):
            mode = mode_of(wishes, saying.person_id, channel, saying.kind)
            if mode is not Mode.OFF:
                hours = quiet.get(saying.person_id, Quiet())
                parcels[_parcel(act.now, saying, channel, mode, hours, notice_id)].append(notice_id)
    _queue(act, parcels)


def _channels(saying: Saying, channels: Iterable[Channel], reachable: set[tuple[int, Medium]]) -> Iterator[Channel]:
    for channel in channels:
        if (saying.person_id, MEDIUM[channel]) in reachable and not (saying.discreet and channel in GROUPS):
            yield channel


def mode_of(wishes: Mapping[Wish, Mode], person_id: int, channel: Channel, kind: NoticeKind) -> Mode:
    """Return when a person gets a kind by a channel: as they chose, else by default."""
    return wishes.get((person_id, channel, kind)) or default_mode(kind, channel)


def _parcel(now: datetime, saying: Saying, channel: Channel, mode: Mode, quiet: Quiet, notice_id: int) -> _Parcel:
    run_at = send_at(now, mode, quiet, urgent=POLICIES[saying.kind].urgent)
    if mode is Mode.DAILY:
        key = f"digest:{saying.person_id}:{channel.value}:{run_at.astimezone(SHANGHAI).date()}"
    else:
        key = f"notice:{notice_id}:{channel.value}"
    return _Parcel(saying.person_id, channel, run_at, key)


def _queue(act: Act, parcels: Mapping[_Parcel, Sequence[int]]) -> None:
    """Add messages, and further notices to a digest that waits already; one just being sent takes no more."""
    add_new(act.session, Dispatch, [_dispatch_row(act, parcel) for parcel in parcels], "id")
    waiting = dispatches.lock_waiting(act.session, [parcel.key for parcel in parcels])
    links = [
        {"dispatch_id": waiting[parcel.key], "notice_id": notice_id}
        for parcel, notice_ids in parcels.items()
        if parcel.key in waiting
        for notice_id in notice_ids
    ]
    add_rows(act.session, DispatchNotice, links)
    late = {parcel: ids for parcel, ids in parcels.items() if parcel.key not in waiting}
    if late:
        _queue(act, {_alone(act, parcel, ids): ids for parcel, ids in late.items()})


def _alone(act: Act, parcel: _Parcel, notice_ids: Sequence[int]) -> _Parcel:
    """The digest has gone: what came late goes by itself."""
    return _Parcel(parcel.person_id, parcel.channel, act.now, f"late:{notice_ids[0]}:{parcel.channel.value}")


def _dispatch_row(act: Act, parcel: _Parcel) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "person_id": parcel.person_id,
        "channel": parcel.channel,
        "state": DispatchState.WAITING,
        "created_at": act.now,
        "run_at": parcel.run_at,
        "attempts": 0,
        "dedupe_key": parcel.key,
    }
