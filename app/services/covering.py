"""Scans made fit for a blind review: the office covers by hand what tells whose they are (C5.3b).

What is covered is painted over by the darkroom at each look of a reviewer: the original stays as it came. A page with
pictures that nobody has looked through stays withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.adapters.documents.pictures import Developed, Unreadable, develop, scans_of
from app.domain.covering import Box
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.evidence import EvidenceLost, EvidenceUnknown, FileLocked, as_file, content_of
from app.services.hooks import Case
from app.services.landing import case_of
from app.services.leafing import WIDTHS, EvidenceUnreadable, veil_of
from app.services.programme.blinding import named_files
from app.services.programme.material import CaseFile, material_of
from app.services.seeing import KeptOut, may_see
from app.store.models import Cycle, Evidence, Instance, PageCover
from app.store.queries import applications, covers, veil
from app.store.queries import evidence as rows

_LONGEST_REASON = 200
_REPLACED = "replaced"


class NotUnderVeil(DomainError):
    """There is no such case, or it is not reviewed blind, or its reviews are complete. Params: ``case``."""

    code = "not_under_veil"
    kind = Kind.NOT_FOUND


class UncoverUnconfirmed(DomainError):
    """Who takes a cover away says why and confirms it: reviewers cannot read the page then. Params: ``page``."""

    code = "uncover_unconfirmed"
    kind = Kind.BAD_INPUT


class PageUncoverable(DomainError):
    """The file has no such page, or none that is a picture. Params: ``page``."""

    code = "page_uncoverable"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class PageState:
    """A page: withheld from reviewers until somebody looks it through, or looked through; else shown as it is."""

    number: int
    is_scan: bool
    is_looked: bool

    @property
    def is_withheld(self) -> bool:
        """Tell whether reviewers cannot read it yet."""
        return self.is_scan and not self.is_looked


@dataclass(frozen=True, slots=True)
class FileToCover:
    """A file that reviewers are shown, with its pages; none where it cannot be opened."""

    file: CaseFile
    pages: tuple[PageState, ...]


@dataclass(frozen=True, slots=True)
class CaseCovering:
    """A case's files, page by page."""

    cycle: Cycle
    case: str
    title: str
    files: tuple[FileToCover, ...]

    @property
    def withheld(self) -> int:
        """How many pages reviewers cannot read yet."""
        return sum(page.is_withheld for file in self.files for page in file.pages)


@dataclass(frozen=True, slots=True)
class PageCovering:
    """A page as it came (``original``) and as reviewers see it (``veiled``, empty while it is withheld)."""

    around: CaseCovering
    file: CaseFile
    number: int
    pages: int
    original: bytes
    veiled: bytes
    boxes: tuple[Sequence[float], ...]
    is_looked: bool
    history: tuple[tuple[PageCover, str], ...]

    @property
    def next_withheld(self) -> tuple[str, int] | None:
        """The next page that reviewers cannot read yet: file and number."""
        waiting = [
            (each.file.public_id, page.number) for each in self.around.files for page in each.pages if page.is_withheld
        ]
        here = (self.file.public_id, self.number)
        order = [(each.file.public_id, page.number) for each in self.around.files for page in each.pages]
        later = [each for each in waiting if order.index(each) > order.index(here)]
        return next(iter([*later, *waiting]), None) if [each for each in waiting if each != here] else None


@dataclass(frozen=True, slots=True)
class _Place:
    """A case under the veil as the office may work on it."""

    cycle: Cycle
    instance: Instance
    files: Mapping[str, CaseFile]

    @property
    def case(self) -> Case:
        return case_of(self.instance)


def case_to_cover(act: Act, *, case: str) -> CaseCovering:
    """Return a case's files page by page. Raises ``NotAllowed``, ``KeptOut``, ``NotUnderVeil``."""
    return _around(act, case, _place(act, case))


def _around(act: Act, case: str, place: _Place) -> CaseCovering:
    files = rows.by_public_ids(act.session, place.files)
    looked = covers.covered_pages(act.session, [row.id for row in files.values()])
    told = tuple(FileToCover(file, tuple(_pages(act, files[key], looked))) for key, file in place.files.items())
    return CaseCovering(place.cycle, case, place.instance.title, told)


def _pages(act: Act, row: Evidence, looked: frozenset[tuple[int, int]]) -> Iterator[PageState]:
    try:
        pages, scans = scans_of(content_of(act, as_file(row)), row.media_type)
    except (Unreadable, EvidenceLost):
        return  # nobody can read it, reviewers neither
    for number in range(1, pages + 1):
        yield PageState(number, number in scans, (row.id, number) in looked)


