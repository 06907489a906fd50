"""What leaves the house: by whom it is wanted, when, once; what becomes of it when something goes wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.domain.notice_texts import Tongue
from app.domain.notices import Channel, Medium, Mode, NoticeKind
from app.domain.ports import Letter, NotSent, Outgoing, Rejected, Uncertain
from app.domain.states import DispatchState
from app.domain.time import SHANGHAI
from app.jobs.postman import Posted, Postman
from app.services.notifying.noting import Saying, note
from app.services.notifying.sending import LEASE, MOST_ATTEMPTS, Result, settle, take
from app.store.models import Contact, Dispatch, Notice, NoticeChoice, NoticeHabit
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=SHANGHAI)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=SHANGHAI)


class Recorder:
    """A messenger that keeps what it was given, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[Letter] = []
        self.failures = list(failures)

    def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)


def outgoing(stage: Stage, messengers: Mapping[Channel, Recorder]) -> Postman:
    """Set these ways out up and return the postman who uses them."""
    stage.ports = replace(stage.ports, outgoing=Outgoing(messengers, "https://su.example"))
    return Postman(stage.database, stage.ports, stage.clock)


def reachable(stage: Stage, person_id: int) -> None:
    with stage.acting() as act:
        for medium, address in ((Medium.MAIL, "host@example.org"), (Medium.MOBILE, "13900000000")):
            row = Contact(person_id=person_id, medium=medium, address=address, verified_at=act.now)
            act.session.add(row)


def tell(stage: Stage, person_id: int, kind: NoticeKind = NoticeKind.REJECTED, key: str = "1") -> None:
    with stage.acting() as act:
        given = {"case": f"第{key}件", "task": "核对", "code": "x"}
        note(act, [Saying(person_id=person_id, kind=kind, key=key, at=act.now, given=given)])


def state(stage: Stage) -> list[tuple[str, DispatchState, int, str | None]]:
    with stage.reading() as act:
        rows = act.session.scalars(select(Dispatch).order_by(Dispatch.id))
        return [(row.channel.value, row.state, row.attempts, row.error) for row in rows]


@pytest.fixture
def people(stage: Stage) -> People:
    people = found(stage)
    reachable(stage, people.host)
    return people


def test_a_mail_tells_title_and_link_and_nothing_else(stage: Stage, people: People):
    mail = Recorder()
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host)
    assert postman.run_once() == Posted(sent=1)
    assert postman.run_once() == Posted()
    (letter,) = mail.sent
    assert (letter.to, letter.subject) == ("host@example.org", "初评结果：第1件")
    assert letter.body.splitlines()[:3] == [
        "“第1件”初评未予推荐，理由请登录查看。", "", "https://su.example/notices",
    ]  # fmt: skip


def test_who_has_proved_no_address_is_sent_nothing(stage: Stage, people: People):
    postman = outgoing(stage, {Channel.MAIL: Recorder()})
    tell(stage, people.checker)
    assert (postman.run_once(), state(stage)) == (Posted(), [])


def test_only_what_is_set_up_is_used(stage: Stage, people: People):
    tell(stage, people.host)
    assert state(stage) == []


def test_quiet_hours_hold_until_the_morning_and_urgent_news_pass(stage: Stage, people: People):
    mail = Recorder()
    postman = outgoing(stage, {Channel.MAIL: mail})
    stage.clock.time = NIGHT
    tell(stage, people.host)
    tell(stage, people.host, NoticeKind.INCIDENT, "2")
    assert postman.run_once() == Posted(sent=1)
    assert [letter.subject for letter in mail.sent] == ["运行故障：x"]
    stage.clock.time = MORNING - timedelta(seconds=1)
    assert postman.run_once() == Posted()
    stage.clock.time = MORNING
    assert postman.run_once() == Posted(sent=1)


def test_ones_own_quiet_hours_and_language_count(stage: Stage, people: People):
    with stage.acting() as act:
        habit = NoticeHabit(person_id=people.host, quiet_begins=time(12), quiet_ends=time(14), tongue=Tongue.ENGLISH)
        act.session.add(habit)
    mail = Recorder()
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host)
    assert postman.run_once() == Posted()
    stage.clock.move(hours=2)
    assert postman.run_once() == Posted(sent=1)
    assert mail.sent[0].subject == "Initial review: 第1件"


def test_a_digest_is_one_mail_a_day_of_what_is_unread(stage: Stage, people: People):
    mail = Recorder()
    postman = outgoing(stage, {Channel.MAIL: mail})
    with stage.acting() as act:
        for kind in (NoticeKind.REJECTED, NoticeKind.RECOMMENDED, NoticeKind.ANNOUNCED):
            act.session.add(NoticeChoice(person_id=people.host, channel=Channel.MAIL, kind=kind, mode=Mode.DAILY))
    tell(stage, people.host, NoticeKind.REJECTED, "1")
    tell(stage, people.host, NoticeKind.RECOMMENDED, "2")
    tell(stage, people.host, NoticeKind.ANNOUNCED, "3")
    with stage.acting() as act:
        read = act.session.scalars(select(Notice).where(Notice.kind == NoticeKind.RECOMMENDED)).one()
        read.read_at = act.now
    assert postman.run_once() == Posted()
    stage.clock.time = MORNING
    assert postman.run_once() == Posted(sent=1)
    (letter,) = mail.sent
    assert letter.subject == "每日汇总：2 项待办和消息"
    assert [number for number in ("第1件", "第2件", "第3件") if number in letter.body] == ["第1件", "第3件"]
    tell(stage, people.host, NoticeKind.REJECTED, "4")
    assert postman.run_once() == Posted()
    stage.clock.move(days=1)
    assert postman.run_once() == Posted(sent=1)


