"""A studio's dossier packed: papers, evidence, opinions, clause ledger, history, and the audit chains with hashes."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.adapters.documents.spreadsheet import Cell, Sheet, workbook
from app.domain import dossier as package
from app.domain.audit import ChainRow, Head
from app.domain.dossier import Listed, Manifest, chain_line, chain_path
from app.domain.evidence import clean_name
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.cases import view_case
from app.services.construction.book_sheets import book_sheets
from app.services.construction.bookkeeping import view_book
from app.services.dossier.words import Submissions, contents, is_sealed, opinions
from app.services.papers.bundles import (
    LEDGER,
    Bundle,
    Packed,
    catalogue,
    ledger_row,
    packed_evidence,
    packed_papers,
)
from app.services.papers.reading import readable_by
from app.services.programme.wording import day_text, moment_text
from app.services.running import CaseUnknown
from app.services.seeing import SEE_ALL
from app.store.models import Application, Instance, Studio
from app.store.queries import acceptance as acceptances
from app.store.queries import audit as chains
from app.store.queries import dossier as rows
from app.store.queries import evidence, studios, submissions
from app.store.queries import papers as paper_rows

SIGNING = "dossier"
"""The purpose of the key that seals dossiers."""

_READ_ME = """本卷宗由双优工作室管理平台导出。

清单.json 列出卷宗的每个文件及其 SHA-256；封条.json 是对清单的数字签名（Ed25519）。
审计/ 下每个案件一份审计链：每行是一条事件的原文和哈希，前后相接。
核验不需要系统和网络：

    shuangyou dossier verify 本文件.zip --key 签发单位公布的公钥

"""


Said = Callable[[str], str]
_BY_ITSELF = "系统"
"""Who did what nobody did."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a studio's life, each with the folder it gets."""

    folders: dict[int, str]
    named: dict[int, Instance]


def may_pack(act: Act, studio: Studio) -> bool:
    """Tell whether the actor may take a studio's dossier out: an office that sees all, and not their own studio."""
    return any(act.actor.holds(role) for role in SEE_ALL) and studio.host_id != act.actor.person_id


def export_dossier(act: Act, *, public_id: str, said: Said = str) -> Bundle:
    """Pack a studio's whole life, sealed, and record that it left the system.

    ``said``: what the audit trail's actions are called to people; the chains themselves keep their own words.

    Raises ``NotAllowed``, ``CaseUnknown``.
    """
    act.require(*SEE_ALL)
    studio = studios.studio_by_public_id(act.session, public_id)
    if studio is None:
        raise CaseUnknown(case=public_id)
    if not act.actor.is_system and not may_pack(act, studio):
        raise NotAllowed(needed=",".join(SEE_ALL))
    cases = _cases(act, studio)
    files = [_told(act, studio, cases, said), *_case_files(act, cases)]
    heads, told = _chains(act, cases)
    made = workbook(catalogue([*files, *told]), made_at=act.now)
    listed = [_made("目录.xlsx", "目录", made), _made("说明.txt", "怎样核验", _READ_ME.encode()), *files, *told]
    manifest = Manifest(_about(act, studio), tuple(_listed(act, each) for each in listed), heads).encoded()
    digest = hashlib.sha256(manifest).hexdigest()
    what = f"studio/{public_id}"
    audit.record(act, case_id=studio.instance_id, action="export_dossier", object=what, result=digest)
    sealed = [_made(package.MANIFEST, "清单", manifest), _made(package.SEAL, "封条", _seal(act, manifest))]
    return Bundle(f"{clean_name(f'卷宗 {studio.name}')}.zip", (*listed, *sealed), act.ports.files)


def public_key(act: Act) -> str:
    """Return the key, in hex, with which everybody checks this installation's dossiers."""
    return act.ports.sealer.public_key(SIGNING).hex()


def _seal(act: Act, manifest: bytes) -> bytes:
    seal = {
        "algorithm": "Ed25519",
        "public_key": public_key(act),
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        "signature": act.ports.sealer.sign(manifest, SIGNING).hex(),
    }
    return json.dumps(seal, indent=1, sort_keys=True).encode()


def _about(act: Act, studio: Studio) -> dict[str, str]:
    found = acceptances.acceptance_of(act.session, studio.id)
    return {
        "studio": studio.name,
        "studio_id": studio.public_id,
        "document": studio.document,
        "term": f"{studio.starts_on.isoformat()}/{studio.ends_on.isoformat()}",
        "state": studio.state.value,
        "grade": found.grade.value if found and found.grade else "",
        "made_at": act.now.isoformat(),
        "made_by": act.actor.name,
    }


