"""The office's own Word templates: tried with made-up facts, put in place as a new version, never changed."""

from dataclasses import dataclass
from datetime import datetime

from app.adapters.documents import word
from app.adapters.documents.uploads import check_document
from app.domain import evidence as rules
from app.domain.papers import PAPERS, PaperKind
from app.domain.ports import ScanVerdict
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.administration import READERS
from app.services.evidence import FileInfected, Upload
from app.services.papers.reading import OpenedPaper, PaperUnknown
from app.services.papers.samples import sample
from app.store.models import PaperTemplate
from app.store.queries import papers as rows

MOST_BYTES = 2 * 1024 * 1024
"""Largest template accepted, in bytes."""


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A template that an office put in place, the newest first where there are several."""

    public_id: str
    version: int
    file_name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KindTemplates:
    """A kind of letter: the names its placeholders may have, and the templates put in place of ours so far."""

    kind: PaperKind
    placeholders: tuple[str, ...]
    versions: tuple[TemplateVersion, ...]


def list_templates(act: Act) -> tuple[KindTemplates, ...]:
    """Return every kind of letter that is made in Word. One statement. Raises ``NotAllowed``."""
    act.require(*READERS)
    found: dict[PaperKind, list[TemplateVersion]] = {kind: [] for kind, each in PAPERS.items() if each.in_word}
    for row, name in rows.templates(act.session):
        found[row.kind].append(TemplateVersion(row.public_id, row.version, row.file_name, name, row.at))
    return tuple(
        KindTemplates(kind, tuple(sorted(word.usable(sample(kind)))), tuple(versions))
        for kind, versions in found.items()
    )


def try_template(act: Act, *, kind: PaperKind, upload: Upload) -> OpenedPaper:
    """Return a template filled in with made-up facts; nothing is kept.

    Raises ``NotAllowed``, ``TemplateUnreadable``, ``TemplateNotAllowed``, ``PlaceholdersUnknown`` and what
    ``domain.evidence.accept`` raises.
    """
    act.require(RoleKey.SYSADMIN)
    _, content = _read(act, upload)
    return OpenedPaper(f"{PAPERS[kind].name}样张.docx", word.MEDIA_TYPE, _filled(act, kind, content))


def replace_template(act: Act, *, kind: PaperKind, upload: Upload) -> int:
    """Put a template in place for the papers made from now on; return its version. Raises as ``try_template``."""
    act.require(RoleKey.SYSADMIN)
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
    audit.record(act, case_id=audit.OFFICE, action="replace_paper_template", object=what, result=row.sha256)
    return row.version


def open_template(act: Act, *, kind: PaperKind, public_id: str | None = None) -> OpenedPaper:
    """Return a template to be changed in Word: ours, or an office's own (``public_id``).

    Raises ``NotAllowed``, ``PaperUnknown``.
    """
    act.require(*READERS)
    if public_id is None:
        return OpenedPaper(f"{PAPERS[kind].name}模板.docx", word.MEDIA_TYPE, word.standard_template())
    row = rows.template(act.session, public_id)
    if row is None or row.kind is not kind:
        raise PaperUnknown(paper=public_id)
    return OpenedPaper(row.file_name, word.MEDIA_TYPE, act.ports.files.get(row.sha256))


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
    return word.fill(content, sample(kind), at=act.now)
