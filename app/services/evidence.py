"""Evidence: files kept as they came, each use of one bound to a row of a form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from app.domain import evidence as rules
from app.domain.errors import DomainError, Kind
from app.domain.ports import ScanVerdict
from app.services import audit
from app.services.acting import Act
from app.services.pages import count_pages
from app.services.seeing import may_see
from app.services.tasks import check_standing, gone
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
    sha256: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its bytes, to be served as an attachment."""

    file: EvidenceFile
    content: bytes


def store_evidence(act: Act, *, task_id: str, upload: Upload, purpose: Purpose) -> EvidenceFile:
    """Keep a file for an open task one may work on: the bytes are on the disk before the row names them.

    Raises what ``check_standing`` and ``domain.evidence.accept`` raise, ``TaskUnknown``, ``TaskNotOpen``,
    ``FileInfected``.
    """
    seen = task_queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    check_standing(act, seen.task, is_in_queue=seen.is_in_queue, exclusion=seen.exclusion)
    content = upload.stream.read(rules.MOST_BYTES + 1)
    accepted = rules.accept(upload.file_name, len(content), act.ports.sniffer.media_type(content))
    verdict = act.ports.scanner.scan(content)
    if verdict is ScanVerdict.INFECTED:
        raise FileInfected(name=accepted.name)
    row = Evidence(
        sha256=act.ports.files.put(content),
        size=accepted.size,
        pages=count_pages(content, accepted.media_type),
        media_type=accepted.media_type,
        file_name=accepted.name,
        scanned=ScanState(verdict.value),
        uploaded_by_id=act.person_id,
        uploaded_at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    _use(act, row, seen.task.instance_id, task_id, purpose)
    return as_file(row)


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
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
    )


def files_of(act: Act, *, instance_id: int) -> tuple[EvidenceFile, ...]:
    """Return the files a case uses, each once, in the order they came."""
    rows: Iterable[Evidence] = (found[1] for found in queries.uses_of(act.session, instance_id))
    return tuple({row.id: as_file(row) for row in rows}.values())


def open_evidence(act: Act, *, public_id: str) -> Opened:
    """Return a file that the actor uploaded, or that a case they may see uses. Raises ``EvidenceUnknown``."""
    row = queries.by_public_id(act.session, public_id)
    if row is None or not (row.uploaded_by_id == act.actor.person_id or _is_visible(act, row)):
        raise EvidenceUnknown(evidence=public_id)
    return Opened(as_file(row), act.ports.files.get(row.sha256))


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