def _place(act: Act, case: str) -> _Place:
    act.require(RoleKey.SECRETARIAT)
    found = applications.applications_by_public_id(act.session, [case]).get(case)
    instance = act.session.get_one(Instance, found.instance_id) if found and found.instance_id else None
    if found is None or instance is None or not veil.is_under_veil(act.session, instance.id):
        raise NotUnderVeil(case=case)
    if found.host_id == act.actor.person_id:
        raise KeptOut(reason="own_case")
    if not may_see(act, [instance.id]):
        raise KeptOut(reason="recused")
    material = material_of(act, case_of(instance))
    files = {each: material.files[each] for each in named_files(material) if each in material.files} if material else {}
    return _Place(act.session.get_one(Cycle, found.cycle_id), instance, files)


def page_to_cover(act: Act, *, case: str, evidence: str, page: int) -> PageCovering:
    """Return a page as it came and as reviewers see it.

    Raises ``NotAllowed``, ``KeptOut``, ``NotUnderVeil``, ``EvidenceUnknown``, ``FileLocked``, ``EvidenceUnreadable``.
    """
    place = _place(act, case)
    row = _file(act, place, evidence)
    cover = covers.cover_of(act.session, row.id, page)
    original = _developed(act, row, page)
    boxes = tuple(cover.boxes) if cover else ()
    veiled = b""
    if cover is not None or not original.is_scan:
        veiled = _developed(act, row, page, place=place, boxes=boxes).picture
    return PageCovering(
        around=_around(act, case, place),
        file=place.files[evidence],
        number=page,
        pages=original.pages,
        original=original.picture,
        veiled=veiled,
        boxes=boxes,
        is_looked=cover is not None,
        history=tuple(covers.history_of(act.session, row.id, page)),
    )


def _file(act: Act, place: _Place, evidence: str) -> Evidence:
    row = rows.by_public_id(act.session, evidence) if evidence in place.files else None
    if row is None:
        raise EvidenceUnknown(evidence=evidence)
    if row.infected_at is not None:
        raise FileLocked(name=row.file_name)
    return row


def _developed(
    act: Act, row: Evidence, page: int, *, place: _Place | None = None, boxes: Sequence[Box] = ()
) -> Developed:
    cover = {"cover": veil_of(act, place.case, boxes)} if place else {}
    try:
        shown = develop(content_of(act, as_file(row)), row.media_type, page, width=WIDTHS[0], **cover)
    except Unreadable as reason:
        raise EvidenceUnreadable(name=row.file_name) from reason
    if not shown.picture:
        raise PageUncoverable(page=page)
    return replace(shown, text="")


def cover_page(act: Act, *, case: str, evidence: str, page: int, boxes: Sequence[Box]) -> None:
    """Cover parts of a page; none: it was looked through, and nothing on it tells whose it is.

    Raises what ``page_to_cover`` raises.
    """
    place = _place(act, case)
    row = _file(act, place, evidence)
    _developed(act, row, page)  # the page is there and can be drawn
    covers.lock(act.session, row.id)
    covers.lift(act.session, row.id, page, by_id=act.person_id, at=act.now, reason=_REPLACED)
    kept = [list(each) for each in boxes]
    act.session.add(PageCover(evidence_id=row.id, page=page, boxes=kept, by_id=act.person_id, at=act.now))
    act.session.flush()
    _record(act, place, "cover_page", row, f"page {page}: {len(kept)}")


def uncover_page(act: Act, *, case: str, evidence: str, page: int, reason: str, is_confirmed: bool) -> None:
    """Take a page's cover away: it is withheld from reviewers again if it holds pictures.

    Raises ``NotAllowed``, ``KeptOut``, ``NotUnderVeil``, ``EvidenceUnknown``, ``UncoverUnconfirmed``.
    """
    place = _place(act, case)
    row = _file(act, place, evidence)
    why = reason.strip()[:_LONGEST_REASON]
    if not why or not is_confirmed:
        raise UncoverUnconfirmed(page=page)
    if not covers.lift(act.session, row.id, page, by_id=act.person_id, at=act.now, reason=why):
        raise PageUncoverable(page=page)
    _record(act, place, "uncover_page", row, f"page {page}: {why}")


def _record(act: Act, place: _Place, action: str, row: Evidence, result: str) -> None:
    what = f"evidence/{row.public_id}"
    audit.record(act, case_id=place.instance.id, action=action, object=what, result=result)
