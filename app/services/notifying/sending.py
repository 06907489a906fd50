"""Messages on their way out: claimed, handed over outside of any transaction, settled.

A message is marked as ``sending`` before it leaves. Should its sender die, nobody knows whether it went out, and nobody
sends it again by itself: it is shown to the system administrator. At most once, unless a person decides otherwise.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.letters import Item, code_text, written
from app.domain.notice_texts import NoticeText, Tongue, fill
from app.domain.notices import LEADS_TO, MEDIUM_OF, TASK_KINDS, Channel, NoticeKind
from app.domain.ports import Letter
from app.domain.states import DISPATCH, DispatchState
from app.services.acting import Act
from app.services.notifying.wording import in_tongue, texts
from app.store.models import Dispatch
from app.store.queries import dispatches as queries
from app.store.types import new_public_id

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
CODE_MINUTES = 10
CODE_PURPOSE = "contact code"
_LONGEST_DELAY = timedelta(hours=4)


class Result(StrEnum):
    """What came of an attempt: out, surely not out, refused for good, or nobody knows."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed message: ``token`` is needed to settle it."""

    id: int
    token: str
    channel: Channel
    letter: Letter


def take(act: Act, dispatch_id: int) -> Parcel | None:
    """Claim a message whose time has come and write it; None where another has it, or nothing is left to say."""
    row = queries.lock_due(act.session, dispatch_id, act.now)
    if row is None:
        return None
    letter = _letter(act, row)
    if letter is None:
        row.state = DISPATCH.moved(row.state, DispatchState.DROPPED)
        row.settled_at = act.now
        return None
    row.state = DISPATCH.moved(row.state, DispatchState.SENDING)
    row.attempts += 1
    row.lease_until, row.lease_token = act.real_now + LEASE, new_public_id()
    row.sent_to = letter.to
    if row.code is None or act.ports.outgoing.is_shown:
        row.subject, row.body = letter.subject, letter.body
    return Parcel(row.id, row.lease_token, row.channel, letter)


def settle(act: Act, parcel: Parcel, result: Result, error: str | None = None) -> bool:
    """Write down what came of an attempt; false where the message has been given to somebody else meanwhile."""
    row = queries.lock_held(act.session, parcel.id, parcel.token)
    if row is None:
        return False
    row.state = DISPATCH.moved(row.state, _after(row, result))
    row.lease_until, row.error = None, error
    if row.state is DispatchState.WAITING:
        row.run_at = act.now + min(timedelta(minutes=2 ** (row.attempts - 1)), _LONGEST_DELAY)
    else:
        row.settled_at = act.now
    if row.state is DispatchState.SENT:
        row.code = None
    return True


def _after(row: Dispatch, result: Result) -> DispatchState:
    match result:
        case Result.SENT:
            return DispatchState.SENT
        case Result.REJECTED:
            return DispatchState.FAILED
        case Result.UNCERTAIN:
            return DispatchState.UNKNOWN
        case Result.NOT_SENT:
            return DispatchState.FAILED if row.attempts >= MOST_ATTEMPTS else DispatchState.WAITING


def set_lost_aside(act: Act) -> int:
    """Set messages aside whose sender died, or is late beyond its lease; return how many."""
    return queries.set_lost_aside(act.session, act.real_now, "sender_lost")


def _letter(act: Act, row: Dispatch) -> Letter | None:
    reader = queries.reader_of(act.session, row.person_id, MEDIUM_OF[row.channel])
    address = row.address or (reader[2] if reader else None)
    if reader is None or not reader[0] or address is None:
        return None
    tongue = reader[1].tongue if reader[1] else Tongue.CHINESE
    text = _code(act, row, tongue) if row.address else _told(act, row, tongue)
    return Letter(row.public_id, address, text.subject, text.body) if text else None


def _code(act: Act, row: Dispatch, tongue: Tongue) -> NoticeText | None:
    """A code that has run out is not worth sending."""
    if row.code is None or act.now > row.created_at + timedelta(minutes=CODE_MINUTES):
        return None
    code = act.ports.sealer.unseal(bytes.fromhex(row.code), CODE_PURPOSE).decode()
    return code_text(code, tongue, CODE_MINUTES)


def _told(act: Act, row: Dispatch, tongue: Tongue) -> NoticeText | None:
    """What is still worth saying: no task that is done meanwhile; in a digest nothing that was read."""
    given = texts(act, tongue)
    address = act.ports.outgoing.address
    found = queries.told_by(act.session, row.id)
    items = [
        Item(
            fill(given[notice.kind], in_tongue(notice.given, tongue), tongue),
            address + path_of(open_task, case, notice.kind),
        )
        for notice, case, open_task in found
        if not (notice.kind in TASK_KINDS and open_task is None) and not (len(found) > 1 and notice.read_at)
    ]
    return written(row.channel, items, tongue, address) if items else None


def path_of(task_id: str | None, case: str | None, kind: NoticeKind | None = None) -> str:
    """Return where a notice leads: its open task, else its case, else the place of its kind or the list of notices."""
    if task_id:
        return f"/tasks/{task_id}"
    if case:
        return f"/cases/{case}"
    return LEADS_TO.get(kind, "/notices") if kind else "/notices"
