"""Settings of the ways out: off by default, never by halves, never to where they must not go."""

from pathlib import Path

import pytest

from app.config import UnknownSetting, Ways, read_settings
from app.domain.notices import Channel
from app.services.ways import outgoing_of

SMS = {"SHUANGYOU_SMS_URL": "https://sms.example/send", "SHUANGYOU_SMS_SECRET": "s"}
MAIL = {"SHUANGYOU_MAIL_HOST": "smtp.example", "SHUANGYOU_MAIL_FROM": "office@edu.example"}
ROBOTS = {
    "SHUANGYOU_DINGTALK_URL": "https://oapi.dingtalk.com/robot/send?access_token=t",
    "SHUANGYOU_DINGTALK_SECRET": "SEC",
    "SHUANGYOU_WECOM_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
}


def settings(tmp_path: Path, **environment: str):
    return read_settings({"SHUANGYOU_INSTANCE": str(tmp_path), **environment})


def test_nothing_leaves_the_house_by_default(tmp_path: Path):
    found = settings(tmp_path)
    assert found.ways == Ways()
    outgoing = outgoing_of(found)
    assert (outgoing.messengers, outgoing.address, outgoing.is_shown) == ({}, "http://127.0.0.1:8000", False)


def test_each_way_is_set_up_by_its_own_settings(tmp_path: Path):
    found = settings(tmp_path, SHUANGYOU_ADDRESS="https://su.example/", **MAIL, **SMS, **ROBOTS)
    outgoing = outgoing_of(found)
    assert (set(outgoing.messengers), outgoing.address) == (set(Channel), "https://su.example")
    assert found.ways.mail_security == "starttls"


def test_a_demonstration_sends_nothing_whatever_is_set(tmp_path: Path):
    outgoing = outgoing_of(settings(tmp_path, SHUANGYOU_DEMONSTRATION="1", **MAIL, **SMS, **ROBOTS))
    assert outgoing.is_shown
    assert {type(way).__name__ for way in outgoing.messengers.values()} == {"Shown"}


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("SHUANGYOU_MAIL_FROM", {"SHUANGYOU_MAIL_HOST": "smtp.example"}),
        ("SHUANGYOU_MAIL_SECURITY", {**MAIL, "SHUANGYOU_MAIL_SECURITY": "ssl"}),
        ("SHUANGYOU_SMS_SECRET", {"SHUANGYOU_SMS_URL": "https://sms.example/send"}),
        ("SHUANGYOU_DINGTALK_SECRET", {"SHUANGYOU_DINGTALK_URL": "https://oapi.dingtalk.com/robot/send"}),
        ("SHUANGYOU_SMS_URL", {**SMS, "SHUANGYOU_SMS_URL": "http://sms.example/send"}),
        ("SHUANGYOU_SMS_URL", {**SMS, "SHUANGYOU_SMS_URL": "https://user:word@sms.example/send"}),
        ("SHUANGYOU_SMS_URL", {**SMS, "SHUANGYOU_SMS_URL": "file:///etc/passwd"}),
        ("SHUANGYOU_WECOM_URL", {"SHUANGYOU_WECOM_URL": "https:///send?key=very-secret"}),
    ],
)
def test_what_is_set_up_by_halves_or_unsafely_is_refused_without_telling_a_key(tmp_path, name, environment):
    with pytest.raises(UnknownSetting) as refusal:
        settings(tmp_path, **environment)
    assert refusal.value.params["name"] == name
    assert "secret" not in str(refusal.value)


def test_private_addresses_are_allowed_by_a_setting_alone(tmp_path: Path):
    allowed = {"SHUANGYOU_SMS_URL": "http://10.0.0.1/send", "SHUANGYOU_PRIVATE_HOOKS": "1"}
    assert settings(tmp_path, **{**SMS, **allowed}).ways.private_hooks


def test_no_secret_stands_in_what_is_printed(tmp_path: Path):
    secrets = {"SHUANGYOU_MAIL_PASSWORD": "mail-word", **SMS, "SHUANGYOU_SMS_SECRET": "sms-word", **ROBOTS}
    printed = repr(settings(tmp_path, **MAIL, **secrets).ways)
    assert [word for word in ("mail-word", "sms-word", "access_token", "SEC", "key=k") if word in printed] == []
