"""Evidence: files kept as they came, each use of one bound to a row of a form."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from app.adapters.pictures import pixels_of
from app.domain import evidence as rules
from app.domain.errors import DomainError, Kind
from app.domain.ports import ScanVerdict
from app.services import audit
from app.services.acting import Act
from app.services.incidents import note_once
from app.services.pages import count_pages
from app.services.seeing import kept_out, may_see
from app.services.tasks import check_standing, gone
from app.store import Session, on_rollback
from app.store.models import Evidence, EvidenceUse, ScanState
from app.store.queries import evidence as queries
from app.store.queries import tasks as task_queries

ORPHAN_AGE = timedelta(hours=24)
"""How long a file may lie without a row before the sweep takes it: an upload in flight is younger."""


class EvidenceUnknown(DomainError):
    """There is no such file, or not for this person. Params: ``evidence``."""

    code = "evidence_unknown"
    kind = Kind.NOT_FOUND


class FileInfected(DomainError):
    """The look for malware found some. Params: ``name``."""

    code = "file_infected"


class FileLocked(DomainError):
    """A later look found malware in a file that had been kept. Params: ``name``."""

    code = "file_locked"
    kind = Kind.FORBIDDEN


class EvidenceLost(DomainError):
    """The bytes of a file are not in the store any more, or not the ones that were put there. Params: ``name``."""

    code = "evidence_lost"
    kind = Kind.NOT_FOUND

    def __init__(self, file: "EvidenceFile") -> None:
        self.file = file
        super().__init__(name=file.file_name)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, under the name the browser gave it."""

    file_name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a file is to prove: the form's group (``owner``), its row, the clause."""

    owner: str
    row_key: str = ""
    clause_id: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file as pages show it; ``pages`` None: the format does not say."""

    public_id: str
    file_name: str
    media_type: str
    size: int
    pages: int | None
    is_scanned: bool
    is_infected: bool
    sha256: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its bytes, to be served as an attachment."""

    file: EvidenceFile
    content: bytes


def store_evidence(act: Act, *, task_id: str, upload: Upload, purpose: Purpose) -> EvidenceFile:
    """Keep a file for an open task one may work on: the bytes are on the disk before the row names them.

    The scanner looks before the transaction's first statement, so that nobody's lock waits for it.
    Raises what ``check_standing``, ``domain.evidence.accept`` and ``check_picture`` raise,
    ``TaskUnknown``, ``TaskNotOpen``, ``FileInfected``.
    """
    content = upload.stream.read(rules.MOST_BYTES + 1)
    accepted = rules.accept(upload.file_name, len(content), act.ports.sniffer.media_type(content))
    rules.check_picture(accepted.name, pixels_of(content))
    verdict = act.ports.scanner.scan(content)
    seen = task_queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    check_standing(act, seen.task, is_in_queue=seen.is_in_queue, exclusion=seen.exclusion)
    if verdict is ScanVerdict.INFECTED:
        _record_infected(act, seen.task.instance_id, task_id, content)
        raise FileInfected(name=accepted.name)
    row = _row(act, content, accepted, verdict)
    act.session.add(row)
    act.session.flush()
    _use(act, row, seen.task.instance_id, task_id, purpose)
    return as_file(row)


def _row(act: Act, content: bytes, accepted: rules.AcceptedFile, verdict: ScanVerdict) -> Evidence:
    return Evidence(
        sha256=act.ports.files.put(content),
        size=accepted.size,
        pages=count_pages(content, accepted.media_type),
        media_type=accepted.media_type,
        file_name=accepted.name,
        scanned=ScanState(verdict.value),
        uploaded_by_id=act.person_id,
        uploaded_at=act.now,
    )


def _record_infected(act: Act, instance_id: int, task_id: str, content: bytes) -> None:
    """The refusal undoes everything else; that somebody sent malware stays on record."""
    sha256 = hashlib.sha256(content).hexdigest()

    def write(session: Session) -> None:
        afterwards = replace(act, session=session)
        audit.record(afterwards, case_id=instance_id, action="refuse_evidence", object=f"task/{task_id}", result=sha256)

    on_rollback(act.session, write)


