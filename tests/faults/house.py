"""``shuangyou`` with the errand's action and a slow piece of work: what the tests of processes start.

The slow work says by a file that it is at it, and waits for another before it goes on.
"""

import os
import time
from pathlib import Path

from app.main import cli
from app.services import audit
from app.services.outbox import handles
from tests.factories import errands

_REGISTERED = errands.note
SLOW = "house_slow"


@handles(SLOW)
def slow(act, payload) -> None:
    """Say who is at it, wait for the word, leave a mark in the audit trail."""
    folder = Path(payload["folder"])
    (folder / f"at_it_{os.getpid()}").touch()
    while not (folder / "go_on").exists():
        time.sleep(0.02)
    audit.record(act, case_id=audit.OFFICE, action="house_slow", object="house")


if __name__ == "__main__":
    cli()
