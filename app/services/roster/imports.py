"""A file tried out, looked at row by row, and applied exactly as it was shown: whole, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.roster.columns import Sheet
from app.domain.roster.plan import Plan, Verdict
from app.services import audit
from app.services.acting import Act
from app.services.authority import MANAGERS, authority_of
from app.services.roster.applying import write_plan
from app.services.roster.kept import ImportMoved, ImportRefused, ImportUnknown, keep_file, mark_applied, waiting
from app.services.roster.planning import plan_file, sheets_of
from app.store.queries import audit as chains
from app.store.queries import roster as queries

__all__ = [
    "Applied",
    "ImportMoved",
    "ImportRefused",
    "ImportUnknown",
    "Trial",
    "applied_imports",
    "apply_import",
    "discard_import",
    "try_import",
    "view_import",
]

_FILES = "roster file"


@dataclass(frozen=True, slots=True)
class Trial:
    """A file tried out, with what it would do now."""

    public_id: str
    file_name: str
    at: datetime
    plan: Plan
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A file that was applied: by whom, when, with how many rows of each verdict."""

    file_name: str
    sha256: str
    by: str
    at: datetime
    counts: Mapping[str, int]


def try_import(act: Act, *, file_name: str, content: bytes) -> str:
    """Keep a file for a look at what it would do and return the trial's public id; an earlier trial is forgotten.

    Raises ``NotAllowed``, ``SheetUnreadable``.
    """
    plan_file(act, content)
    return keep_file(act, _FILES, file_name=file_name, content=content)


def view_import(act: Act, *, public_id: str) -> Trial:
    """Return what a file would do if it were applied now. Raises ``NotAllowed``, ``ImportUnknown``."""
    act.require(*MANAGERS)
    row, content = waiting(act, _FILES, public_id)
    return Trial(row.public_id, row.file_name, row.at, plan_file(act, content).plan, sheets_of(content))


def apply_import(act: Act, *, public_id: str, digest: str) -> Mapping[Verdict, int]:
    """Apply a trial exactly as it was shown (``digest``: of the plan that was looked at); return what it came to.

    Raises ``NotAllowed``, ``ImportUnknown``, ``ImportMoved``, ``ImportRefused``.
    """
    act.require(*MANAGERS)
    chains.lock_end(act.session, audit.OFFICE)  # whoever changes the roster writes here: nobody else does meanwhile
    row, content = waiting(act, _FILES, public_id, lock=True)
    planned = plan_file(act, content)
    plan = planned.plan
    if plan.digest != digest:
        raise ImportMoved
    if not plan.is_sound or not plan.does_something:
        raise ImportRefused(count=plan.counts[Verdict.REFUSED])
    write_plan(act, planned)
    mark_applied(act, row, {verdict.value: count for verdict, count in plan.counts.items()})
    return plan.counts


def discard_import(act: Act, *, public_id: str) -> None:
    """Forget a trial and its file. Raises ``NotAllowed``, ``ImportUnknown``."""
    act.require(*MANAGERS)
    row, _ = waiting(act, _FILES, public_id)
    act.session.delete(row)
    audit.record(act, case_id=audit.OFFICE, action="discard_import", object=f"import/{public_id}")


def applied_imports(act: Act, *, limit: int = 20) -> tuple[Applied, ...]:
    """Return the files applied last; a unit administrator sees their own. Raises ``NotAllowed``."""
    own = None if authority_of(act).within is None else act.person_id
    return tuple(
        Applied(row.file_name, row.sha256, name, row.applied_at or row.at, row.result or {})
        for row, name in queries.imports_applied(act.session, limit, own)
    )
