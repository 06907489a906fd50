"""Settings, read once from the environment and never changed afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from app.config.reading import (
    UnknownSetting,
    database,
    folder,
    is_loopback,
    kept_secret,
    one_of,
    place,
    positive,
    whole,
    yes,
)
from app.config.signing import SingleSignOn, single_sign_on
from app.domain.errors import DomainError
from app.domain.identity import POLICIES, PolicyKey, SignInPolicy

__all__ = ["PROJECT", "Settings", "SingleSignOn", "UnknownSetting", "Ways", "read_settings"]

PROJECT = Path(__file__).resolve().parent.parent.parent
"""The project's root: models, forms and migrations lie beside the package."""


class UnsafeDemonstration(DomainError):
    """Demonstration mode shows its accounts' password, so it may be reachable from this machine only."""

    code = "unsafe_demonstration"


class OneProcessOnly(DomainError):
    """The embedded database is one process's: several need PostgreSQL. Params: ``processes``."""

    code = "one_process_only"


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages leave the house; what is empty is not set up.

    ``address``: where people find the product, for links. Mail: host, port, ``starttls``, ``tls`` or ``none``, who
    signs in, the sender's address, a file of further certificates to trust. SMS, DingTalk and WeCom: the address of
    the gateway or robot with the shared secret; only https and public addresses unless ``private_hooks``.
    """

    address: str = ""
    mail_host: str = ""
    mail_port: int = 587
    mail_security: str = "starttls"
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_from: str = ""
    mail_authority: str = ""
    sms_url: str = field(default="", repr=False)
    sms_secret: str = field(default="", repr=False)
    dingtalk_url: str = field(default="", repr=False)
    dingtalk_secret: str = field(default="", repr=False)
    wecom_url: str = field(default="", repr=False)
    private_hooks: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How one installation runs.

    ``database_url`` is an SQLAlchemy address; ``instance`` the folder that keeps the embedded database, uploads and
    the secret; ``demonstration`` shows made-up accounts and lets an administrator move the programme's clock.
    ``https`` marks cookies as secure. ``audit_hash`` is ``sha256`` or ``sm3``. One of ``processes`` does the worker's
    work as well; several leave it to ``shuangyou worker``. ``lease_seconds``: how long a worker may be at a piece of
    work before another takes it. ``proxies``: how many of our own stand between people and this process; so many
    entries at the end of X-Forwarded-For are believed. ``worker_metrics_port``: where ``shuangyou worker`` shows its
    measurements to this machine, 0: nowhere. ``metrics_token`` opens /metrics and the details of /readyz; none: this
    machine only. ``ways``: how messages leave the house. ``clamd``: where uploads are looked at for malware, a socket's
    path or host:port; empty: nowhere. ``sign_in``: ``dengbao`` or ``asvs``.
    """

    database_url: str
    instance: Path
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    processes: int = 1
    demonstration: bool = False
    https: bool = False
    audit_hash: str = "sha256"
    lease_seconds: int = 300
    proxies: int = 0
    worker_metrics_port: int = 0
    metrics_token: str = ""
    ways: Ways = Ways()
    clamd: str = ""
    sign_in: PolicyKey = PolicyKey.DENGBAO
    single_sign_on: SingleSignOn | None = None

    def __post_init__(self) -> None:
        if self.demonstration and not is_loopback(self.host):
            raise UnsafeDemonstration(host=self.host)
        if self.processes > 1 and self.is_embedded:
            raise OneProcessOnly(processes=self.processes)

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is SQLite's."""
        return not self.database_url.startswith("postgresql")

    @property
    def is_single(self) -> bool:
        """Tell whether one process serves everything, the worker's work as well."""
        return self.processes == 1

    @property
    def sign_in_policy(self) -> SignInPolicy:
        """How people are let in; a demonstration has its own policy."""
        return POLICIES[PolicyKey.DEMONSTRATION if self.demonstration else self.sign_in]

    @property
    def evidence_root(self) -> Path:
        """The folder under which uploads lie by their hash."""
        return self.instance / "evidence"


