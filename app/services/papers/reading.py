"""Papers as people open them: those of a case for whoever may see it, some for everybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from app.adapters.documents import typesetting, word
from app.domain.errors import DomainError, Kind
from app.domain.papers import PAPERS, PaperKind
from app.services.acting import Act, Actor
from app.services.course import knows_reviewers
from app.services.seeing import visible_to
from app.store.models import Paper
from app.store.queries import papers as rows


class PaperUnknown(DomainError):
    """There is no such paper, or not for this person. Params: ``paper``."""

    code = "paper_unknown"
    kind = Kind.NOT_FOUND


class PaperNotMade(DomainError):
    """The paper has its number; its file is being made. Params: ``number``."""

    code = "paper_not_made"
    kind = Kind.CONFLICT


_PUBLIC = frozenset(
    {
        PaperKind.ACCEPTANCE_NOTICE,
        PaperKind.PUBLICITY_NOTICE,
        PaperKind.PROVINCIAL_NOTICE,
        PaperKind.ANNOUNCEMENT,
        PaperKind.OBJECTION_REPLY,
    }
)
"""Kinds for everybody who knows the address of what they are about."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper in a list. Sizes None: no such file, or ``is_made`` is false and it is being made."""

    public_id: str
    kind: PaperKind
    title: str
    number: str
    dated: datetime
    is_made: bool
    pdf_size: int | None
    word_size: int | None
    pdf_sha256: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """A paper's file, to be saved under ``file_name``."""

    file_name: str
    media_type: str
    content: bytes


def papers_of(act: Act, *, instance_id: int) -> tuple[PaperRow, ...]:
    """Return the papers of a case that the actor may see; who may see the case is the caller's business."""
    return tuple(_row(paper) for paper in rows.papers_of(act.session, [instance_id], readable_by(act.actor)))


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Paper`` that keeps reviewers' names from whoever may not know them (C5.3b)."""
    naming = frozenset(kind for kind, rules in PAPERS.items() if rules.names_reviewers)
    return rows.readable(naming, actor.person_id, knows=knows_reviewers(actor, None))


def pledges_in(act: Act, cycle_id: int) -> dict[int, PaperRow]:
    """Return the pledges of a cycle's experts that the actor may see, by who signed; the latest of each."""
    found = rows.pledges(act.session, readable_by(act.actor), cycle_id=cycle_id)
    return {paper.by_id: _row(paper) for paper in found if paper.by_id is not None}


def own_pledges(act: Act) -> tuple[PaperRow, ...]:
    """Return the pledges that the actor signed, the latest first."""
    found = rows.pledges(act.session, readable_by(act.actor))
    return tuple(_row(paper) for paper in reversed(found) if paper.by_id == act.actor.person_id)


def _row(paper: Paper) -> PaperRow:
    return PaperRow(
        public_id=paper.public_id,
        kind=paper.kind,
        title=paper.title,
        number=paper.number,
        dated=paper.dated,
        is_made=paper.made_at is not None,
        pdf_size=paper.pdf_size,
        word_size=paper.word_size,
        pdf_sha256=paper.pdf_sha256,
        missing=tuple(paper.missing),
    )


def open_paper(act: Act, *, public_id: str, in_word: bool = False) -> OpenedPaper:
    """Return a file of a paper whose case the actor may see. Raises ``PaperUnknown``, ``PaperNotMade``."""
    paper = rows.visible_paper(act.session, public_id, visible_to(act.actor), readable_by(act.actor))
    if paper is None:
        raise PaperUnknown(paper=public_id)
    return _opened(act, paper, in_word=in_word)


def open_public_paper(
    act: Act, *, kind: PaperKind, subject: str, in_word: bool = False, public_id: str | None = None
) -> OpenedPaper:
    """Return a paper of a public kind about a window, a cycle or an objection (their public ids).

    ``public_id``: which of several; None: the newest. Raises ``PaperUnknown``, ``PaperNotMade``.
    """
    found = rows.all_about(act.session, kind, subject) if kind in _PUBLIC else ()
    paper = next((each for each in reversed(found) if public_id in {None, each.public_id}), None)
    if paper is None:
        raise PaperUnknown(paper=subject)
    return _opened(act, paper, in_word=in_word)


def public_papers(act: Act, *, kind: PaperKind, subject: str) -> tuple[PaperRow, ...]:
    """Return the papers of a public kind about a subject, in order."""
    return tuple(map(_row, rows.all_about(act.session, kind, subject) if kind in _PUBLIC else ()))


def has_public_paper(act: Act, *, kind: PaperKind, subject: str) -> bool:
    """Tell whether ``open_public_paper`` has something to open."""
    paper = rows.latest_about(act.session, kind, subject) if kind in _PUBLIC else None
    return paper is not None and paper.made_at is not None


def _opened(act: Act, paper: Paper, *, in_word: bool) -> OpenedPaper:
    if in_word and not PAPERS[paper.kind].in_word:
        raise PaperUnknown(paper=paper.public_id)
    sha256 = paper.word_sha256 if in_word else paper.pdf_sha256
    if sha256 is None:
        raise PaperNotMade(number=paper.number)
    media_type, ending = (word.MEDIA_TYPE, "docx") if in_word else (typesetting.MEDIA_TYPE, "pdf")
    name = f"{PAPERS[paper.kind].name} {paper.number}.{ending}"
    return OpenedPaper(name, media_type, act.ports.files.get(sha256))