def test_a_digest_of_which_nothing_is_left_is_not_sent(stage: Stage, people: People):
    postman = outgoing(stage, {Channel.MAIL: Recorder()})
    case = begin(stage, people)
    postman.run_once()
    assert state(stage) == [("mail", DispatchState.WAITING, 0, None)]
    finish(stage, people.host, case, "ask", {"what": "茶"})
    stage.clock.time = MORNING
    postman.run_once()
    assert state(stage) == [("mail", DispatchState.DROPPED, 0, None)]


def test_a_text_and_a_robot_are_sent_to_who_wants_them_and_a_group_learns_no_case(stage: Stage, people: People):
    ways = {channel: Recorder() for channel in Channel}
    postman = outgoing(stage, ways)
    with stage.acting() as act:
        for channel in (Channel.SMS, Channel.DINGTALK, Channel.WECOM):
            row = NoticeChoice(person_id=people.host, channel=channel, kind=NoticeKind.REJECTED, mode=Mode.AT_ONCE)
            act.session.add(row)
    tell(stage, people.host)
    assert postman.run_once() == Posted(sent=4)
    assert {
        channel.value: (way.sent[0].to, way.sent[0].body) for channel, way in ways.items() if channel != "mail"
    } == {
        "sms": ("13900000000", "初评结果：第1件 https://su.example/notices"),
        "dingtalk": ("13900000000", "您在双优工作室管理平台有 1 条新消息，请登录查看：https://su.example/notices"),
        "wecom": ("13900000000", "您在双优工作室管理平台有 1 条新消息，请登录查看：https://su.example/notices"),
    }


def test_no_group_learns_that_somebody_reviews(stage: Stage, people: People):
    judge = people.judges[0]
    reachable(stage, judge)
    robot, mail = Recorder(), Recorder()
    postman = outgoing(stage, {Channel.DINGTALK: robot, Channel.MAIL: mail})
    with stage.acting() as act:
        for channel in (Channel.DINGTALK, Channel.MAIL):
            row = NoticeChoice(person_id=judge, channel=channel, kind=NoticeKind.REJECTED, mode=Mode.AT_ONCE)
            act.session.add(row)
        note(act, [Saying(person_id=judge, kind=NoticeKind.REJECTED, key="1", at=act.now, discreet=True)])
    postman.run_once()
    assert robot.sent == []
    assert len(mail.sent) == 1


def test_a_server_that_is_down_loses_nothing_and_is_left_alone_for_the_round(stage: Stage, people: People):
    mail = Recorder(NotSent("down"), NotSent("down"))
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host, key="1")
    tell(stage, people.host, key="2")
    assert postman.run_once() == Posted(failed=1)
    assert state(stage) == [("mail", DispatchState.WAITING, 1, "down"), ("mail", DispatchState.WAITING, 0, None)]
    stage.clock.move(seconds=30)
    assert postman.run_once() == Posted(failed=1)
    assert postman.run_once() == Posted()
    stage.clock.move(minutes=1)
    assert postman.run_once() == Posted(sent=2)
    assert len({letter.id for letter in mail.sent}) == 2


def test_after_many_attempts_a_message_is_given_up(stage: Stage, people: People):
    mail = Recorder(*[NotSent("down")] * MOST_ATTEMPTS)
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host)
    for _ in range(MOST_ATTEMPTS):
        assert postman.run_once() == Posted(failed=1)
        stage.clock.move(hours=4)
    assert state(stage) == [("mail", DispatchState.FAILED, MOST_ATTEMPTS, "down")]
    assert (postman.run_once(), mail.sent) == (Posted(), [])


@pytest.mark.parametrize(
    ("failure", "after"),
    [
        (Rejected("550 no such user"), DispatchState.FAILED),
        (Uncertain("hung up"), DispatchState.UNKNOWN),
        (ZeroDivisionError("a fault of our own"), DispatchState.UNKNOWN),
    ],
)
def test_what_may_have_gone_out_is_never_sent_again_by_itself(stage: Stage, people: People, failure, after):
    mail = Recorder(failure)
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host)
    assert postman.run_once() == Posted(failed=1)
    stage.clock.move(days=3)
    assert postman.run_once() == Posted()
    ((_, found_state, attempts, error),) = state(stage)
    assert (found_state, attempts, mail.sent) == (after, 1, [])
    assert str(failure) in (error or "")


def test_a_sender_that_vanished_leaves_its_message_aside(stage: Stage, people: People):
    mail = Recorder()
    postman = outgoing(stage, {Channel.MAIL: mail})
    tell(stage, people.host)
    with stage.acting() as act:
        (dispatch_id,) = act.session.scalars(select(Dispatch.id))
        parcel = take(act, dispatch_id)
    assert parcel is not None
    assert postman.run_once() == Posted()
    stage.clock.move(seconds=LEASE.total_seconds() + 1)
    assert postman.run_once() == Posted()
    assert [row[1] for row in state(stage)] == [DispatchState.UNKNOWN]
    with stage.acting() as act:
        assert take(act, dispatch_id) is None
    with stage.acting() as act:  # it wakes, and knows that it sent the message
        assert settle(act, parcel, Result.SENT)
    assert [row[1] for row in state(stage)] == [DispatchState.SENT]
    with stage.acting() as act:
        assert not settle(act, parcel, Result.NOT_SENT)
    assert mail.sent == []


def test_two_postmen_never_take_the_same_message(stage: Stage, people: People):
    outgoing(stage, {Channel.MAIL: Recorder()})
    tell(stage, people.host)
    with stage.acting() as act:
        (dispatch_id,) = act.session.scalars(select(Dispatch.id))
    taken = []
    for _ in range(2):
        with stage.acting() as act:
            taken.append(take(act, dispatch_id))
    assert [parcel is not None for parcel in taken] == [True, False]
