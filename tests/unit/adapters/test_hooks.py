"""Signed calls against a real HTTP server: signatures, answers, and where they must not go."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from app.adapters.hooks import DingTalkRobot, Hook, SmsHook, WecomRobot
from app.domain.ports import Letter, NotSent, Rejected, Uncertain
from tests.factories.receivers import hook_server

LETTER = Letter("abc-123", "13900000000", "", "您有 1 条新消息")
SECRET = "SEC-of-the-robot"


def now() -> float:
    return 1_790_000_000.25


def mac(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def sms(url: str, secret: str = SECRET, *, private: bool = True) -> SmsHook:
    return SmsHook(Hook(url, secret, private), now)


@pytest.mark.parametrize(
    ("secret", "key"), [(SECRET, SECRET.encode()), ("whsec_" + base64.b64encode(b"k" * 24).decode(), b"k" * 24)]
)
def test_a_text_is_signed_with_its_time_and_keeps_its_name(secret, key):
    with hook_server() as hooked:
        sms(f"{hooked.url}/sms", secret).send(LETTER)
    ((path, headers, content),) = hooked.calls
    assert (path, json.loads(content)) == ("/sms", {"type": "sms", "to": LETTER.to, "text": LETTER.body})
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("abc-123", "1790000000")
    assert headers["webhook-signature"] == "v1," + mac(key, b"abc-123.1790000000." + content)


def test_dingtalk_is_spoken_to_in_its_own_way():
    with hook_server() as hooked:
        DingTalkRobot(Hook(f"{hooked.url}/robot/send?access_token=t", SECRET, may_be_private=True), now).send(LETTER)
    ((path, _, content),) = hooked.calls
    asked = parse_qs(urlsplit(path).query)
    assert asked == {
        "access_token": ["t"],
        "timestamp": ["1790000000250"],
        "sign": [mac(SECRET.encode(), f"1790000000250\n{SECRET}".encode())],
    }
    assert json.loads(content) == {
        "msgtype": "text",
        "text": {"content": "您有 1 条新消息 @13900000000"},
        "at": {"atMobiles": ["13900000000"], "isAtAll": False},
    }


def test_wecom_is_spoken_to_in_its_own_way():
    with hook_server() as hooked:
        WecomRobot(Hook(f"{hooked.url}/cgi-bin/webhook/send?key=k", may_be_private=True)).send(LETTER)
    ((path, _, content),) = hooked.calls
    assert path == "/cgi-bin/webhook/send?key=k"
    assert json.loads(content) == {
        "msgtype": "text",
        "text": {"content": "您有 1 条新消息", "mentioned_mobile_list": ["13900000000"]},
    }


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (b'{"errcode": 45009, "errmsg": "freq"}', NotSent),
        (b'{"errcode": 93000, "errmsg": "invalid webhook url"}', Rejected),
        (b"<html>", Uncertain),
        (b"[]", Uncertain),
    ],
)
def test_a_robots_answer_is_read(said, refusal):
    with hook_server() as hooked:
        hooked.said = said
        with pytest.raises(refusal):
            WecomRobot(Hook(hooked.url, may_be_private=True)).send(LETTER)


@pytest.mark.parametrize(
    ("status", "refusal"), [(400, Rejected), (401, Rejected), (429, NotSent), (503, NotSent), (500, Uncertain)]
)
def test_a_gateways_no_is_passing_or_for_good(status, refusal):
    with hook_server() as hooked:
        hooked.status = status
        with pytest.raises(refusal, match=str(status)):
            sms(hooked.url).send(LETTER)


def test_no_redirect_is_followed():
    with hook_server() as hooked, hook_server() as elsewhere:
        hooked.status, hooked.to = 307, f"{elsewhere.url}/steal"
        with pytest.raises(Rejected, match="307"):
            sms(hooked.url).send(LETTER)
    assert (len(hooked.calls), elsewhere.calls) == (1, [])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0", "[::ffff:127.0.0.1]"])
def test_no_private_address_is_called_whatever_its_name(host):
    with hook_server() as hooked:
        url = hooked.url.replace("127.0.0.1", host)
        with pytest.raises(NotSent, match="PrivateAddress"):
            sms(url, private=False).send(LETTER)
    assert hooked.calls == []


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "100.64.0.1"])
def test_no_inner_network_is_reached(host):
    with pytest.raises(NotSent, match="PrivateAddress"):
        sms(f"https://{host}/", private=False).send(LETTER)


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with hook_server() as hooked, hook_server() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        sms(hooked.url).send(LETTER)
    assert (len(hooked.calls), proxy.calls) == (1, [])


def test_nobody_knows_when_contact_breaks_off_before_the_answer():
    with hook_server() as hooked:
        hooked.drops = True
        with pytest.raises(Uncertain):
            sms(hooked.url).send(LETTER)
    assert len(hooked.calls) == 1


def test_what_is_told_of_a_failure_holds_no_key():
    with pytest.raises(NotSent) as refusal:
        WecomRobot(Hook("http://127.0.0.1:1/send?key=very-secret", may_be_private=True)).send(LETTER)
    assert str(refusal.value) == "NewConnectionError"
