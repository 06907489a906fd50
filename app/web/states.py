"""Stages and states of applications in words, with the chip each is shown as."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Shown(NamedTuple):
    """A state's word, the kind of its chip (met, not, human, info or none) and its icon."""

    word: LazyString
    kind: str
    icon: str


STAGES = {
    "preparation": _l("Attestations and initial review"),
    "list": _l("Waiting for the unit's list"),
    "publicity": _l("Publicity"),
    "selection": _l("Format check"),
    "panel": _l("Material review and defense"),
    "ranking": _l("Panel decision"),
    "shortlisted": _l("Final approval"),
    "approved": _l("Waiting for the announcement"),
    "announced": _l("Announced"),
}
"""Where a submitted application stands, in the order of the way."""

STATES = {
    "live": Shown(_l("On its way"), "info", "clock"),
    "lapsed": Shown(_l("Not submitted in time"), "", "ban"),
    "withdrawn": Shown(_l("Withdrawn"), "", "arrow-back-up"),
    "rejected": Shown(_l("Not recommended"), "not", "circle-x"),
    "removed": Shown(_l("Not reported upward"), "not", "circle-x"),
    "refused": Shown(_l("Not accepted"), "not", "circle-x"),
    "cancelled": Shown(_l("Cancelled"), "not", "circle-x"),
    "not_shortlisted": Shown(_l("Not shortlisted"), "not", "circle-x"),
    "struck": Shown(_l("Not approved"), "not", "circle-x"),
    "announced": Shown(_l("Announced"), "met", "circle-check"),
    "revoked": Shown(_l("Revoked"), "not", "circle-x"),
}
"""How an application stands as a whole."""


CYCLE_STATUSES = {
    "draft": _l("Being drafted"),
    "released": _l("Released"),
    "open": _l("Open for applications"),
    "closed": _l("In selection"),
    "announced": _l("Announced"),
    "cancelled": _l("Called off"),
}
"""How far an application cycle is."""

PROCESSES = {
    "application": _l("Application"),
    "unit_list": _l("Recommended list"),
    "objection": _l("Objection"),
    "provincial_objection": _l("Objection to the approved list"),
    "review_request": _l("Request for review"),
    "falsity": _l("False materials"),
    "annulment": _l("Annulment of a stage"),
    "cycle": _l("Application cycle"),
    "call_change": _l("Change of settings"),
    "panel_invitation": _l("Invitation of an expert"),
    "filing": _l("Record-filing of a document"),
    "construction": _l("Construction of a studio"),
    "construction_year": _l("A year of construction"),
    "host_change": _l("Change of host"),
    "problem_report": _l("Report of a studio"),
    "acceptance": _l("Acceptance of a studio"),
}
"""What a process is called; one that an office drew itself goes by its key."""


def cycle_status_text(status: str) -> str:
    """Write how far a cycle is."""
    return str(CYCLE_STATUSES[status])


def process_name(key: str) -> str:
    """Write what kind of case a process is."""
    return str(PROCESSES.get(key, key))


def stage_text(stage: str | None) -> str:
    """Write a stage; a draft has none."""
    return str(STAGES.get(stage or "", _l("Draft")))


def state_shown(state: str) -> Shown:
    """Return how a state is shown."""
    return STATES[state]