def _cases(act: Act, studio: Studio) -> Cases:
    first = act.session.get_one(Application, studio.application_id).instance_id if studio.application_id else None
    found = rows.life_of(act.session, studio.instance_id, first)
    folders = {case.id: f"{place:02d} {clean_name(case.title)}/" for place, case in enumerate(found, start=1)}
    return Cases(folders, {case.id: case for case in found})


def _case_files(act: Act, cases: Cases) -> Iterator[Packed]:
    """Case by case, in the order of the studio's life: papers, evidence, and what was filled in and decided."""
    for case_id, folder in cases.folders.items():
        yield from packed_papers(paper_rows.papers_of(act.session, [case_id], readable_by(act.actor)), folder)
        uses = evidence.uses_of(act.session, case_id)
        yield from packed_evidence(uses, folder)
        if handed_in := submissions.of_case(act.session, case_id):
            names = {file.public_id: file.file_name for _, file in uses}
            readable = workbook(opinions(act, handed_in), contents(act, handed_in, names), made_at=act.now)
            yield _made(f"{folder}办理情况.xlsx", "各环节办理意见和填报内容", readable)
            yield _made(f"{folder}填报内容.json", "各环节填报内容原始数据", _values(act, handed_in))


def _told(act: Act, studio: Studio, cases: Cases, said: Said) -> Packed:
    """What the system itself says: the clause ledger, who hosted, the money line by line, the history."""
    life = workbook(
        Sheet("条款台账", LEDGER, _ledger(act, studio, cases)),
        Sheet("主持人", ("姓名", "自", "至", "原因", "文件"), _hosts(act, studio)),
        *book_sheets(view_book(act, public_id=studio.public_id)),
        Sheet("经过", ("案件", "序号", "时间", "人员", "事项", "对象", "结果"), _history(act, cases, said)),
        made_at=act.now,
    )
    return _made("工作室.xlsx", "条款台账、历任主持人、经费逐笔、经过", life)


def _values(act: Act, handed_in: Submissions) -> bytes:
    listed = [
        {"task": form.element_id, "title": form.title, "at": form.at.isoformat(), "values": form.data}
        for form, _ in handed_in
        if not is_sealed(act, form.lane)
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _ledger(act: Act, studio: Studio, cases: Cases) -> Sequence[Sequence[Cell]]:
    if studio.application_id is None:
        return []
    first = cases.named[act.session.get_one(Application, studio.application_id).instance_id]
    ledger = view_case(act, public_id=first.public_id).ledger
    return [ledger_row(row) for row in ledger if row.verdict]


def _hosts(act: Act, studio: Studio) -> Iterator[Sequence[str]]:
    for former, name in studios.former_hosts(act.session, studio.id):
        yield name, day_text(former.from_on), day_text(former.to_on), former.reason, former.document or ""
    host = rows.name_of(act.session, studio.host_id)
    yield host, day_text(studio.host_since), "", "", studio.document


def _history(act: Act, cases: Cases, said: Said) -> Iterator[Sequence[Cell]]:
    for case_id, case in cases.named.items():
        for row in audit.history(act, case_id=case_id, limit=100_000):
            at = moment_text(row.at)
            yield case.title, row.seq, at, row.name or _BY_ITSELF, said(row.action), row.object, row.result


def _chains(act: Act, cases: Cases) -> tuple[tuple[Head, ...], list[Packed]]:
    """The audit chains as they stand, each with its last hash: what comes later begins where they end."""
    heads, files = [], []
    for case_id in cases.folders:
        case, last, lines = str(case_id), "", []
        for row in chains.chain(act.session, case_id):
            lines.append(chain_line(ChainRow(case, row.case_seq, row.body, row.prev_hash, row.event_hash)))
            last = row.event_hash
        heads.append(Head(case, len(lines), last))
        files.append(_made(chain_path(case), f"审计链：{cases.named[case_id].title}", "".join(lines).encode()))
    return tuple(heads), files


def _made(path: str, what: str, content: bytes) -> Packed:
    return Packed(path, what, len(content), hashlib.sha256(content).hexdigest(), content)


def _listed(act: Act, file: Packed) -> Listed:
    """A file as its bytes are now: one that the store has lost or changed would be found here, not at the archive."""
    content = file.content or act.ports.files.get(file.sha256)
    return Listed(file.path, len(content), hashlib.sha256(content).hexdigest())
