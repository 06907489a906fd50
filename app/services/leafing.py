"""Evidence looked at page by page, beside the task it is judged in; under the veil every telling word is painted over.

Pages are drawn anew for each look, in a process of their own: what comes out are pixels and words, no metadata and no
copy to keep. Under the veil a page with pictures on it is withheld until somebody has looked it through and covered
by hand what tells whose it is (``services.covering``, C5.3b).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.adapters.documents.pictures import Box, Cover, Developed, Unreadable, develop
from app.domain.errors import DomainError, Kind
from app.domain.veil import COVER, pattern_of
from app.services.acting import Act
from app.services.evidence import EvidenceUnknown, FileLocked, as_file, content_of, open_evidence
from app.services.hooks import Case
from app.services.landing import case_of
from app.services.programme.blinding import telling_words, veiled_material
from app.services.programme.duplicates import DuplicateShown, duplicates_shown
from app.services.programme.material import CaseFile, described, files_of_case
from app.services.tasks import NotYourTask, gone
from app.store.queries import covers
from app.store.queries import evidence as rows
from app.store.queries import tasks as queries

WIDTHS = (1000, 1500, 2000)
"""How many pixels wide a page is drawn, by how near one looks."""


class EvidenceUnreadable(DomainError):
    """The file cannot be shown page by page. Params: ``name``."""

    code = "evidence_unreadable"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Bundle:
    """The evidence beside a task, in the order of the form; ``is_veiled``: whose it is is kept from the reader."""

    task_id: str
    case: Case
    files: Mapping[str, CaseFile]
    is_veiled: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a file. ``picture`` is empty for an office file, and where the page ``is_withheld``."""

    file: CaseFile
    number: int
    pages: int
    text: str
    picture: bytes
    is_withheld: bool


def bundle_of(act: Act, *, task_id: str) -> Bundle:
    """Return the evidence beside an open task of one of the actor's inboxes.

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``.
    """
    seen = queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    if seen.exclusion is not None or not seen.is_in_queue:
        raise NotYourTask(reason=str(seen.exclusion or "other_desk"))
    case = case_of(seen.instance)
    if not seen.is_veiled:
        return Bundle(task_id, case, files_of_case(act, case.id), is_veiled=False)
    material = veiled_material(act, case)
    return Bundle(task_id, case, material.files if material else {}, is_veiled=True)


def open_leaf(act: Act, bundle: Bundle, *, public_id: str, number: int, nearness: int) -> Leaf:
    """Return one page of a file, counting from 1; ``nearness`` counts from 0.

    Raises ``EvidenceUnknown``, ``FileLocked``, ``EvidenceLost``, ``EvidenceUnreadable``.
    """
    file, row = bundle.files.get(public_id), rows.by_public_id(act.session, public_id)
    if file is None or row is None or not 0 <= nearness < len(WIDTHS):
        raise EvidenceUnknown(evidence=public_id)
    if file.is_infected:
        raise FileLocked(name=file.file_name)
    content = content_of(act, replace(as_file(row), file_name=file.file_name))
    kept = covers.cover_of(act.session, row.id, number) if bundle.is_veiled else None
    cover = veil_of(act, bundle.case, kept.boxes if kept else ()) if bundle.is_veiled else Cover()
    try:
        shown = develop(content, file.media_type, number, width=WIDTHS[nearness], cover=cover)
    except Unreadable as reason:
        raise EvidenceUnreadable(name=file.file_name) from reason
    if kept is not None:  # what the words behind a picture say nobody has looked through
        shown = replace(shown, text="")
    return _leaf(file, number, shown, is_withheld=bundle.is_veiled and shown.is_scan and kept is None)


def veil_of(act: Act, case: Case, boxes: Sequence[Box]) -> Cover:
    """Return what reviewers may not see of a page: every telling word, and what somebody covered by hand."""
    return Cover(pattern_of(telling_words(act, case)), COVER, boxes)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pages of evidence that another application offers, too; ``other`` None where the reader may not see it."""

    shown: DuplicateShown
    mine: Leaf
    other: Leaf | None


def open_pair(act: Act, *, task_id: str, pair: str) -> Pair:
    """Return the two pages by which evidence of a task's case resembles that of another.

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``, ``EvidenceUnknown``, ``EvidenceUnreadable``, ``KeptOut``.
    """
    bundle = bundle_of(act, task_id=task_id)
    found = [] if bundle.is_veiled else duplicates_shown(act, bundle.case)
    shown = next((each for each in found if each.pair == pair and each.mine), None)
    if shown is None:
        raise EvidenceUnknown(evidence=pair)
    mine = open_leaf(act, bundle, public_id=shown.mine, number=shown.page, nearness=0)
    return Pair(shown, mine, _other(act, shown) if shown.other else None)


def _other(act: Act, shown: DuplicateShown) -> Leaf:
    opened = open_evidence(act, public_id=shown.other)
    row = rows.by_public_id(act.session, shown.other)
    file = next(iter(described(rows.uses_of_file(act.session, row.id)).values())) if row else None
    if file is None:
        raise EvidenceUnknown(evidence=shown.other)
    try:
        page = develop(opened.content, file.media_type, shown.other_page, width=WIDTHS[0])
    except Unreadable as reason:
        raise EvidenceUnreadable(name=file.file_name) from reason
    return _leaf(file, shown.other_page, page, is_withheld=False)


def _leaf(file: CaseFile, number: int, shown: Developed, *, is_withheld: bool) -> Leaf:
    picture, text = (b"", "") if is_withheld else (shown.picture, shown.text.strip())
    return Leaf(file, number, shown.pages, text, picture, is_withheld)
