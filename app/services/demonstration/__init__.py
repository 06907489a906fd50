"""The demonstration: a made-up province with cycles in mid-flight, so that every role has work waiting.

Everything is made through the services, as of moments in the past, and worked off by the worker: nothing is written
past the models. Units are the province's own list; schools, faculties, branches and people exist nowhere.
"""

from collections.abc import Callable
from datetime import datetime

from app.domain.roles import RoleKey
from app.services.acting import SYSTEM, Act, Ports
from app.services.demonstration.accounts import HOLDINGS, LATER, PASSWORD, SHOWN, DemonstrationAccount
from app.services.demonstration.organisation import FOUNDED, build_organisation
from app.services.demonstration.playing import Play
from app.services.demonstration.story import tell
from app.store import Database, Session
from app.store.queries.organisation import accounts_by_login, has_people

__all__ = ["PASSWORD", "DemonstrationAccount", "build_demonstration", "demonstration_accounts", "is_built"]


def is_built(database: Database) -> bool:
    """Tell whether the installation has people already: a demonstration is built once, its data is kept."""
    with database.reading() as session:
        return has_people(session)


def build_demonstration(
    database: Database, ports: Ports, *, real_now: datetime, run_until_quiet: Callable[[datetime], None]
) -> None:
    """Build units, people and cycles as they would stand at ``real_now``.

    ``run_until_quiet`` does all work that is due at a moment of the programme's time: messages, timers.
    """
    with database.transaction() as session:
        cast = build_organisation(Act(session, SYSTEM, FOUNDED, real_now, ports))
    tell(Play(database, ports, cast, real_now, run_until_quiet))


def demonstration_accounts(session: Session) -> tuple[DemonstrationAccount, ...]:
    """Return the accounts that the sign-in page lists, each with the first of its roles and units."""
    found = accounts_by_login(session, SHOWN)
    return tuple(
        DemonstrationAccount(login, found[login][0], RoleKey(HOLDINGS[login][0][0]), found[login][1], login in LATER)
        for login in SHOWN
        if login in found
    )
