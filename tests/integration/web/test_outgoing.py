"""Outgoing messages and their texts, as the system administrator sees them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.notices import Channel, Medium, NoticeKind
from app.domain.ports import Outgoing, Uncertain
from app.domain.states import DispatchState
from app.jobs.postman import Postman
from app.services.notifying.noting import Saying, note
from app.services.notifying.overseeing import masked
from app.store.models import AuditEvent, Contact, Dispatch, NoticeTemplate
from tests.factories.errands import found
from tests.factories.webs import serve
from tests.integration.services.test_sending import Recorder
from tests.integration.web.conftest import Visitor


@pytest.fixture
def people(stage):
    return found(stage)


def office(stage, settings, people, *failures: Exception, is_shown: bool = False):
    """A message of the host on its way, the postman, the administrator's browser."""
    mail = Recorder(*failures)
    stage.ports = replace(stage.ports, outgoing=Outgoing({Channel.MAIL: mail}, "https://su.example", is_shown=is_shown))
    with stage.acting() as act:
        act.session.add(
            Contact(person_id=people.host, medium=Medium.MAIL, address="host@example.org", verified_at=act.now)
        )
        given = {"case": "某工作室"}
        note(act, [Saying(person_id=people.host, kind=NoticeKind.REJECTED, key="1", at=act.now, given=given)])
    web = serve(settings, stage.database, stage.ports, stage.clock)
    Postman(stage.database, stage.ports, stage.clock).run_once()
    sysadmin = Visitor(web.test_client())
    sysadmin.sign_in("sysadmin")
    return mail, sysadmin, web


def test_what_did_not_go_out_is_shown_and_sent_again_by_a_person(stage, settings, people):
    mail, sysadmin, _ = office(stage, settings, people, Uncertain("hung up"))
    page = sysadmin.get("/admin/outgoing").text
    assert ("结果不明" in page, "h***@example.org" in page, "hung up" in page) == (True, True, True)
    assert ("某工作室" in page, "host@example.org" in page) == (False, False)
    address = page.split('action="/admin/outgoing/')[1].split('"')[0]
    sysadmin.post(f"/admin/outgoing/{address}", {"_resend": "1"})
    Postman(stage.database, stage.ports, stage.clock).run_once()
    assert [letter.to for letter in mail.sent] == ["host@example.org"]
    assert "没有发送失败的消息" in sysadmin.get("/admin/outgoing?shelf=troubled").text
    assert sysadmin.post(f"/admin/outgoing/{address}", {"_resend": "1"}).status_code == 409
    with stage.reading() as act:
        actions = act.session.scalars(select(AuditEvent.action).where(AuditEvent.person_id == people.sysadmin))
        assert "resend_message" in list(actions)


def test_a_message_may_be_left_be(stage, settings, people):
    mail, sysadmin, _ = office(stage, settings, people, Uncertain("hung up"))
    address = sysadmin.get("/admin/outgoing").text.split('action="/admin/outgoing/')[1].split('"')[0]
    sysadmin.post(f"/admin/outgoing/{address}", {"_drop": "1"})
    with stage.reading() as act:
        assert act.session.scalars(select(Dispatch.state)).one() is DispatchState.DROPPED
    assert mail.sent == []
    assert sysadmin.post("/admin/outgoing/nothing", {"_drop": "1"}).status_code == 404


def test_only_the_system_administrator_looks_after_messages(stage, settings, people):
    _, _, web = office(stage, settings, people, Uncertain("hung up"))
    auditor = Visitor(web.test_client())
    auditor.sign_in("auditor")
    page = auditor.get("/admin/outgoing").text
    assert ("结果不明" in page, "重新发送" in page) == (True, False)
    secadmin = Visitor(web.test_client())
    secadmin.sign_in("secadmin")
    assert secadmin.get("/admin/outgoing").status_code == 403
    assert secadmin.get("/admin/texts").status_code == 403


def test_a_demonstration_shows_what_would_have_been_sent(stage, settings, people):
    _, sysadmin, _ = office(stage, settings, people, is_shown=True)
    page = sysadmin.get("/admin/outgoing?shelf=sent").text
    assert ("“某工作室”初评未予推荐" in page, "不对外发送" in page) == (True, True)


def test_elsewhere_nobody_reads_what_was_sent(stage, settings, people):
    _, sysadmin, _ = office(stage, settings, people)
    assert "某工作室" not in sysadmin.get("/admin/outgoing?shelf=sent").text


def test_a_text_is_previewed_changed_and_put_back(stage, settings, people):
    _, sysadmin, _ = office(stage, settings, people)
    place = "/admin/texts/rejected/zh"
    text = {"subject": "结果：$case", "body": "请看 $case。"}
    shown = sysadmin.post(place, {**text, "_preview": "1"}).text
    assert ("结果：示例学院第一党支部工作室" in shown, "尚未保存" in shown) == (True, True)
    with stage.reading() as act:
        assert act.session.scalars(select(NoticeTemplate)).all() == []
    assert sysadmin.post(place, text).status_code == 302
    assert "结果：示例学院第一党支部工作室" in sysadmin.get("/admin/texts").text
    host = Visitor(sysadmin.client.application.test_client())
    host.sign_in("host")
    assert "结果：某工作室" in host.get("/notices").text
    sysadmin.post(place, {**text, "_reset": "1"})
    assert "初评结果：某工作室" in host.get("/notices").text


@pytest.mark.parametrize(
    "body", ["$task", "${case.__class__}", "$", "${case!r}", "$case $person", " ", "x" * 1001, "a\x07"]
)
def test_a_text_names_what_its_kind_has_and_nothing_else(stage, settings, people, body):
    _, sysadmin, _ = office(stage, settings, people)
    answer = sysadmin.post("/admin/texts/rejected/zh", {"subject": "结果", "body": body})
    assert (answer.status_code, "此文字不能使用" in answer.text) == (400, True)
    with stage.reading() as act:
        assert act.session.scalars(select(NoticeTemplate)).all() == []


def test_addresses_that_name_no_text_are_not_found(stage, settings, people):
    _, sysadmin, _ = office(stage, settings, people)
    for path in ("/admin/texts/nothing/zh", "/admin/texts/rejected/fr", "/admin/texts?tongue=fr"):
        assert sysadmin.get(path).status_code == 404


def test_addresses_are_masked():
    assert [masked(text) for text in ("host@example.org", "13912345678", "")] == ["h***@example.org", "139****5678", ""]
