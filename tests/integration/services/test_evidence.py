"""Evidence: what may come in, who may see it, and that its bytes are there."""

import hashlib
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.evidence import (
    MOST_BYTES,
    FileEmpty,
    FileKindMismatch,
    FileKindRefused,
    FileNameUnusable,
    FileTooLarge,
    PictureTooLarge,
)
from app.domain.ports import ScanVerdict
from app.engine import Deliver, TaskNotOpen, Tick
from app.services.evidence import (
    EvidenceUnknown,
    FileInfected,
    Purpose,
    Upload,
    files_of,
    open_evidence,
    remove_evidence_use,
    store_evidence,
)
from app.services.pages import count_pages
from app.services.running import advance
from app.services.tasks import NotYourTask, complete_task
from app.store.models import AuditEvent, Evidence, EvidenceUse, Instance
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks

PDF = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 2/Kids[]>>endobj\n%%EOF\n"
VAST = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\2\0\0\0"
"""A picture of 30,000 × 30,000 pixels in so many bytes."""

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"


def _asked(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    return people, case, task.id


def _store(stage: Stage, person: int, task_id: str, name: str = "证书.pdf", content: bytes = PDF, row: str = "r1"):
    with stage.acting(person) as act:
        upload = Upload(name, io.BytesIO(content))
        return store_evidence(act, task_id=task_id, upload=upload, purpose=Purpose("papers", row, "C4.3.1"))


def test_a_file_is_kept_with_what_it_is_for(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    kept = _store(stage, people.host, task_id)
    assert (kept.file_name, kept.media_type, kept.size, kept.pages) == ("证书.pdf", "application/pdf", len(PDF), 2)
    assert (kept.sha256, kept.is_scanned) == (hashlib.sha256(PDF).hexdigest(), False)
    assert stage.ports.files.get(kept.sha256) == PDF
    with stage.reading() as act:
        (use,) = act.session.scalars(select(EvidenceUse)).all()
        assert (use.instance_id, use.task_id, use.owner, use.row_key, use.clause_id) == (
            case.id,
            task_id,
            "papers",
            "r1",
            "C4.3.1",
        )
        assert files_of(act, instance_id=case.id) == (kept,)
        assert act.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == "add_evidence"


def test_a_file_travels_with_the_form(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    kept = _store(stage, people.host, task_id)
    with stage.acting(people.host) as act:
        complete_task(act, task_id=task_id, data={"what": "茶", "papers": [kept.public_id]}, revision=0)
    with stage.reading(people.checker) as act:
        assert open_evidence(act, public_id=kept.public_id).content == PDF
        assert files_of(act, instance_id=case.id) == (kept,)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("证书.pdf", b"", FileEmpty),
        ("证书.pdf", PNG, FileKindMismatch),
        ("证书.png", VAST, PictureTooLarge),
        ("证书.exe", PDF, FileKindRefused),
        ("证书.pdf.html", b"<script>", FileKindRefused),
        ("证书.html", b"<script>", FileKindRefused),
        ("证书", PDF, FileKindRefused),
        ("..", PDF, FileNameUnusable),
        ("证书.pdf", b"%PDF-1.4" + b"x" * MOST_BYTES, FileTooLarge),
    ],
)
def test_what_may_not_come_in_leaves_nothing(stage: Stage, name: str, content: bytes, error: type[Exception]) -> None:
    people, _, task_id = _asked(stage)
    with pytest.raises(error):
        _store(stage, people.host, task_id, name, content)
    with stage.reading() as act:
        assert act.session.scalars(select(Evidence)).all() == []


class _Infected:
    def scan(self, content: bytes) -> ScanVerdict:
        return ScanVerdict.INFECTED if b"Pages" in content else ScanVerdict.CLEAN


def test_malware_is_refused_and_clean_files_are_marked(stage: Stage) -> None:
    people, _, task_id = _asked(stage)
    stage.ports = replace(stage.ports, scanner=_Infected())
    with pytest.raises(FileInfected):
        _store(stage, people.host, task_id)
    assert _store(stage, people.host, task_id, "照片.png", PNG).is_scanned


@pytest.mark.parametrize("name", ["../../etc/证书.pdf", "C:\\文件\\证书.pdf", "/证书.pdf"])
def test_a_path_in_a_name_leads_nowhere(stage: Stage, name: str) -> None:
    people, _, task_id = _asked(stage)
    assert _store(stage, people.host, task_id, name).file_name == "证书.pdf"


def test_only_who_works_on_a_task_adds_to_it(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    with pytest.raises(NotYourTask):
        _store(stage, people.checker, task_id)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with pytest.raises(TaskNotOpen):
        _store(stage, people.host, task_id)


def test_only_who_sees_the_case_sees_its_files(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    kept = _store(stage, people.host, task_id)
    for person in (people.host, people.checker, people.second, people.auditor):
        with stage.reading(person) as act:
            assert open_evidence(act, public_id=kept.public_id).content == PDF
    for person in (people.other, people.judges[0], people.sysadmin):
        with stage.reading(person) as act, pytest.raises(EvidenceUnknown):
            open_evidence(act, public_id=kept.public_id)
    with stage.reading(people.host) as act, pytest.raises(EvidenceUnknown):
        open_evidence(act, public_id="no-such-file")
    assert case.id


def test_a_file_no_longer_meant_leaves_its_row(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    kept = _store(stage, people.host, task_id)
    with pytest.raises(EvidenceUnknown), stage.acting(people.host) as act:
        remove_evidence_use(act, task_id=task_id, public_id=kept.public_id, row_key="r2")
    with stage.acting(people.host) as act:
        remove_evidence_use(act, task_id=task_id, public_id=kept.public_id)
    with stage.reading(people.checker) as act:
        assert files_of(act, instance_id=case.id) == ()
        with pytest.raises(EvidenceUnknown):
            open_evidence(act, public_id=kept.public_id)


def test_the_same_bytes_lie_there_once(stage: Stage) -> None:
    people, _, task_id = _asked(stage)
    one, other = (_store(stage, people.host, task_id, row=row) for row in ("r1", "r2"))
    assert (one.public_id != other.public_id, one.sha256 == other.sha256) == (True, True)


def test_experts_see_the_files_of_the_cases_they_judge(stage: Stage) -> None:
    people, case, task_id = _asked(stage)
    kept = _store(stage, people.host, task_id)
    go_to(stage, people, case, "go_on")
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        advance(act, instance_id=case.id, command=Deliver("go_on", {"case": key}))
    stage.clock.move(hours=1)
    with stage.acting() as act:
        advance(act, instance_id=case.id, command=Tick())
    with stage.reading(people.judges[0]) as act:
        assert open_evidence(act, public_id=kept.public_id).file == kept


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (PDF, "application/pdf", 2),
        (b"%PDF-1.4 /Type /Page /Type/Page\n /Type /Pages", "application/pdf", 2),
        (b"%PDF-1.7 compressed", "application/pdf", None),
        (PNG, "image/png", 1),
        (b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
    ],
)
def test_pages_are_counted_where_the_file_says_so(content: bytes, media_type: str, pages: int | None) -> None:
    assert count_pages(content, media_type) == pages