def read_settings(environment: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
    """Read settings from ``SHUANGYOU_*`` variables; ``overrides`` win (command line options).

    The secret key is made once and kept under the instance folder (readable by its owner only) when the environment
    names none. Raises ``UnknownSetting`` for a value that cannot be read.
    """
    instance = folder(environment, "SHUANGYOU_INSTANCE", PROJECT / "instance")
    values: dict[str, object] = {
        "instance": instance,
        "database_url": database(environment, "SHUANGYOU_DATABASE_URL", instance / "shuangyou.sqlite3"),
        "secret_key": environment.get("SHUANGYOU_SECRET_KEY") or kept_secret(instance / "secret_key"),
        "host": environment.get("SHUANGYOU_HOST", "127.0.0.1"),
        "port": whole(environment, "SHUANGYOU_PORT", 8000),
        "threads": positive(environment, "SHUANGYOU_THREADS", 8),
        "processes": positive(environment, "SHUANGYOU_PROCESSES", 1),
        "lease_seconds": positive(environment, "SHUANGYOU_LEASE_SECONDS", 300),
        "proxies": whole(environment, "SHUANGYOU_PROXIES", 0),
        "worker_metrics_port": whole(environment, "SHUANGYOU_WORKER_METRICS_PORT", 0),
        "metrics_token": environment.get("SHUANGYOU_METRICS_TOKEN", ""),
        "demonstration": yes(environment, "SHUANGYOU_DEMONSTRATION"),
        "https": yes(environment, "SHUANGYOU_HTTPS"),
        "audit_hash": one_of(environment, "SHUANGYOU_AUDIT_HASH", ("sha256", "sm3")),
        "ways": _ways(environment),
        "clamd": place(environment, "SHUANGYOU_CLAMD"),
        "sign_in": PolicyKey(one_of(environment, "SHUANGYOU_SIGN_IN", (PolicyKey.DENGBAO, PolicyKey.ASVS))),
        "single_sign_on": single_sign_on(environment),
    }
    return Settings(**{**values, **overrides})  # type: ignore[arg-type]  # every key above is a field of Settings


def _ways(environment: Mapping[str, str]) -> Ways:
    private = yes(environment, "SHUANGYOU_PRIVATE_HOOKS")
    sender = environment.get("SHUANGYOU_MAIL_FROM", "")
    host = environment.get("SHUANGYOU_MAIL_HOST", "")
    if host and "@" not in sender:
        raise UnknownSetting(name="SHUANGYOU_MAIL_FROM", value=sender)
    return Ways(
        address=environment.get("SHUANGYOU_ADDRESS", "").rstrip("/"),
        mail_host=host,
        mail_port=whole(environment, "SHUANGYOU_MAIL_PORT", 587),
        mail_security=one_of(environment, "SHUANGYOU_MAIL_SECURITY", ("starttls", "tls", "none")),
        mail_user=environment.get("SHUANGYOU_MAIL_USER", ""),
        mail_password=environment.get("SHUANGYOU_MAIL_PASSWORD", ""),
        mail_from=sender,
        mail_authority=environment.get("SHUANGYOU_MAIL_AUTHORITY", ""),
        sms_url=_hook(environment, "SHUANGYOU_SMS_URL", private=private),
        sms_secret=_shared(environment, "SHUANGYOU_SMS_URL", "SHUANGYOU_SMS_SECRET"),
        dingtalk_url=_hook(environment, "SHUANGYOU_DINGTALK_URL", private=private),
        dingtalk_secret=_shared(environment, "SHUANGYOU_DINGTALK_URL", "SHUANGYOU_DINGTALK_SECRET"),
        wecom_url=_hook(environment, "SHUANGYOU_WECOM_URL", private=private),
        private_hooks=private,
    )


def _hook(environment: Mapping[str, str], name: str, *, private: bool) -> str:
    """An address to call; plain http only where private addresses are allowed. Its path may be a key: not told."""
    url = environment.get(name, "")
    parts = urlsplit(url)
    if url and not (
        parts.hostname and not parts.username and parts.scheme in {"https", *(("http",) if private else ())}
    ):
        raise UnknownSetting(name=name, value=f"{parts.scheme}://{parts.hostname or ''}…")
    return url


def _shared(environment: Mapping[str, str], address: str, name: str) -> str:
    """The secret shared with an address that signs: without one nothing would be signed."""
    secret = environment.get(name, "")
    if environment.get(address) and not secret:
        raise UnknownSetting(name=name, value="")
    return secret
