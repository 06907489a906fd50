"""Files on a task's page: sent along with the form, shown, refused, taken out, served."""

import hashlib
import io
from dataclasses import replace

import pytest

from app.adapters.scanning import scanner_at
from tests.factories.errands import begin, found, open_tasks
from tests.factories.scanners import MARK, clamd
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import PDF, Page, follow, send


@pytest.fixture
def people(stage):
    return found(stage)


@pytest.fixture
def host(visitor: Visitor, people) -> Visitor:
    assert people.host
    visitor.sign_in("host")
    return visitor


@pytest.fixture
def address(stage, people) -> str:
    case = begin(stage, people)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
        return f"/tasks/{task.id}"


@pytest.fixture
def with_file(host: Visitor, address: str) -> Page:
    """The page after a file was sent along with what was typed."""
    page = Page(host.get(address))
    return follow(host, send(host, page, "_upload", "papers", {"why": "渴", "_file-papers": PDF}))


def test_a_file_comes_along_with_any_button(with_file: Page):
    assert with_file.value("why") == "渴"
    assert "证明.pdf 2 页 · 1 KB · 未查毒" in with_file.words("papers")
    assert len(with_file.values().getlist("papers")) == 1


def test_a_file_is_served_as_an_attachment_that_runs_nothing(host: Visitor, with_file: Page):
    (public_id,) = with_file.values().getlist("papers")
    served = host.get(f"/evidence/{public_id}")
    assert (served.status_code, served.data, served.mimetype) == (200, PDF, "application/pdf")
    assert served.headers["Content-Disposition"] == "attachment; filename=.pdf; filename*=UTF-8''%E8%AF%81%E6%98%8E.pdf"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]


def test_somebody_elses_file_is_as_unknown_as_none(web, with_file: Page):
    (public_id,) = with_file.values().getlist("papers")
    other = Visitor(web.test_client())
    other.sign_in("other")
    assert other.get(f"/evidence/{public_id}").status_code == 404
    assert other.get("/evidence/nothing").status_code == 404
    assert Visitor(web.test_client()).get(f"/evidence/{public_id}").status_code == 302


def test_a_file_is_taken_out_again(host: Visitor, with_file: Page):
    (public_id,) = with_file.values().getlist("papers")
    without = follow(host, send(host, with_file, "_drop", f"papers {public_id}"))
    assert without.values().getlist("papers") == []
    assert host.get(f"/evidence/{public_id}").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("病毒.exe", b"MZ", "可以上传：pdf, jpg, jpeg, png, docx, xlsx"),
        ("假.pdf", b"MZ" * 50, "假.pdf"),
        ("空.pdf", b"", "空"),
        ("大.pdf", PDF + b" " * (20 * 1024 * 1024), "20"),
        ("../../etc/passwd", PDF, "passwd"),
    ],
)
def test_a_file_that_is_refused_hinders_nothing_else(host: Visitor, address: str, name: str, content: bytes, said: str):
    data = {**Page(host.get(address)).values(), "why": "渴", "_draft": "", "_file-papers": (io.BytesIO(content), name)}
    answer = host.client.post(address, data=data)
    answer.request.environ["wsgi.input"].close()
    refused = Page(answer)
    assert refused.status == (413 if name == "大.pdf" else 422)
    assert said in refused.words("papers-error")
    assert refused.value("why") == "渴"
    assert Page(host.get(address)).value("why") == "渴"


def test_a_file_too_large_is_told_before_a_conflict_which_is_told_afterwards(host: Visitor, address: str):
    page = Page(host.get(address))
    assert send(host, page, "_draft", typed={"why": "先存的"}).status_code == 302
    answer = send(host, page, "_draft", typed={"why": "后写的", "_file-papers": PDF + b" " * (20 << 20)})
    answer.request.environ["wsgi.input"].close()
    large = Page(answer)
    assert (large.status, large.value("why")) == (413, "后写的")
    assert "20" in large.words("papers-error")
    assert Page(host.get(address)).value("why") == "先存的"
    late = Page(send(host, large, "_draft"))
    assert late.status == 409
    assert "先存的" in late.answer.text


def test_a_file_missing_from_the_store_is_told_and_the_administrator_sees_it(
    host: Visitor, with_file: Page, web, ports
):
    (public_id,) = with_file.values().getlist("papers")
    ports.files.delete(hashlib.sha256(PDF).hexdigest())
    for _ in range(2):
        answer = host.get(f"/evidence/{public_id}")
        assert answer.status_code == 404
        assert "证明.pdf" in answer.text
    administrator = Visitor(web.test_client())
    administrator.sign_in("sysadmin")
    assert administrator.get("/admin/incidents").text.count(f"evidence/{public_id}") == 1


@pytest.mark.usefixtures("people")
def test_an_infected_file_is_refused_in_clear_words(settings, stage, address: str):
    with clamd() as server:
        infected = replace(stage.ports, scanner=scanner_at(server.address))
        guarded = Visitor(serve(settings, stage.database, infected, stage.clock).test_client())
        guarded.sign_in("host")
        page = Page(guarded.get(address))
        refused = Page(send(guarded, page, "_draft", typed={"why": "渴", "_file-papers": PDF + MARK}))
    assert refused.status == 422
    assert "文件含有恶意程序" in refused.words("papers-error")
    assert refused.value("why") == "渴"


def test_a_request_beyond_all_bounds_is_refused(host: Visitor, address: str):
    data = {**Page(host.get(address)).values(), "_file-papers": (io.BytesIO(b"x" * (25 * 1024 * 1024)), "大.pdf")}
    answer = host.client.post(address, data=data)
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413


def test_evidence_of_another_case_is_refused_at_the_field(host: Visitor, stage, people, with_file: Page):
    other = begin(stage, people)
    with stage.reading() as act:
        page = Page(host.get(f"/tasks/{open_tasks(act, other)[0].id}"))
    stolen = with_file.values().getlist("papers")
    refused = Page(send(host, page, "_complete", typed={"what": "茶", "papers": stolen}))
    assert refused.status == 422
    assert "不属于本案" in refused.words("papers-error")


def test_a_file_cannot_be_slipped_into_a_field_that_takes_none(host: Visitor, address: str):
    data = {**Page(host.get(address)).values(), "_draft": "", "_file-what": (io.BytesIO(PDF), "a.pdf")}
    assert host.client.post(address, data=data).status_code == 403


class TestWhileChoosing:
    """What the page's script sends when a file is chosen."""

    def test_the_field_comes_back_with_the_file_and_the_draft_is_kept(self, host: Visitor, address: str):
        page = Page(host.get(address))
        data = {**page.values(), "why": "渴", "_upload": "papers", "_file-papers": (io.BytesIO(PDF), "甲.pdf")}
        answer = host.client.post(f"{address}/evidence", data=data, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["X-Draft-Revision"]) == (200, "1")
        assert "甲.pdf" in Page(answer).words("papers")
        assert Page(host.get(address)).value("why") == "渴"

    def test_a_refusal_comes_back_in_the_field(self, host: Visitor, address: str):
        data = {**Page(host.get(address)).values(), "_upload": "papers", "_file-papers": (io.BytesIO(b"MZ"), "甲.exe")}
        answer = host.client.post(f"{address}/evidence", data=data, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert "甲.exe" in Page(answer).words("papers-error")
