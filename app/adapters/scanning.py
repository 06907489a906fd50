"""The look for malware in uploads."""

import socket
from io import BytesIO
from typing import Any

import clamd
import structlog

from app.domain.ports import Scanner, ScanVerdict

TIMEOUT_SECONDS = 20.0
"""How long one answer of the scanner is waited for."""

_VERDICTS = {"OK": ScanVerdict.CLEAN, "FOUND": ScanVerdict.INFECTED}

log = structlog.get_logger()


class NoScanner:
    """A ``Scanner`` for installations that have none: every file is marked as unscanned, none as clean."""

    def scan(self, content: bytes) -> ScanVerdict:  # noqa: ARG002 - the port's shape
        """Return ``UNSCANNED``."""
        return ScanVerdict.UNSCANNED


class ClamdScanner:
    """A ``Scanner`` that asks clamd at ``address``: the path of its socket, or host:port."""

    def __init__(self, address: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._address = address
        self._timeout = timeout

    def scan(self, content: bytes) -> ScanVerdict:
        """Judge ``content``; a scanner that is away, too slow or at a loss answers ``UNSCANNED``, and it is logged."""
        try:
            answer = _Line(self._address, self._timeout).instream(BytesIO(content)) or {}
        except (OSError, clamd.ClamdError) as error:
            log.warning("scanner_gave_no_verdict", address=self._address, error=repr(error))
            return ScanVerdict.UNSCANNED
        state, reason = answer.get("stream", ("", None))
        if state not in _VERDICTS:
            log.warning("scanner_gave_no_verdict", address=self._address, state=state, reason=reason)
        return _VERDICTS.get(state, ScanVerdict.UNSCANNED)


class _Line(clamd.ClamdNetworkSocket):  # type: ignore[misc]  # clamd has no types
    """One conversation with clamd; the library itself would wait for a connection without end."""

    def __init__(self, address: str, timeout: float) -> None:
        self._address = address
        super().__init__(timeout=timeout)

    def _init_socket(self) -> None:
        is_path = self._address.startswith("/")
        host, _, port = self._address.rpartition(":")
        self.clamd_socket = _Steady(socket.AF_UNIX if is_path else socket.AF_INET, socket.SOCK_STREAM)
        self.clamd_socket.settimeout(self.timeout)
        self.clamd_socket.connect(self._address if is_path else (host, int(port)))


class _Steady(socket.socket):
    """Sends all it is given: with a timeout ``send`` may stop half-way, and the library does not look."""

    def send(self, data: Any, flags: int = 0) -> int:
        self.sendall(data, flags)
        return len(data)


def scanner_at(address: str) -> Scanner:
    """Return the scanner at ``address``, or the one that never looks where none is named."""
    return ClamdScanner(address) if address else NoScanner()
