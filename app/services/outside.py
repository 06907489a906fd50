"""The ports of an installation, put together: who runs the product asks for them once."""

from pathlib import Path

from app.adapters.files import LocalFiles
from app.adapters.scanning import NoScanner
from app.adapters.sniffing import MagicSniffer
from app.domain.audit import Algorithm
from app.services.acting import Ports
from app.services.clock import EnteredCalendar
from app.store import Database


def ports_of(database: Database, *, evidence_root: Path, audit_hash: Algorithm = Algorithm.SHA256) -> Ports:
    """Return the ports of an installation that keeps its files under ``evidence_root``."""
    return Ports(
        files=LocalFiles(evidence_root),
        calendar=EnteredCalendar(database),
        sniffer=MagicSniffer(),
        scanner=NoScanner(),
        audit_hash=audit_hash,
    )
