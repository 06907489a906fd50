"""Papers over HTTP: saved as files that no browser runs; strangers find none; templates tried and put in place."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from sqlalchemy import select

from app.adapters.documents.word import standard_template
from app.domain.papers import PaperKind
from app.store.models import Cycle, Instance, Paper, PaperTemplate
from tests.conftest import sqlite_copy
from tests.factories.demonstrations import Office, open_office

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    """The demonstration on SQLite, a fresh copy; no request of a test may stumble."""
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path)
    found = open_office(database, demonstration, apart=__name__)
    yield found
    database.close()
    assert found.failures == []


def papers(office: Office, kind: PaperKind) -> list[Paper]:
    with office.database.reading() as session:
        return list(session.scalars(select(Paper).where(Paper.kind == kind).order_by(Paper.id)))


def case_of(office: Office, paper: Paper) -> str:
    return str(office.first(Instance.public_id, Instance.id == paper.instance_id))


def test_the_demonstration_has_papers_numbered_without_a_gap_and_all_made(office):
    with office.database.reading() as session:
        found = list(session.scalars(select(Paper)))
    assert {paper.kind for paper in found} >= {
        PaperKind.RECEIPT, PaperKind.APPLICATION_FORM, PaperKind.PUBLICITY_NOTICE,
    }  # fmt: skip
    assert [paper.number for paper in found if paper.made_at is None] == []
    years = {(paper.kind, paper.year) for paper in found}
    for kind, year in years:
        taken = sorted(each.sequence for each in found if (each.kind, each.year) == (kind, year) and each.sequence)
        assert taken == list(range(1, len(taken) + 1))


def test_a_paper_is_saved_by_whoever_sees_its_case(office):
    receipt = papers(office, PaperKind.RECEIPT)[0]
    clerk = office.enter("secretariat")
    page = clerk.get(f"/cases/{case_of(office, receipt)}").text
    assert receipt.number in page
    assert f"/papers/{receipt.public_id}.pdf" in page
    answer = clerk.get(f"/papers/{receipt.public_id}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert clerk.get(f"/papers/{receipt.public_id}.docx").mimetype == WORD
    certificate = papers(office, PaperKind.STUDIO_CERTIFICATE)[0]
    kinds = [clerk.get(f"/papers/{certificate.public_id}.{ending}").status_code for ending in ("pdf", "docx")]
    assert kinds == [200, 404]


@pytest.mark.parametrize("login", ["secadmin", "sysadmin", "designer"])
def test_a_stranger_finds_no_paper_and_no_zip(office, login):
    receipt = papers(office, PaperKind.RECEIPT)[0]
    guest = office.enter(login)
    assert guest.get(f"/papers/{receipt.public_id}.pdf").status_code == 404
    assert guest.get(f"/cases/{case_of(office, receipt)}/bundle.zip").status_code == 403


def test_who_has_not_signed_in_is_asked_to(office):
    receipt = papers(office, PaperKind.RECEIPT)[0]
    assert office.guest().get(f"/papers/{receipt.public_id}.pdf").status_code == 302


def test_the_notice_of_a_list_is_for_everybody(office):
    notice = papers(office, PaperKind.PUBLICITY_NOTICE)[0]
    guest = office.guest()
    page = guest.get(f"/publicity/{notice.subject}").text
    assert f"/publicity/{notice.subject}/notice.pdf" in page
    kinds = [guest.get(f"/publicity/{notice.subject}/notice.{ending}").mimetype for ending in ("pdf", "docx")]
    assert kinds == ["application/pdf", WORD]
    listed = guest.get(f"/publicity/{notice.subject}/list.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(listed.data))["公示名单"].iter_rows(values_only=True))
    assert rows[0] == ("序号", "工作室", "主持人", "所在学校", "申报领域", "状态")
    assert len(rows) > 1
    for missing in ("nothing", "../../etc/passwd"):
        assert guest.get(f"/publicity/{missing}/notice.pdf").status_code == 404


def test_what_names_reviewers_is_kept_from_those_who_may_not_know_them(office):
    for record in papers(office, PaperKind.PANEL_RECORD):
        assert office.enter("province_committee").get(f"/papers/{record.public_id}.pdf").status_code == 200
        for login in ("host_university", "prelim_university"):
            assert office.enter(login).get(f"/papers/{record.public_id}.pdf").status_code == 404


def test_the_cases_of_ones_sight_and_a_whole_case_are_saved(office):
    clerk = office.enter("secretariat")
    listed = clerk.get("/cases.xlsx?state=running")
    page = openpyxl.load_workbook(io.BytesIO(listed.data))["案卷"]
    assert page.max_row > 2
    receipt = papers(office, PaperKind.RECEIPT)[0]
    answer = clerk.get(f"/cases/{case_of(office, receipt)}/bundle.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.testzip() is None
        assert "目录.xlsx" in packed.namelist()
    cycle = office.first(Cycle.public_id)
    assert clerk.get(f"/cycles/{cycle}/ranking.xlsx").status_code == 200
    assert clerk.get("/cycles/nothing/bundle.zip").status_code == 404


def test_a_template_is_tried_refused_and_put_in_place(office):
    admin = office.enter("sysadmin")
    assert "退回修改通知书" in admin.get("/admin/papers").text
    ours = admin.get("/admin/papers/return_notice.docx")
    assert (ours.mimetype, ours.data) == (WORD, standard_template("official"))

    def send(button, content, name="通知.docx"):
        return admin.post("/admin/papers/return_notice", {button: "1", "file": (io.BytesIO(content), name)})

    tried = send("_try", ours.data)
    assert (tried.status_code, tried.mimetype) == (200, WORD)
    assert office.count(PaperTemplate) == 0
    refused = send("_propose", b"no word at all")
    assert refused.status_code == 422
    assert "这个文件不能用作模板" in refused.text
    assert office.count(PaperTemplate) == 0
    assert send("_propose", ours.data).status_code == 302
    assert office.count(PaperTemplate) == 1
    assert "待发布" in admin.get("/admin/papers").text
    proposed = office.first(PaperTemplate.public_id)
    assert admin.post(f"/admin/papers/return_notice/{proposed}/release").status_code == 403
    publisher = office.enter("publisher")
    assert publisher.get(f"/admin/papers/return_notice/{proposed}.docx").mimetype == WORD
    assert publisher.post(f"/admin/papers/return_notice/{proposed}/release").status_code == 302
    assert "使用中" in publisher.get("/admin/papers").text
    assert admin.get("/admin/papers/receipt.docx").data == standard_template("receipt")
    assert admin.get("/admin/papers/studio_certificate.docx").status_code == 404
    assert office.enter("secadmin").post("/admin/papers/return_notice").status_code == 403


def test_a_zip_of_a_case_and_of_a_cycle_is_sent_under_its_chinese_name(office):
    """Seen in the headers as they go out: a server sends Latin letters only, the name goes along encoded (C5.3)."""
    clerk = office.enter("secretariat")
    case, cycle = case_of(office, papers(office, PaperKind.RECEIPT)[0]), office.first(Cycle.public_id)
    for address in (f"/cases/{case}/bundle.zip", f"/cycles/{cycle}/bundle.zip"):
        answer = clerk.get(address)
        sent = answer.headers["Content-Disposition"]
        assert (answer.status_code, answer.mimetype, sent.isascii()) == (200, "application/zip", True)
        name = unquote(sent.partition("UTF-8''")[2])
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            assert "目录.xlsx" in packed.namelist()
        assert name.endswith(".zip")
        assert not name.isascii()


def test_a_cycle_leads_to_its_papers_and_one_from_before_the_platform_has_none(office):
    clerk, titled = office.enter("secretariat"), Cycle.title.contains("年度“双优”")
    case = office.first(Instance.public_id, Instance.business_key == office.first(Cycle.public_id, titled))
    assert f"/cases/{case}" in clerk.get(f"/cycles/{office.first(Cycle.public_id, titled)}").text
    earlier = office.first(Cycle.public_id, Cycle.title.contains("启用平台前"))
    page = clerk.get(f"/cycles/{earlier}")
    assert (page.status_code, "/ranking" in page.text) == (200, False)
    assert clerk.get(f"/cycles/{earlier}/ranking").status_code == 200
