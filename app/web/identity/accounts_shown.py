"""The demonstration's accounts on the sign-in page; an installation in earnest shows none."""

from app.services.demonstration import PASSWORD, DemonstrationAccount, demonstration_accounts
from app.web.wiring import wiring

ACCOUNTS_PASSWORD = PASSWORD
"""What every account of a demonstration signs in with."""


def accounts_to_show() -> tuple[DemonstrationAccount, ...]:
    """Return the made-up accounts in demonstration mode, else nothing."""
    parts = wiring()
    if not parts.settings.demonstration:
        return ()
    with parts.database.reading() as session:
        return demonstration_accounts(session)
