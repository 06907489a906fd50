"""How one wants to be told: addresses proved by a code, kinds by channels, quiet hours."""

from dataclasses import replace

import pytest

from app.domain.notices import Channel
from app.domain.ports import Outgoing
from app.jobs.postman import Postman
from app.services.notifying.sending import path_of
from app.store.models import Contact, NoticeChoice, NoticeHabit
from tests.factories.errands import found
from tests.factories.webs import serve
from tests.integration.services.test_sending import Recorder
from tests.integration.web.conftest import Visitor


class Office:
    """An installation that sends mail, and somebody at their browser."""

    def __init__(self, settings, database, ports, clock) -> None:
        self.mail = Recorder()
        self.ports = replace(ports, outgoing=Outgoing({Channel.MAIL: self.mail}, "https://su.example"))
        self.web = serve(settings, database, self.ports, clock)
        self.postman = Postman(database, self.ports, clock)
        self.host = Visitor(self.web.test_client())
        self.host.sign_in("host")

    def code(self) -> str:
        """The code of the latest mail."""
        self.postman.run_once()
        return self.mail.sent[-1].body.removeprefix("验证码 ")[:6]


@pytest.fixture
def people(stage):
    return found(stage)


@pytest.fixture
def office(people, settings, database, ports, clock) -> Office:
    assert people.host
    return Office(settings, database, ports, clock)


def ask(office: Office, address: str = "host@example.org"):
    return office.host.post("/notices/choices/contacts/mail", {"address": address})


def enter(office: Office, code: str):
    return office.host.post("/notices/choices/contacts/mail/code", {"code": code})


def test_an_address_counts_once_its_code_came_back(office: Office, stage, people):
    assert ask(office).status_code == 302
    assert "验证码已发往 host@example.org。" in office.host.get("/notices/choices").text
    code = office.code()
    assert office.mail.sent[-1].to == "host@example.org"
    assert "联系方式已确认" in office.host.get(enter(office, code).headers["Location"]).text
    with stage.reading() as act:
        row = act.session.get_one(Contact, (people.host, "mail"))
        assert (row.address, row.pending, row.code_hash) == ("host@example.org", None, None)
    assert enter(office, code).status_code == 400


def test_a_wrong_code_may_be_tried_five_times(office: Office, stage, people):
    ask(office)
    right = office.code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = enter(office, wrong)
        assert (answer.status_code, "验证码不正确或已失效" in answer.text) == (400, True)
    assert enter(office, right).status_code == 400
    with stage.reading() as act:
        assert act.session.get_one(Contact, (people.host, "mail")).address is None


def test_a_code_runs_out(office: Office, clock):
    ask(office)
    code = office.code()
    clock.move(minutes=10, seconds=1)
    assert enter(office, code).status_code == 400


def test_codes_are_not_asked_for_without_end(office: Office, clock):
    assert ask(office).status_code == 302
    assert ask(office).status_code == 409
    for _ in range(9):
        clock.move(minutes=2)
        assert ask(office).status_code == 302
    clock.move(minutes=2)
    assert "验证码发送过于频繁" in ask(office).text


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@b.c\r\nBcc: x@y.zz", "a b@c.dd", "<a@b.cc>", "主@b.cc"])
def test_what_is_no_address_is_refused_and_kept_in_the_field(office: Office, address: str):
    answer = ask(office, address)
    assert (answer.status_code, "联系方式格式不正确" in answer.text) == (400, True)
    assert office.postman.run_once().sent == 0


def test_a_new_address_leaves_the_old_one_until_it_is_proved(office: Office, stage, people, clock):
    ask(office)
    enter(office, office.code())
    clock.move(minutes=2)
    ask(office, "new@example.org")
    with stage.reading() as act:
        row = act.session.get_one(Contact, (people.host, "mail"))
        assert (row.address, row.pending) == ("host@example.org", "new@example.org")
    office.host.post("/notices/choices/contacts/mail/end")
    with stage.reading() as act:
        assert act.session.get(Contact, (people.host, "mail")) is None


def test_a_channel_that_is_not_set_up_proves_nothing(office: Office):
    assert office.host.post("/notices/choices/contacts/mobile", {"address": "13900000000"}).status_code == 409
    assert office.host.post("/notices/choices/contacts/pigeon", {"address": "x"}).status_code == 404


def test_kinds_are_chosen_by_channel_and_only_what_differs_is_kept(office: Office, stage):
    page = office.host.get("/notices/choices").text
    assert ('name="task_opened.mail"' in page, 'name="task_opened.sms"' in page) == (True, False)
    office.host.post("/notices/choices", {"task_opened.mail": "off", "rejected.mail": "at_once", "x.mail": "off"})
    office.host.post("/notices/choices", {"task_due.mail": "at_once"})
    with stage.reading() as act:
        rows = act.session.query(NoticeChoice).all()
        assert sorted((row.kind.value, row.mode.value) for row in rows) == [
            ("task_due", "at_once"),
            ("task_opened", "off"),
        ]
    office.host.post("/notices/choices", {"task_opened.mail": "daily"})
    with stage.reading() as act:
        assert [row.kind.value for row in act.session.query(NoticeChoice)] == ["task_due"]


@pytest.mark.parametrize("kind", ["returned", "objection_ruled"])
def test_some_kinds_cannot_be_switched_off(office: Office, stage, kind: str):
    answer = office.host.post("/notices/choices", {f"{kind}.mail": "off", "task_opened.mail": "off"})
    assert (answer.status_code, "此类消息必须以邮件送达" in answer.text) == (400, True)
    assert office.host.post("/notices/choices", {f"{kind}.mail": "daily"}).status_code == 302
    with stage.reading() as act:
        assert [row.kind.value for row in act.session.query(NoticeChoice)] == [kind]


def test_quiet_hours_and_language_are_kept(office: Office, stage, people):
    office.host.post("/notices/choices/hours", {"begins": "22:30", "ends": "06:15", "tongue": "en"})
    with stage.reading() as act:
        row = act.session.get_one(NoticeHabit, people.host)
        assert (str(row.quiet_begins), str(row.quiet_ends), row.tongue.value) == ("22:30:00", "06:15:00", "en")
    assert 'value="22:30"' in office.host.get("/notices/choices").text
    office.host.post("/notices/choices/hours", {"begins": "99:99", "ends": "x", "tongue": "fr"})
    assert 'value="21:00"' in office.host.get("/notices/choices").text


def test_links_of_messages_lead_to_pages_there_are(office: Office):
    adapter = office.web.url_map.bind("su.example")
    paths = (path_of("t" * 32, "c"), path_of(None, "c"), path_of(None, None), "/notices/choices")
    assert [adapter.match(path)[0] for path in paths] == [
        "tasks.show_task", "cases.show_case", "notices.show", "notices.choices",
    ]  # fmt: skip


def test_without_any_channel_the_page_says_so(visitor: Visitor, people):
    assert people.host
    visitor.sign_in("host")
    assert "尚未开通外发通知" in visitor.get("/notices/choices").text
