"""What the administrators' forms send, read into what services take."""

from datetime import date, datetime

from flask import request

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.domain.workdays import DayOverride, OverrideSource
from app.services.administration import ClockStepInvalid, Step, Wanted
from app.services.helping import Contact

_MOST_BYTES = 6_000_000


class EntryInvalid(DomainError):
    """A field does not hold what it asks for. Params: ``field``, ``value``."""

    code = "entry_invalid"
    kind = Kind.BAD_INPUT


def field(name: str) -> str:
    """Return a field's text without surrounding space."""
    return request.form.get(name, "").strip()


def code(name: str) -> str:
    """Return a unit's code: what stands before the first space."""
    return field(name).partition(" ")[0]


def number(name: str) -> int:
    """Return a whole number. Raises ``EntryInvalid``."""
    text = field(name)
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - what every database's key holds
        raise EntryInvalid(field=name, value=text)
    return int(text)


def day(name: str) -> date:
    """Return a day. Raises ``EntryInvalid`` for one that does not exist."""
    try:
        return date.fromisoformat(field(name))
    except ValueError as error:
        raise EntryInvalid(field=name, value=field(name)) from error


def role_wanted() -> Wanted:
    """Return the role that is to be given. Raises ``EntryInvalid``."""
    role = field("role")
    if role not in set(RoleKey):
        raise EntryInvalid(field="role", value=role)
    return Wanted(RoleKey(role), code("unit"), day("valid_from"), day("valid_to") if field("valid_to") else None)


def entered_day() -> DayOverride:
    """Return the day that is to be entered into the calendar. Raises ``EntryInvalid``."""
    source, working = field("source"), field("working")
    if source not in set(OverrideSource) or working not in {"yes", "no"}:
        raise EntryInvalid(field="source", value=f"{source} {working}".strip())
    return DayOverride(day("day"), working == "yes", OverrideSource(source), field("note")[:200])


def contact() -> Contact:
    """Return whom to ask at a unit."""
    return Contact(field("office")[:100], field("phone")[:40], field("mail")[:260])


def uploaded() -> tuple[str, bytes]:
    """Return the uploaded file's name and bytes, empty where none was chosen."""
    file = request.files.get("file")
    return (file.filename, file.stream.read(_MOST_BYTES)) if file and file.filename else ("", b"")


def step() -> Step:
    """Return how far the clock is to go. Raises ``ClockStepInvalid``."""
    if field("to"):
        return Step(to=_moment(field("to")))
    return Step(_count("working_days"), _count("days"), _count("hours"))


def _count(name: str) -> int:
    text = field(name)
    if text and (not text.isdecimal() or len(text) > 4):  # noqa: PLR2004 - far beyond what a step may be
        raise ClockStepInvalid
    return int(text or "0")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockStepInvalid from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
