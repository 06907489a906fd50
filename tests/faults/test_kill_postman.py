"""kill -9 around the sending of a mail: it is never sent twice by itself, never lost without a word."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.adapters.mail import MailMessenger, MailServer
from app.domain.notices import Channel, Medium, NoticeKind
from app.domain.ports import Outgoing
from app.domain.states import DispatchState
from app.jobs.postman import Posted, Postman
from app.services.notifying.noting import Saying, note
from app.services.notifying.overseeing import resend
from app.services.notifying.sending import LEASE
from app.store.models import Contact, Dispatch
from tests.factories.acts import Stage
from tests.factories.errands import found
from tests.factories.receivers import MailBox, mail_server
from tests.faults.victims import killed


def waiting_mail(stage: Stage, box: MailBox) -> Postman:
    """A mail on its way, and a postman who lives."""
    people = found(stage)
    mail = MailMessenger(MailServer("localhost", box.port, "office@edu.example", security="none"))
    stage.ports = replace(stage.ports, outgoing=Outgoing({Channel.MAIL: mail}))
    with stage.acting() as act:
        act.session.add(
            Contact(person_id=people.host, medium=Medium.MAIL, address="host@example.org", verified_at=act.now)
        )
        note(act, [Saying(person_id=people.host, kind=NoticeKind.REJECTED, key="1", at=act.now)])
    return Postman(stage.database, stage.ports, stage.clock)


def state(stage: Stage) -> DispatchState:
    with stage.reading() as act:
        return act.session.scalars(select(Dispatch.state)).one()


@pytest.mark.parametrize(("point", "arrived"), [("claimed", 0), ("handed", 1)])
def test_a_mail_cut_off_in_the_middle_waits_for_a_person(stage: Stage, tmp_path: Path, point: str, arrived: int):
    with mail_server() as box:
        postman = waiting_mail(stage, box)
        killed(stage.database, tmp_path / "evidence", f"post:{box.port}", point)
        assert (state(stage), len(box.received)) == (DispatchState.SENDING, arrived)
        assert postman.run_once() == Posted()
        stage.clock.move(seconds=LEASE.total_seconds() + 1)
        for _ in range(3):
            assert postman.run_once() == Posted()
            stage.clock.move(days=1)
        assert (state(stage), len(box.received)) == (DispatchState.UNKNOWN, arrived)
        with stage.acting() as act:
            resend(act, public_id=act.session.scalars(select(Dispatch.public_id)).one())
        assert postman.run_once() == Posted(sent=1)
        assert (state(stage), len(box.received)) == (DispatchState.SENT, arrived + 1)
    assert len({mail["Message-ID"] for mail in box.received}) == 1


def test_a_mail_not_claimed_yet_is_sent_by_the_next_postman(stage: Stage, tmp_path: Path):
    with mail_server() as box:
        postman = waiting_mail(stage, box)
        killed(stage.database, tmp_path / "evidence", f"post:{box.port}", "before_commit")
        assert (state(stage), box.received) == (DispatchState.WAITING, [])
        assert postman.run_once() == Posted(sent=1)
        assert postman.run_once() == Posted()
    assert len(box.received) == 1


def test_a_mail_server_that_is_down_is_waited_for(stage: Stage):
    with mail_server() as box:
        postman = waiting_mail(stage, box)
        port = box.port
    assert postman.run_once() == Posted(failed=1)
    assert state(stage) is DispatchState.WAITING
    stage.clock.move(minutes=1)
    with mail_server(port=port) as box:
        assert postman.run_once() == Posted(sent=1)
    assert [mail["To"] for mail in box.received] == ["host@example.org"]
