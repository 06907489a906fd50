"""Browsers in which somebody has signed in: attempts are limited and slow on purpose, so the session is made."""

from flask.testing import FlaskClient

from app.domain.identity import SignInWay
from app.domain.ports import Clock
from app.services.acting import SYSTEM, Act, Ports
from app.services.sessions import begin_session
from app.store import Database


def enter(
    client: FlaskClient, person_id: int, *, database: Database, ports: Ports, clock: Clock, way: SignInWay | None = None
) -> None:
    """Let ``client`` be the browser of somebody who has signed in, both factors shown unless ``way`` says otherwise.

    The session is kept even in a database that undoes whatever a test does there.
    """
    with Database.transaction(database) as session:
        act = Act(session, SYSTEM, clock.now(), clock.real_now(), ports)
        token = begin_session(act, person_id=person_id, way=way or SignInWay.PASSKEY, device="a test's browser")
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = token, True
