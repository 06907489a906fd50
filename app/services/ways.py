"""The ways out of the house that an installation's settings describe."""

from collections.abc import Iterator

from app.adapters.hooks import DingTalkRobot, Hook, SmsHook, WecomRobot
from app.adapters.mail import MailMessenger, MailServer
from app.adapters.shown import Shown
from app.config import Settings, Ways
from app.domain.notices import Channel
from app.domain.ports import Messenger, Outgoing


def outgoing_of(settings: Settings) -> Outgoing:
    """Return the ways out that are set up; a demonstration only shows what would have gone out by each of them."""
    ways = settings.ways
    address = ways.address or f"http://{settings.host}:{settings.port}"
    if settings.demonstration:
        return Outgoing({channel: Shown() for channel in Channel}, address, is_shown=True)
    return Outgoing(dict(_messengers(ways)), address)


def _messengers(ways: Ways) -> Iterator[tuple[Channel, Messenger]]:
    if ways.mail_host:
        server = MailServer(
            host=ways.mail_host,
            port=ways.mail_port,
            sender=ways.mail_from,
            security=ways.mail_security,
            user=ways.mail_user,
            password=ways.mail_password,
            authority=ways.mail_authority,
        )
        yield Channel.MAIL, MailMessenger(server)
    if ways.sms_url:
        yield Channel.SMS, SmsHook(Hook(ways.sms_url, ways.sms_secret, ways.private_hooks))
    if ways.dingtalk_url:
        yield Channel.DINGTALK, DingTalkRobot(Hook(ways.dingtalk_url, ways.dingtalk_secret, ways.private_hooks))
    if ways.wecom_url:
        yield Channel.WECOM, WecomRobot(Hook(ways.wecom_url, may_be_private=ways.private_hooks))
