"""Who raised an objection: sealed at rest, read by whoever handles it at that moment, else opened by two persons."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import evidence as rules
from app.domain.errors import DomainError, Kind
from app.domain.ports import ScanVerdict
from app.services import audit
from app.services.acting import Act
from app.services.evidence import FileInfected, Upload
from app.services.papers.reading import OpenedPaper
from app.services.tasks import check_standing, gone
from app.store.models import Objection, ObjectionFile
from app.store.queries import publicity as rows
from app.store.queries import tasks

MOST_FILES = 5
"""How many files an objection may bring along."""

_IDENTITY, _FILES = "objection identity", "objection file"
_MARK = "sealed:"


class TooManyFiles(DomainError):
    """An objection brings at most so many files. Params: ``most``."""

    code = "too_many_files"
    kind = Kind.BAD_INPUT


class ObjectionFileUnknown(DomainError):
    """The objection brought no such file, or its bytes are gone. Params: ``file``."""

    code = "objection_file_unknown"
    kind = Kind.NOT_FOUND


class IdentityKeyLost(DomainError):
    """The identity was sealed with another secret key than the installation has now."""

    code = "identity_key_lost"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Objector:
    """Who raised an objection, and how to reach them."""

    identity: str
    contact: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: its bytes, its name, what they are."""

    content: bytes
    file: rules.AcceptedFile


def sealed(act: Act, text: str) -> str:
    """Return ``text`` as it is kept: whoever reads the database alone reads nothing."""
    return _MARK + act.ports.sealer.seal(text.encode(), _IDENTITY).hex()


def objector_of(act: Act, objection: Objection) -> Objector:
    """Return who raised an objection; who may know is the caller's business.

    Raises ``IdentityKeyLost``.
    """
    return Objector(_unsealed(act, objection.identity), _unsealed(act, objection.contact))


def _unsealed(act: Act, kept: str) -> str:
    """What was lodged before identities were sealed bears no mark and is read as it stands."""
    if not kept.startswith(_MARK):
        return kept
    try:
        return act.ports.sealer.unseal(bytes.fromhex(kept.removeprefix(_MARK)), _IDENTITY).decode()
    except ValueError as error:
        raise IdentityKeyLost from error


def examine(act: Act, uploads: Iterable[Upload]) -> list[Examined]:
    """Look at files before the transaction's first statement, so that nobody's lock waits for the scanner.

    Raises ``TooManyFiles``, ``FileInfected`` and what ``domain.evidence.accept`` raises.
    """
    examined: list[Examined] = []
    for upload in uploads:
        if len(examined) == MOST_FILES:
            raise TooManyFiles(most=MOST_FILES)
        content = upload.stream.read(rules.MOST_BYTES + 1)
        file = rules.accept(upload.file_name, len(content), act.ports.sniffer.media_type(content))
        if act.ports.scanner.scan(content) is ScanVerdict.INFECTED:
            raise FileInfected(name=file.name)
        examined.append(Examined(content, file))
    return examined


def keep_files(act: Act, objection_id: int, examined: Iterable[Examined]) -> None:
    """Keep files sealed, names included: the bytes are on the disk before the rows name them."""
    for each in examined:
        kept = act.ports.sealer.seal(each.content, _FILES)
        row = ObjectionFile(
            objection_id=objection_id,
            sha256=act.ports.files.put(kept),
            size=each.file.size,
            media_type=each.file.media_type,
            name=sealed(act, each.file.name),
        )
        act.session.add(row)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file that came with an objection, as its handler sees it."""

    public_id: str
    name: str
    size: int


def files_of(act: Act, objection_id: int) -> tuple[HandedIn, ...]:
    """Return the files that came with an objection; who may know is the caller's business."""
    found = rows.objection_files(act.session, objection_id)
    return tuple(HandedIn(row.public_id, _unsealed(act, row.name), row.size) for row in found)


def open_objection_file(act: Act, *, task_id: str, public_id: str) -> OpenedPaper:
    """Return a file that came with the objection whose task one may work on; who looks is on record.

    Raises what ``check_standing`` raises, ``TaskUnknown``, ``TaskNotOpen``, ``ObjectionFileUnknown``.
    """
    seen = tasks.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    check_standing(act, seen.task, is_in_queue=seen.is_in_queue, exclusion=seen.exclusion)
    row = rows.objection_file(act.session, seen.instance.id, public_id)
    if row is None:
        raise ObjectionFileUnknown(file=public_id)
    audit.record(act, case_id=seen.instance.id, action="open_objection_file", object=f"file/{row.public_id}")
    try:
        content = act.ports.sealer.unseal(act.ports.files.get(row.sha256), _FILES)
    except KeyError as error:
        raise ObjectionFileUnknown(file=public_id) from error
    return OpenedPaper(_unsealed(act, row.name), row.media_type, content)
