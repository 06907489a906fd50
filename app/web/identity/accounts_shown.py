"""The demonstration's accounts on the sign-in page; an installation in earnest shows none."""

from app.web.wiring import wiring


def accounts_to_show() -> tuple[object, ...]:
    """Return the made-up accounts in demonstration mode, else nothing."""
    return () if not wiring().settings.demonstration else ()
