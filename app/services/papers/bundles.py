"""A case, or a whole cycle, as one zip: catalogue, papers, evidence under readable names, clause ledger, history."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.adapters.documents.spreadsheet import Cell, Sheet, workbook
from app.domain.clauses import clause
from app.domain.evidence import clean_name
from app.domain.papers import PAPERS
from app.domain.ports import FileStore
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.cases import view_case
from app.services.ledger import LedgerRow
from app.services.papers.reading import readable_by
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.material import PROVES
from app.services.running import CaseUnknown
from app.services.seeing import SEE_ALL
from app.store.models import Evidence, EvidenceUse, Instance, Paper
from app.store.queries import applications, cases, cycles, evidence
from app.store.queries import papers as rows

_VERDICTS = {"met": "符合", "not_met": "不符合", "needs_human": "需人工认定"}
_KINDS = {"automatic": "系统核对", "declared": "声明", "checked": "核验", "ruled": "认定"}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of a bundle: its place in the zip, what it is, its bytes or (``sha256``) where the store keeps them.

    ``pages``: None where the format does not say.
    """

    path: str
    what: str
    size: int
    sha256: str = ""
    content: bytes = b""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A zip about to be sent: read file by file, so that the whole never lies in memory."""

    file_name: str
    files: tuple[Packed, ...]
    store: FileStore

    def chunks(self) -> Iterator[bytes]:
        """Yield the zip's bytes as they come about."""
        out = _Stream()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
            for file in self.files:
                content = file.content or self.store.get(file.sha256)
                packed.writestr(zipfile.ZipInfo(file.path, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
                yield out.taken()
        yield out.taken()


class _Stream(io.RawIOBase):
    """Where a zip is written to that nobody can go back in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """It is written to only."""
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes only
        """Take a part."""
        self._parts.append(bytes(part))
        self._length += len(part)
        return len(part)

    def tell(self) -> int:
        """How much was written."""
        return self._length

    def seekable(self) -> bool:
        """It cannot be gone back in."""
        return False

    def taken(self) -> bytes:
        """Return what came since the last time."""
        parts, self._parts = b"".join(self._parts), []
        return parts


def export_case(act: Act, *, public_id: str) -> Bundle:
    """Pack one case, not one's own, and record that it left the system. Raises ``NotAllowed``, ``CaseUnknown``."""
    act.require(*SEE_ALL)
    case = _case(act, public_id)
    about = applications.application_by_instance(act.session, case.id)
    if about is not None and about.host_id == act.actor.person_id:
        raise NotAllowed(needed=",".join(SEE_ALL))
    view = view_case(act, public_id=public_id)
    found = [
        *packed_papers(rows.papers_of(act.session, [case.id], readable_by(act.actor)), ""),
        *packed_evidence(evidence.uses_of(act.session, case.id), ""),
    ]
    history = audit.history(act, case_id=case.id)
    made = workbook(
        catalogue(found),
        Sheet("条款台账", LEDGER, [ledger_row(row) for row in view.ledger if row.verdict]),
        Sheet(
            "经过",
            ("序号", "时间", "人员", "事项", "对象", "结果"),
            [(row.seq, row.at, row.name, row.action, row.object, row.result) for row in history],
        ),
        made_at=act.now,
    )
    audit.record(act, case_id=case.id, action="export_case", object=f"case/{public_id}", result=str(len(found)))
    name = clean_name(f"{view.application.receipt_number or '草稿'} {view.title}" if view.application else view.title)
    return Bundle(f"{name}.zip", (Packed("目录.xlsx", "目录", len(made), content=made), *found), act.ports.files)


def export_cycle(act: Act, *, public_id: str) -> Bundle:
    """Pack every case of a cycle, a folder each, and record it. Raises ``NotAllowed``, ``CycleUnknown``."""
    act.require(*SEE_ALL)
    cycle = cycles.cycle_by_public_id(act.session, public_id)
    if cycle is None:
        raise CycleUnknown(cycle=public_id)
    folders = {case.id: f"{_folder(number, case)}/" for number, case in cases.of_cycle(act.session, cycle.id)}
    papers, uses = defaultdict(list), defaultdict(list)
    for paper in rows.papers_of(act.session, list(folders), readable_by(act.actor)):
        papers[paper.instance_id].append(paper)
    for use, file in evidence.uses_of_cases(act.session, list(folders)):
        uses[use.instance_id].append((use, file))
    found: list[Packed] = []
    for case_id, folder in folders.items():
        found += packed_papers(papers[case_id], folder)
        found += packed_evidence(uses[case_id], folder)
    made = workbook(catalogue(found), made_at=act.now)
    what = f"cycle/{public_id}"
    audit.record(act, case_id=audit.OFFICE, action="export_case", object=what, result=str(len(found)))
    files = (Packed("目录.xlsx", "目录", len(made), content=made), *found)
    return Bundle(f"{clean_name(cycle.title)}.zip", files, act.ports.files)


def _case(act: Act, public_id: str) -> Instance:
    found = cases.by_public_id(act.session, public_id)
    if found is None:
        raise CaseUnknown(case=public_id)
    return found


def _folder(number: str | None, case: Instance) -> str:
    return clean_name(f"{number or case.id} {case.title}")


def packed_papers(papers: Sequence[Paper], folder: str) -> Iterator[Packed]:
    """Yield the files of papers under a folder of theirs."""
    for paper in papers:
        name = PAPERS[paper.kind].name
        for sha256, size, ending in (
            (paper.pdf_sha256, paper.pdf_size, "pdf"),
            (paper.word_sha256, paper.word_size, "docx"),
        ):
            if sha256 is not None:
                file_name = clean_name(f"{name} {paper.number}.{ending}")
                yield Packed(f"{folder}文书/{file_name}", f"{paper.title}（{paper.number}）", size or 0, sha256)


def packed_evidence(uses: Sequence[tuple[EvidenceUse, Evidence]], folder: str) -> Iterator[Packed]:
    """Each file once, numbered: names may repeat, places may not."""
    proves: dict[int, dict[str, None]] = {}
    files: dict[int, Evidence] = {}
    for use, file in uses:
        if file.infected_at is not None:
            continue  # nobody opens it any more: neither does who unpacks a zip
        files[file.id] = file
        proven = PROVES.get(use.owner, use.owner)
        proves.setdefault(file.id, {})[f"{proven}（{use.clause_id}）" if use.clause_id else proven] = None
    for number, (key, file) in enumerate(files.items(), start=1):
        path = f"{folder}证明材料/{number:03d} {clean_name(file.file_name)}"
        yield Packed(path, "、".join(proves[key]), file.size, file.sha256, pages=file.pages)


def catalogue(files: Sequence[Packed]) -> Sheet:
    """Return the list of a bundle's files."""
    listed = [
        (place, file.path, file.what, file.pages, file.size, file.sha256) for place, file in enumerate(files, start=1)
    ]
    return Sheet("目录", ("序号", "文件", "说明", "页数", "字节", "SHA-256"), listed)


LEDGER = ("条款", "事项", "结论", "方式", "理由", "规则版本", "时间")
"""The headings of a clause ledger."""


def ledger_row(row: LedgerRow) -> tuple[Cell, ...]:
    """Return a clause's verdict as a row of ``LEDGER``."""
    return (
        row.clause_id,
        clause(row.clause_id).title,
        _VERDICTS.get(row.verdict or "", ""),
        _KINDS.get(row.kind or "", ""),
        row.reason or "",
        row.rule_version,
        row.at,
    )
