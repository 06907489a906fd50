"""The later look for malware: files that came while no scanner answered are looked at once one does."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.ports import ScanVerdict
from app.services import audit
from app.services.acting import Act
from app.services.evidence import EvidenceLost, as_file, content_of, note_lost
from app.services.outbox import handles
from app.store.models import Evidence, ScanState
from app.store.queries import evidence as queries

SCAN = "scan"
PAUSE = timedelta(minutes=10)
"""How long the worker waits before it asks a silent scanner again, or looks for files that have come unscanned."""


@handles(SCAN)
def scan_one(act: Act, _payload: Mapping[str, Any]) -> datetime | None:
    """Look at one file that nobody has looked at, and go on to the next at once; a silent scanner is asked later.

    What holds malware is locked: its row and its uses stay, so that the case shows what became of it.
    """
    row = queries.unscanned(act.session)
    if row is None:
        return act.now + PAUSE
    try:
        verdict = act.ports.scanner.scan(content_of(act, as_file(row)))
    except EvidenceLost as lost:
        note_lost(act, lost=lost)
        return act.now + PAUSE
    if verdict is ScanVerdict.UNSCANNED:
        return act.now + PAUSE
    _settle(act, row, verdict)
    return act.now


def _settle(act: Act, row: Evidence, verdict: ScanVerdict) -> None:
    if verdict is ScanVerdict.CLEAN:
        row.scanned = ScanState.CLEAN
        return
    row.infected_at = act.now
    for instance_id in queries.cases_of(act.session, row.id) or (audit.OFFICE,):
        name = f"evidence/{row.public_id}"
        audit.record(act, case_id=instance_id, action="lock_evidence", object=name, result=row.sha256)
