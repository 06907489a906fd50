"""The office's own Word templates: tried with made-up facts, proposed as a version, released by a second person."""

from dataclasses import dataclass
from datetime import datetime

from app.adapters.documents import word
from app.adapters.documents.uploads import check_document
from app.domain import evidence as rules
from app.domain.errors import DomainError, Kind
from app.domain.papers import PAPERS, PaperKind
from app.domain.ports import ScanVerdict
from app.domain.roles import RoleKey, may_release
from app.services import audit
from app.services.acting import Act
from app.services.administration import READERS
from app.services.evidence import FileInfected, Upload
from app.services.papers.in_word import layout_of, word_facts
from app.services.papers.reading import OpenedPaper, PaperUnknown
from app.services.papers.samples import sample
from app.store.models import PaperTemplate
from app.store.queries import papers as rows

MOST_BYTES = 2 * 1024 * 1024
"""Largest template accepted, in bytes."""

PROPOSERS = (RoleKey.SYSADMIN, RoleKey.DESIGNER)
"""The roles that propose a template."""

WATCHERS = (*READERS, RoleKey.DESIGNER, RoleKey.PUBLISHER)
"""The roles that see the templates."""


class TemplateNotReleasable(DomainError):
    """A template is released once, by somebody other than who proposed it, and not behind a newer one in force.

    Params: ``version``.
    """

    code = "template_not_releasable"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A template that an office proposed. ``released_at`` None: a second person has not; ``is_in_force``: made from.

    ``is_mine``: whoever looks proposed it.
    """

    public_id: str
    version: int
    file_name: str
    by: str
    at: datetime
    released_by: str | None
    released_at: datetime | None
    is_in_force: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class KindTemplates:
    """A kind of letter: the names its placeholders may have, and the templates put in place of ours so far."""

    kind: PaperKind
    placeholders: tuple[str, ...]
    versions: tuple[TemplateVersion, ...]


def list_templates(act: Act) -> tuple[KindTemplates, ...]:
    """Return every kind of letter that is made in Word. One statement. Raises ``NotAllowed``."""
    act.require(*WATCHERS)
    found: dict[PaperKind, list[TemplateVersion]] = {kind: [] for kind, each in PAPERS.items() if each.in_word}
    for row, name, releaser in rows.templates(act.session):
        versions = found[row.kind]
        is_newest = row.released_at is not None and not any(each.is_in_force for each in versions)
        versions.append(
            TemplateVersion(
                public_id=row.public_id,
                version=row.version,
                file_name=row.file_name,
                by=name,
                at=row.at,
                released_by=releaser,
                released_at=row.released_at,
                is_in_force=is_newest,
                is_mine=row.by_id == act.actor.person_id,
            )
        )
    return tuple(
        KindTemplates(kind, tuple(sorted(word.usable(word_facts(sample(kind))))), tuple(versions))
        for kind, versions in found.items()
    )


def try_template(act: Act, *, kind: PaperKind, upload: Upload) -> OpenedPaper:
    """Return a template filled in with made-up facts; nothing is kept.

    Raises ``NotAllowed``, ``TemplateUnreadable``, ``TemplateNotAllowed``, ``PlaceholdersUnknown`` and what
    ``domain.evidence.accept`` raises.
    """
    act.require(*PROPOSERS)
    _, content = _read(act, upload)
    return OpenedPaper(f"{PAPERS[kind].name}样张.docx", word.MEDIA_TYPE, _filled(act, kind, content))


def propose_template(act: Act, *, kind: PaperKind, upload: Upload) -> int:
    """Propose a template; return its version. Papers are made from it once a second person has released it.

    Raises as ``try_template``.
    """
    act.require(*PROPOSERS)
    name, content = _read(act, upload)
    _filled(act, kind, content)
    row = PaperTemplate(
        kind=kind,
        version=rows.last_version(act.session, kind) + 1,
        sha256=act.ports.files.put(content),
        file_name=name,
        by_id=act.person_id,
        at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    what = f"paper_template/{kind}/{row.version}"
    audit.record(act, case_id=audit.OFFICE, action="propose_paper_template", object=what, result=row.sha256)
    return row.version


def release_template(act: Act, *, kind: PaperKind, public_id: str) -> int:
    """Put a proposed template in place for the papers made from now on; return its version.

    Raises ``NotAllowed``, ``PaperUnknown``, ``TemplateNotReleasable``, and as ``try_template`` where it no longer fits.
    """
    act.require(RoleKey.PUBLISHER)
    row = _template(act, kind, public_id)
    newest = rows.template_in_force(act.session, kind)
    is_behind = newest is not None and newest.version > row.version
    if row.released_at is not None or is_behind or not may_release(str(row.by_id), str(act.person_id)):
        raise TemplateNotReleasable(version=row.version)
    _filled(act, kind, act.ports.files.get(row.sha256))
    if not rows.release_template(act.session, row.id, by_id=act.person_id, at=act.now):
        raise TemplateNotReleasable(version=row.version)
    what = f"paper_template/{kind}/{row.version}"
    audit.record(act, case_id=audit.OFFICE, action="release_paper_template", object=what, result=row.sha256)
    return row.version


def preview_template(act: Act, *, kind: PaperKind, public_id: str) -> OpenedPaper:
    """Return a proposed or released template filled in with made-up facts. Raises ``NotAllowed``, ``PaperUnknown``."""
    act.require(*WATCHERS)
    content = act.ports.files.get(_template(act, kind, public_id).sha256)
    return OpenedPaper(f"{PAPERS[kind].name}样张.docx", word.MEDIA_TYPE, _filled(act, kind, content))


def open_template(act: Act, *, kind: PaperKind, public_id: str | None = None) -> OpenedPaper:
    """Return a template to be changed in Word: ours, or an office's own (``public_id``).

    Raises ``NotAllowed``, ``PaperUnknown``.
    """
    act.require(*WATCHERS)
    if public_id is None:
        return OpenedPaper(f"{PAPERS[kind].name}模板.docx", word.MEDIA_TYPE, word.standard_template(layout_of(kind)))
    row = _template(act, kind, public_id)
    return OpenedPaper(row.file_name, word.MEDIA_TYPE, act.ports.files.get(row.sha256))


def _template(act: Act, kind: PaperKind, public_id: str) -> PaperTemplate:
    row = rows.template(act.session, public_id)
    if row is None or row.kind is not kind:
        raise PaperUnknown(paper=public_id)
    return row


def _read(act: Act, upload: Upload) -> tuple[str, bytes]:
    """The file's cleaned name and its bytes, once they are a Word file and nothing more."""
    content = upload.stream.read(MOST_BYTES + 1)
    if not content:
        raise rules.FileEmpty
    if len(content) > MOST_BYTES:
        raise rules.FileTooLarge(size=len(content), most=MOST_BYTES)
    name = rules.clean_name(upload.file_name)
    if not name.lower().endswith(".docx"):
        raise rules.FileKindRefused(name=name, accepted="docx")
    check_document(content)
    if act.ports.scanner.scan(content) is ScanVerdict.INFECTED:
        raise FileInfected(name=name)
    return name, content


def _filled(act: Act, kind: PaperKind, content: bytes) -> bytes:
    return word.fill(content, word_facts(sample(kind)), at=act.now)
