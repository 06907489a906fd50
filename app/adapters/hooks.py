"""Signed calls to the outside: SMS gateways, and the robots of DingTalk and WeCom.

They go to the hosts an administrator configured and nowhere else: no redirect, no proxy of the environment, and no
private address unless a setting allows it, whatever a name resolves to at that moment.
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.domain.ports import Letter, NotSent, Rejected, Uncertain

TIMEOUTS = (5, 15)
"""Seconds to connect, and between two bytes of the answer."""

_MOST_READ = 4096
_LATER = frozenset({408, 425, 429, 503})
_OK, _REDIRECT, _BAD, _BROKEN = 200, 300, 400, 500


class PrivateAddress(OSError):
    """A host of the outside resolves to an address of the inside."""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address of the outside and the secret shared with it; ``may_be_private``: an administrator allowed it."""

    url: str
    secret: str = ""
    may_be_private: bool = False


Now = Callable[[], float]


class SmsHook:
    """A ``Messenger`` that calls an SMS gateway, signed after Standard Webhooks (HMAC-SHA256 with timestamp).

    ``webhook-id`` stays the same however often a message is tried, so that the gateway can tell a repetition.
    """

    def __init__(self, hook: Hook, now: Now = time.time) -> None:
        self._hook, self._now = hook, now

    def send(self, letter: Letter) -> None:
        """Send one text. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
        content = orjson.dumps({"type": "sms", "to": letter.to, "text": letter.body})
        stamp = str(int(self._now()))
        signed = f"{letter.id}.{stamp}.".encode() + content
        headers = {
            "webhook-id": letter.id,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{_hmac(_key(self._hook.secret), signed)}",
        }
        _call(self._hook, self._hook.url, content, headers)


class DingTalkRobot:
    """A ``Messenger`` that speaks through a DingTalk group robot with a signing secret (加签)."""

    def __init__(self, hook: Hook, now: Now = time.time) -> None:
        self._hook, self._now = hook, now

    def send(self, letter: Letter) -> None:
        """Say one thing to the group, at the person of that mobile. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
        stamp = str(round(self._now() * 1000))
        signature = _hmac(self._hook.secret.encode(), f"{stamp}\n{self._hook.secret}".encode())
        joint = "&" if "?" in self._hook.url else "?"
        url = f"{self._hook.url}{joint}timestamp={stamp}&sign={quote_plus(signature)}"
        text = {"content": f"{letter.body} @{letter.to}"}
        said = {"msgtype": "text", "text": text, "at": {"atMobiles": [letter.to], "isAtAll": False}}
        _check_robot(_call(self._hook, url, orjson.dumps(said), {}), frozenset({-1, 130101, 130102}))


class WecomRobot:
    """A ``Messenger`` that speaks through a WeCom group robot; its key stands in the address."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def send(self, letter: Letter) -> None:
        """Say one thing to the group, at the person of that mobile. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
        said = {"msgtype": "text", "text": {"content": letter.body, "mentioned_mobile_list": [letter.to]}}
        _check_robot(_call(self._hook, self._hook.url, orjson.dumps(said), {}), frozenset({-1, 45009, 45033}))


def _check_robot(answer: bytes, later: frozenset[int]) -> None:
    """Read a robot's answer: ``errcode`` 0 is yes. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
    try:
        said: Any = orjson.loads(answer)
        code = said["errcode"]
    except (ValueError, KeyError, TypeError) as error:
        raise Uncertain("the robot's answer cannot be read") from error
    if code != 0:
        told = f"errcode {code}: {str(said.get('errmsg', ''))[:200]}"
        raise (NotSent if code in later else Rejected)(told)


def _hmac(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """Return a secret's bytes; one that begins with ``whsec_`` is base64 behind that."""
    return base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()


def _call(hook: Hook, url: str, content: bytes, headers: Mapping[str, str]) -> bytes:
    """Post JSON and return the beginning of the answer. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _Guarded(may_be_private=hook.may_be_private))
        session.mount("http://", _Guarded(may_be_private=hook.may_be_private))
        try:
            answer = session.post(
                url,
                data=content,
                headers={"Content-Type": "application/json", "User-Agent": "shuangyou", **headers},
                timeout=TIMEOUTS,
                allow_redirects=False,
                stream=True,
            )
            read = next(answer.iter_content(_MOST_READ), b"")
        except requests.RequestException as error:
            raise _failure(error) from error
    _check_status(answer.status_code)
    return read


def _failure(error: requests.RequestException) -> NotSent | Uncertain:
    """Tell whether a call surely never arrived. The address is not told: it may hold a key."""
    reason = error.args[0] if error.args else None
    cause = reason.reason if isinstance(reason, MaxRetryError) else reason
    never = isinstance(error, requests.exceptions.SSLError | requests.ConnectTimeout)
    if never or isinstance(cause, NewConnectionError):
        private = isinstance(cause, NewConnectionError) and isinstance(cause.__cause__, PrivateAddress)
        return NotSent("PrivateAddress" if private else type(cause).__name__)
    return Uncertain(type(cause or error).__name__)


def _check_status(status: int) -> None:
    if _OK <= status < _REDIRECT:
        return
    if status in _LATER:
        raise NotSent(f"HTTP {status}")
    if status >= _BROKEN:
        raise Uncertain(f"HTTP {status}")
    raise Rejected(f"HTTP {status}")


class _Guarded(HTTPAdapter):
    """Connections that look at the address they lead to before anything is sent."""

    def __init__(self, *, may_be_private: bool) -> None:
        self._may_be_private = may_be_private
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Build the pools with guarded connections."""
        super().init_poolmanager(*args, **kwargs)
        if not self._may_be_private:
            self.poolmanager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}


class _PublicHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn)


class _PublicHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(self, super()._new_conn)


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


def _checked(connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect where every address of the name is public, and so is the one that was reached in the end."""
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NewConnectionError(connection, "the name cannot be resolved") from error
    _refuse_private(connection, [str(row[4][0]) for row in found])
    opened = connect()
    try:
        _refuse_private(connection, [str(opened.getpeername()[0])])
    except BaseException:
        opened.close()
        raise
    return opened


def _refuse_private(connection: HTTPConnection, addresses: list[str]) -> None:
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not address.is_global or address.is_multicast:
            raise NewConnectionError(connection, "private address") from PrivateAddress(text)
