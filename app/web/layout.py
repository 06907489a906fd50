"""What the frame around every page needs: navigation, the person, the programme's clock, addresses of static files."""

from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from markupsafe import Markup

from app.services.acting import Actor
from app.services.inbox import queues
from app.services.notifying.reading import MOST_COUNTED, count_unread
from app.web.access import admits
from app.web.acting import reading
from app.web.areas import is_current, navigation
from app.web.help.guides import guides_for, place_of
from app.web.help.hints import hint_here
from app.web.inbox.presenting import total_shown
from app.web.languages import language
from app.web.presenting import role_at
from app.web.wiring import wiring

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def furnish(web: Flask) -> None:
    """Give every template what the frame shows."""
    web.jinja_env.globals.update(
        language=language,
        navigation=navigation,
        is_current=is_current,
        inbox_count=_inbox_count,
        unread_count=_unread_count,
        may=admits,
        hint_here=hint_here,
        help_here=_help_here,
        help_address=_help_address,
    )
    web.jinja_env.trim_blocks = True
    web.jinja_env.lstrip_blocks = True
    web.add_template_filter(holding_line)
    web.context_processor(_clock)
    web.url_defaults(_add_digest)


def holding_line(actor: Actor) -> str:
    """Write the first role a person holds and how many more: 初评单位 · 陇原理工大学 等 2 项."""
    if not actor.held:
        return str(gettext("No role today"))
    first = role_at(actor.held[0].role, actor.held[0].unit_name)
    more = len(actor.held) - 1
    return first if not more else str(gettext("%(first)s and %(more)d more", first=first, more=more))


def _help_here(lane: str = "") -> str:
    """Return the guide that fits the page; ``lane``: whose task it shows."""
    person = current_user.actor if current_user.is_authenticated else None
    return guides_for(person, area=request.blueprint or "", lane=lane)[0]


def _help_address(lane: str, task: str) -> str:
    """Return where help for the page is: in the guide that fits, where it tells about the task."""
    if current_user.is_authenticated or request.blueprint != "identity":
        return url_for("help.show", name=_help_here(lane), _anchor=place_of(task) or None)
    return url_for("help.overview")


def _inbox_count() -> Markup:
    """How much waits for the person, beside the inbox's name in the navigation."""
    with reading() as act:
        shown = total_shown(queues(act))
    return Markup('<span class="count">{}</span>').format(shown) if shown != "0" else Markup("")


def _unread_count() -> str:
    """How many notices the person has not read, on the bell; empty for none."""
    with reading() as act:
        count = count_unread(act)
    if not count:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def _clock() -> dict[str, Any]:
    parts = wiring()
    if not parts.settings.demonstration:
        return {"demonstration": False}
    now = parts.clock.now()
    return {"demonstration": True, "programme_now": now, "clock_ahead": _ahead(now - parts.clock.real_now())}


def _ahead(offset: timedelta) -> str:
    """Write how far the programme's clock has been moved; less than a minute is nothing."""
    if offset < _MINUTE:
        return ""
    if offset >= _DAY:
        return str(ngettext("%(num)d day", "%(num)d days", round(offset / _DAY)))
    if offset >= _HOUR:
        return str(ngettext("%(num)d hour", "%(num)d hours", round(offset / _HOUR)))
    return str(ngettext("%(num)d minute", "%(num)d minutes", round(offset / _MINUTE)))


def _add_digest(endpoint: str, values: dict[str, Any]) -> None:
    """Put a static file's digest into its address, so that browsers may keep it for a year."""
    if endpoint == "static" and "filename" in values:
        values["v"] = _digest(values["filename"])


@lru_cache(maxsize=256)
def _digest(filename: str) -> str:
    path = Path(__file__).parent / "static" / filename
    return sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
