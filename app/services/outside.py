"""The ports of an installation, put together: who runs the product asks for them once."""

import secrets
from pathlib import Path

from app.adapters.files import LocalFiles
from app.adapters.scanning import NoScanner
from app.adapters.sealing import SecretSealer
from app.adapters.sniffing import MagicSniffer
from app.domain.audit import Algorithm
from app.domain.identity import DENGBAO, SignInPolicy
from app.domain.ports import Meter
from app.services.acting import Ports
from app.services.clock import EnteredCalendar
from app.store import Database


def ports_of(
    database: Database,
    *,
    evidence_root: Path,
    audit_hash: Algorithm = Algorithm.SHA256,
    secret_key: str = "",
    sign_in: SignInPolicy = DENGBAO,
    meter: Meter | None = None,
) -> Ports:
    """Return the ports of an installation that keeps its files under ``evidence_root``, as durably as the database.

    Without a ``secret_key`` what is sealed lasts no longer than the process.
    """
    return Ports(
        files=LocalFiles(evidence_root, durable=database.is_durable),
        calendar=EnteredCalendar(database),
        sniffer=MagicSniffer(),
        scanner=NoScanner(),
        sealer=SecretSealer(secret_key or secrets.token_urlsafe(32)),
        audit_hash=audit_hash,
        sign_in=sign_in,
        meter=meter,
    )