def _use(act: Act, row: Evidence, instance_id: int, task_id: str, purpose: Purpose) -> None:
    act.session.add(
        EvidenceUse(
            evidence_id=row.id,
            instance_id=instance_id,
            task_id=task_id,
            owner=purpose.owner,
            row_key=purpose.row_key,
            clause_id=purpose.clause_id,
            added_by_id=act.person_id,
            added_at=act.now,
        )
    )
    _record(act, instance_id, "add_evidence", row)


def as_file(row: Evidence) -> EvidenceFile:
    """Return a row as pages show it."""
    return EvidenceFile(
        public_id=row.public_id,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        is_scanned=row.scanned is ScanState.CLEAN,
        is_infected=row.infected_at is not None,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
    )


def files_of(act: Act, *, instance_id: int) -> tuple[EvidenceFile, ...]:
    """Return the files a case uses, each once, in the order they came."""
    rows: Iterable[Evidence] = (found[1] for found in queries.uses_of(act.session, instance_id))
    return tuple({row.id: as_file(row) for row in rows}.values())


def open_evidence(act: Act, *, public_id: str) -> Opened:
    """Return a file that the actor uploaded, or that a case they may see uses.

    Raises ``EvidenceUnknown``, ``KeptOut``, ``FileLocked``, ``EvidenceLost``.
    """
    row = queries.by_public_id(act.session, public_id)
    if row is None or not (row.uploaded_by_id == act.actor.person_id or _is_visible(act, row)):
        raise (kept_out(act, _cases_using(act, row)) if row else None) or EvidenceUnknown(evidence=public_id)
    file = as_file(row)
    if file.is_infected:
        raise FileLocked(name=file.file_name)
    return Opened(file, content_of(act, file))


def content_of(act: Act, file: EvidenceFile) -> bytes:
    """Return a file's bytes as they came. Raises ``EvidenceLost``."""
    try:
        content = act.ports.files.get(file.sha256)
    except KeyError as error:
        raise EvidenceLost(file) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise EvidenceLost(file)
    return content


def note_lost(act: Act, *, lost: EvidenceLost) -> None:
    """Have the administrator see that a file's bytes are gone, once a file."""
    note_once(act, code=lost.code, reason=f"evidence/{lost.file.public_id} sha256 {lost.file.sha256}")


def _cases_using(act: Act, row: Evidence) -> list[str]:
    return [case.public_id for case in queries.instances_of(act.session, row.id)]


def _is_visible(act: Act, row: Evidence) -> bool:
    return may_see(act, queries.cases_of(act.session, row.id))


def remove_evidence_use(act: Act, *, task_id: str, public_id: str, row_key: str | None = None) -> None:
    """Let a file no longer prove anything at an open task (in one row, or None: in any); its bytes stay.

    Raises what ``check_standing`` raises, ``TaskUnknown``, ``TaskNotOpen``, ``EvidenceUnknown``.
    """
    seen = task_queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    check_standing(act, seen.task, is_in_queue=seen.is_in_queue, exclusion=seen.exclusion)
    uses = [use for use in queries.uses_at(act.session, task_id, public_id) if row_key in (None, use.row_key)]
    row = queries.by_public_id(act.session, public_id)
    if not uses or row is None:
        raise EvidenceUnknown(evidence=public_id)
    queries.remove_uses(act.session, [use.id for use in uses])
    _record(act, seen.task.instance_id, "remove_evidence", row)


def sweep_orphans(act: Act) -> int:
    """Delete files that no row names and that are old enough not to be an upload in flight; return how many."""
    kept = list(act.ports.files.kept_before(act.real_now - ORPHAN_AGE))
    swept = 0
    for start in range(0, len(kept), 500):
        digests = kept[start : start + 500]
        for sha256 in sorted(set(digests) - queries.known_digests(act.session, digests)):
            act.ports.files.delete(sha256)
            swept += 1
    return swept


def _record(act: Act, instance_id: int, action: str, row: Evidence) -> None:
    audit.record(act, case_id=instance_id, action=action, object=f"evidence/{row.public_id}", result=row.sha256)
