"""Mail against a real SMTP server: what arrives, what is refused, what is uncertain."""

import socket
from dataclasses import replace

import pytest

from app.adapters.mail import MailMessenger, MailServer
from app.domain.ports import Letter, NotSent, Rejected, Uncertain
from tests.factories.receivers import certificate, mail_server

LETTER = Letter("abc-123", "host@example.org", "新的待办：核对", "“某案”有一项工作等待办理。\n\nhttp://x/tasks/1")


def messenger(port: int, **changes: str) -> MailMessenger:
    plain = MailServer(host="localhost", port=port, sender="office@edu.example", security="none")
    return MailMessenger(replace(plain, **changes))


def test_a_mail_arrives_whole_under_a_name_that_stays():
    with mail_server() as box:
        messenger(box.port).send(LETTER)
        messenger(box.port).send(LETTER)
    first, second = box.received
    assert (first["Subject"], first["From"], first["To"]) == (LETTER.subject, "office@edu.example", LETTER.to)
    assert first["Message-ID"] == second["Message-ID"] == "<abc-123@edu.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().splitlines() == LETTER.body.splitlines()
    assert box.receivers == [LETTER.to, LETTER.to]


def test_mail_is_encrypted_by_a_certificate_that_is_trusted(tmp_path):
    context, trusted = certificate(tmp_path)
    with mail_server(context) as box:
        with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
            messenger(box.port, security="starttls").send(LETTER)
        with pytest.raises(NotSent, match="STARTTLS"):
            messenger(box.port).send(LETTER)
        assert box.received == []
        messenger(box.port, security="starttls", authority=str(trusted)).send(LETTER)
    assert len(box.received) == 1


def test_without_encryption_nothing_is_sent_where_it_is_asked_for():
    with mail_server() as box, pytest.raises(NotSent, match="STARTTLS"):
        messenger(box.port, security="starttls").send(LETTER)
    assert box.received == []


@pytest.mark.parametrize(
    ("answer", "refusal"), [("550 no such user", Rejected), ("451 try later", NotSent), ("421 busy", NotSent)]
)
def test_a_servers_no_is_passing_or_for_good(answer, refusal):
    with mail_server() as box:
        box.answers[LETTER.to] = answer
        with pytest.raises(refusal, match=answer.partition(" ")[0]):
            messenger(box.port).send(LETTER)
    assert box.received == []


def test_nobody_knows_when_contact_breaks_off_after_the_content():
    with mail_server() as box:
        box.drops = True
        with pytest.raises(Uncertain):
            messenger(box.port).send(LETTER)
    assert len(box.received) == 1


def test_a_server_that_is_down_is_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        messenger(port).send(LETTER)


@pytest.mark.parametrize("to", ["a@b.c\r\nBcc: x@y.z", "nobody", "", "a@b.c, d@e.f"])
def test_an_address_is_one_address(to):
    with mail_server() as box, pytest.raises(Rejected):
        messenger(box.port).send(replace(LETTER, to=to))
    assert box.received == []
