"""Office files tried out: kept sealed for a day at most, found again by whoever tried them, marked once applied."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from app.domain.errors import DomainError, Kind
from app.services import audit
from app.services.acting import Act
from app.store.models import RosterImport
from app.store.queries import roster as queries

KEPT = timedelta(days=1)
"""How long a file that was tried out and not applied is kept, sealed: identity numbers may stand in it."""


class ImportUnknown(DomainError):
    """There is no such trial of the actor's, or it was applied, discarded or grew a day old. Params: ``number``."""

    code = "import_unknown"
    kind = Kind.NOT_FOUND


class ImportMoved(DomainError):
    """What was shown is no longer what would happen: the data moved meanwhile. Nothing was applied."""

    code = "import_moved"
    kind = Kind.CONFLICT


class ImportRefused(DomainError):
    """Rows are refused, or nothing would change: there is nothing to apply. Params: ``count``."""

    code = "import_refused"
    kind = Kind.CONFLICT


def keep_file(act: Act, purpose: str, *, file_name: str, content: bytes) -> str:
    """Keep a file for a look at what it would do and return the trial's public id; an earlier trial is forgotten.

    ``purpose``: what it is sealed for; a trial of one kind of list is not found as another.
    """
    queries.forget_imports(act.session, act.person_id, act.now - KEPT)
    row = RosterImport(
        file_name=file_name[:200], sha256=hashlib.sha256(content).hexdigest(),
        content=act.ports.sealer.seal(content, purpose),
        by_id=act.person_id, at=act.now,
    )  # fmt: skip
    act.session.add(row)
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="try_import", object=f"import/{row.public_id}", result=row.sha256)
    return row.public_id


def waiting(act: Act, purpose: str, public_id: str, *, lock: bool = False) -> tuple[RosterImport, bytes]:
    """Return a trial of the actor's with its file. Raises ``ImportUnknown``."""
    row = queries.import_of(act.session, public_id, act.person_id, lock=lock)
    if row is None or row.content is None:
        raise ImportUnknown(number=public_id)
    try:
        return row, act.ports.sealer.unseal(row.content, purpose)
    except ValueError as error:
        raise ImportUnknown(number=public_id) from error


def mark_applied(act: Act, row: RosterImport, counts: Mapping[str, int]) -> None:
    """Let a file go that was applied; what it came to stays."""
    row.content, row.applied_at, row.result = None, act.now, dict(counts)
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    audit.record(act, case_id=audit.OFFICE, action="apply_import", object=f"import/{row.public_id}", result=told)
