"""What the parts of one's own data are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_PARTS: Mapping[str, LazyString] = {
    "profile": _l("Profile"),
    "held": _l("Roles"),
    "cases": _l("Cases"),
    "submissions": _l("Completed steps"),
    "drafts": _l("Drafts"),
    "sessions": _l("Sign-ins"),
    "contacts": _l("Contacts"),
    "corrections": _l("Corrections"),
    "events": _l("Events in the audit trail"),
}

_FIELDS: Mapping[str, LazyString] = {
    "login": _l("Login"),
    "name": _l("Full name"),
    "unit": _l("Unit"),
    "id_masked": _l("Identity number"),
    "password_changed_at": _l("Password last changed"),
    "role": _l("Role"),
    "unit_name": _l("Unit"),
    "valid_from": _l("First day"),
    "valid_to": _l("Last day"),
    "title": _l("Title"),
    "case_title": _l("Case"),
    "data": _l("What was filled in"),
    "at": _l("When"),
    "started_at": _l("Begun"),
    "ended_at": _l("Ended"),
    "saved_at": _l("Saved"),
    "device": _l("Device"),
    "address": _l("Address"),
    "about": _l("About"),
    "text": _l("Text"),
    "answer": _l("Answer"),
    "asked_at": _l("Asked"),
    "answered_at": _l("Answered"),
}

_ABOUTS: Mapping[str, LazyString] = {
    "name": _l("Full name"),
    "unit": _l("Unit"),
    "id_number": _l("Identity number"),
    "role": _l("A role or its term"),
    "other": _l("Something else"),
}


def part_name(part: str) -> str:
    """Write what a part of the data is called."""
    return str(_PARTS[part])


def field_name(key: str) -> str:
    """Write what a field is called; one that has no name of its own stands as it is."""
    return str(_FIELDS.get(key, key))


def about_name(about: str) -> str:
    """Write what a correction is about."""
    return str(_ABOUTS[about])
