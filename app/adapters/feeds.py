"""iCalendar (RFC 5545) from plain entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MEDIA_TYPE = "text/calendar"
_LENGTH = timedelta(minutes=30)
_PRODUCT = "-//Shuangyou//Obligations//ZH"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something due: ``uid`` stays the same whenever the feed is read."""

    uid: str
    title: str
    about: str
    due_at: datetime
    address: str


def calendar_of(name: str, entries: Iterable[Entry], *, now: datetime) -> bytes:
    """Write a calendar in which every entry ends when it is due."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - only who reads a feed needs it

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("summary", entry.title)
        event.add("description", entry.about)
        event.add("url", entry.address)
        event.add("dtstamp", now)
        event.add("dtstart", entry.due_at - _LENGTH)
        event.add("dtend", entry.due_at)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
