"""One variable of the environment read into what it means; each raises ``UnknownSetting`` for what it cannot read."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.errors import DomainError


class UnknownSetting(DomainError):
    """A setting in the environment cannot be read; ``name`` and ``value`` say which."""

    code = "unknown_setting"


def folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    """Return a folder, made if it is not there."""
    folder = Path(environment.get(name, default))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UnknownSetting(name=name, value=str(folder)) from error
    return folder


def database(environment: Mapping[str, str], name: str, default: Path) -> str:
    """Return a database's address."""
    address = environment.get(name, f"sqlite:///{default}")
    if not address.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise UnknownSetting(name=name, value=address.partition(":")[0])
    return address


def kept_secret(path: Path) -> str:
    """Return the secret in a file; made at the first start."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # made at an earlier start: the same key keeps people signed in
    return path.read_text()


def whole(environment: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number."""
    text = environment.get(name, str(default))
    if not text.isdecimal():
        raise UnknownSetting(name=name, value=text)
    return int(text)


def positive(environment: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number above zero."""
    number = whole(environment, name, default)
    if number == 0:
        raise UnknownSetting(name=name, value="0")
    return number


def yes(environment: Mapping[str, str], name: str) -> bool:
    """Return whether a setting is switched on."""
    return one_of(environment, name, ("0", "1")) == "1"


def one_of(environment: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """Return one of ``words``, the first where nothing is set."""
    text = environment.get(name, words[0])
    if text not in words:
        raise UnknownSetting(name=name, value=text)
    return text


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(environment: Mapping[str, str], name: str) -> str:
    """Return a site's address, https unless it is this machine's; blank where none is set."""
    found = environment.get(name, "").rstrip("/")
    parts = urlsplit(found)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if found and (not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username):
        raise UnknownSetting(name=name, value=found)
    return found


def given(environment: Mapping[str, str], name: str) -> str:
    """Return a text that must be set."""
    if not environment.get(name):
        raise UnknownSetting(name=name, value="")
    return environment[name]


def place(environment: Mapping[str, str], name: str) -> str:
    """Return a socket's path or host:port; empty where nothing is set."""
    text = environment.get(name, "")
    host, _, port = text.rpartition(":")
    if text and not text.startswith("/") and not (host and port.isdecimal()):
        raise UnknownSetting(name=name, value=text)
    return text
