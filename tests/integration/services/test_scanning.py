"""Malware: refused at the door and on record, looked for later where no scanner answered."""

import hashlib
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.adapters.scanning import ClamdScanner, NoScanner, scanner_at
from app.config import UnknownSetting, read_settings
from app.domain.ports import ScanVerdict
from app.jobs.worker import Worker
from app.services.evidence import EvidenceLost, FileInfected, FileLocked, Purpose, Upload, open_evidence, store_evidence
from app.services.outbox import enqueue
from app.services.scanning import PAUSE, SCAN
from app.store.models import AuditEvent, Evidence, Incident, Outbox, ScanState
from tests.factories.acts import Stage
from tests.factories.errands import begin, found, open_tasks
from tests.factories.scanners import MARK, clamd

PDF = b"%PDF-1.4\n1 0 obj<</Type/Pages/Count 2/Kids[]>>endobj\n%%EOF\n"
BAD = PDF + MARK
NOWHERE = "127.0.0.1:9"


def store(stage: Stage, person: int, task_id: str, content: bytes = PDF) -> str:
    with stage.acting(person) as act:
        upload = Upload("证书.pdf", io.BytesIO(content))
        return store_evidence(act, task_id=task_id, upload=upload, purpose=Purpose("papers", "r1")).public_id


def asked(stage: Stage, address: str) -> tuple[int, str]:
    """The host and the task that takes files, where uploads are looked at by the scanner at ``address``."""
    people = found(stage)
    case = begin(stage, people)
    stage.ports = replace(stage.ports, scanner=scanner_at(address))
    with stage.reading() as act:
        return people.host, open_tasks(act, case)[0].id


def look(stage: Stage) -> None:
    """Let the worker do what is due; the later look is among it."""
    counts = Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    assert counts.failed == 0


def begin_looking(stage: Stage) -> None:
    with stage.acting() as act:
        enqueue(act, kind=SCAN, payload={})


def marks(stage: Stage) -> list[tuple[ScanState, bool]]:
    with stage.reading() as act:
        rows = act.session.scalars(select(Evidence).order_by(Evidence.id))
        return [(row.scanned, row.infected_at is not None) for row in rows]


def recorded(stage: Stage, action: str) -> list[bytes]:
    with stage.reading() as act:
        return list(act.session.scalars(select(AuditEvent.body).where(AuditEvent.action == action)))


@pytest.mark.parametrize(
    ("content", "answer", "verdict"),
    [
        (PDF, b"", ScanVerdict.CLEAN),
        (BAD, b"", ScanVerdict.INFECTED),
        (PDF * 100_000, b"", ScanVerdict.CLEAN),
        (PDF, b"INSTREAM size limit exceeded. ERROR", ScanVerdict.UNSCANNED),
        (PDF, b"stream: Can't allocate memory ERROR", ScanVerdict.UNSCANNED),
        (PDF, b"nonsense", ScanVerdict.UNSCANNED),
    ],
)
def test_the_scanner_is_asked_by_its_protocol(content: bytes, answer: bytes, verdict: ScanVerdict) -> None:
    with clamd() as server:
        server.answer = answer
        assert ClamdScanner(server.address).scan(content) is verdict
        assert server.asked == [content]


@pytest.mark.parametrize("address", [NOWHERE, "/nowhere/clamd.ctl", "name.invalid:3310"])
def test_a_scanner_that_is_away_gives_no_verdict(address: str) -> None:
    assert ClamdScanner(address, timeout=2).scan(PDF) is ScanVerdict.UNSCANNED


def test_where_the_scanner_is_stands_in_the_settings(tmp_path) -> None:
    there = {"SHUANGYOU_INSTANCE": str(tmp_path)}
    assert isinstance(scanner_at(read_settings(there).clamd), NoScanner)
    for address in ("/run/clamav/clamd.ctl", "127.0.0.1:3310"):
        assert read_settings({**there, "SHUANGYOU_CLAMD": address}).clamd == address
    with pytest.raises(UnknownSetting):
        read_settings({**there, "SHUANGYOU_CLAMD": "clamd"})


def test_an_infected_upload_is_refused_and_on_record(stage: Stage) -> None:
    with clamd() as server:
        host, task_id = asked(stage, server.address)
        with pytest.raises(FileInfected):
            store(stage, host, task_id, BAD)
    assert marks(stage) == []
    sha256 = hashlib.sha256(BAD).hexdigest()
    assert not stage.ports.files.has(sha256)
    (event,) = recorded(stage, "refuse_evidence")
    assert sha256.encode() in event


def test_what_came_while_the_scanner_was_away_is_looked_at_later(stage: Stage) -> None:
    host, task_id = asked(stage, NOWHERE)
    clean, bad = store(stage, host, task_id), store(stage, host, task_id, BAD)
    begin_looking(stage)
    look(stage)
    assert marks(stage) == [(ScanState.UNSCANNED, False)] * 2
    with clamd() as server:
        stage.ports = replace(stage.ports, scanner=scanner_at(server.address))
        stage.clock.time += PAUSE
        look(stage)
        assert sorted(server.asked) == sorted([PDF, BAD])
    assert marks(stage) == [(ScanState.CLEAN, False), (ScanState.UNSCANNED, True)]
    assert len(recorded(stage, "lock_evidence")) == 1
    with stage.reading(host) as act:
        assert open_evidence(act, public_id=clean).content == PDF
        with pytest.raises(FileLocked):
            open_evidence(act, public_id=bad)


def test_the_later_look_goes_on_for_ever_and_never_in_a_loop(stage: Stage) -> None:
    host, task_id = asked(stage, "")
    store(stage, host, task_id)
    begin_looking(stage)
    look(stage)
    with stage.reading() as act:
        (waiting,) = act.session.scalars(select(Outbox).where(Outbox.kind == SCAN, Outbox.done_at.is_(None)))
        assert waiting.run_at == stage.clock.time + PAUSE


def test_a_file_whose_bytes_are_gone_or_damaged_is_no_evidence(stage: Stage, tmp_path) -> None:
    host, task_id = asked(stage, "")
    public_id, sha256 = store(stage, host, task_id), hashlib.sha256(PDF).hexdigest()
    (tmp_path / "evidence" / sha256[:2] / sha256[2:4] / sha256).write_bytes(b"torn")
    with stage.reading(host) as act, pytest.raises(EvidenceLost):
        open_evidence(act, public_id=public_id)
    stage.ports.files.delete(sha256)
    with stage.reading(host) as act, pytest.raises(EvidenceLost):
        open_evidence(act, public_id=public_id)
    begin_looking(stage)
    look(stage)
    with stage.reading() as act:
        (incident,) = act.session.scalars(select(Incident))
        assert (incident.code, incident.instance_id) == ("evidence_lost", None)
