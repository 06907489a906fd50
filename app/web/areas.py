"""The areas of the site and the main navigation."""

from typing import NamedTuple

from flask import Blueprint, Flask, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web import (
    admin,
    affairs,
    applications,
    audit,
    board,
    cases,
    covering,
    cycles,
    dashboard,
    defense,
    desk,
    forms,
    identity,
    inbox,
    inspections,
    intake,
    languages,
    mydata,
    notices,
    operations,
    panel,
    papers,
    public,
    results,
    reviews,
    studios,
    tasks,
    workshop,
)
from app.web import help as help_
from app.web.access import admits

AREAS: tuple[Blueprint, ...] = (
    languages.bp,
    identity.bp,
    mydata.bp,
    inbox.bp,
    notices.bp,
    forms.bp,
    tasks.bp,
    reviews.bp,
    applications.bp,
    intake.bp,
    board.bp,
    cases.bp,
    cycles.bp,
    desk.bp,
    panel.bp,
    covering.bp,
    defense.bp,
    affairs.bp,
    inspections.bp,
    dashboard.bp,
    papers.bp,
    results.bp,
    public.bp,
    studios.bp,
    workshop.bp,
    audit.bp,
    admin.bp,
    operations.bp,
    help_.bp,
)
"""Every area's blueprint."""


class Entry(NamedTuple):
    """A place of the main navigation; shown to those whom its route admits."""

    label: LazyString
    endpoint: str


PUBLIC_ENTRIES = (
    Entry(_l("Current call"), "public.home"),
    Entry(_l("Publicity"), "public.list_windows"),
    Entry(_l("Check a receipt"), "public.receipt"),
    Entry(_l("Verify a certificate"), "studios.verify"),
)
"""What somebody who has not signed in is offered."""

WORK_ENTRIES = (
    Entry(_l("My inbox"), "inbox.show"),
    Entry(_l("My reviews"), "reviews.show"),
    Entry(_l("Cases"), "cases.list_cases"),
    Entry(_l("Board of the unit"), "board.show"),
    Entry(_l("Studios"), "studios.show_studios"),
    Entry(_l("Apply"), "applications.start"),
    Entry(_l("Paper intake"), "intake.show"),
    Entry(_l("Cycles"), "cycles.show_cycles"),
    Entry(_l("Panels"), "panel.overview"),
    Entry(_l("Defense desk"), "defense.overview"),
    Entry(_l("My defense scores"), "defense.mine"),
    Entry(_l("On site"), "inspections.show_waiting"),
    Entry(_l("Figures"), "dashboard.show"),
    Entry(_l("Publicity"), "public.list_windows"),
    Entry(_l("Publicity desk"), "desk.show"),
    Entry(_l("Models"), "workshop.list_models"),
    Entry(_l("Audit"), "audit.search"),
    Entry(_l("Administration"), "admin.overview"),
)
"""What somebody signed in is offered, as far as their roles admit them."""


_PUBLIC_HOMES = {
    "public.rules": "public.home",
    "public.clauses": "public.home",
    "public.show_clause": "public.home",
    "public.show_window": "public.list_windows",
    "public.show_provincial": "public.list_windows",
    "public.lodge": "public.list_windows",
    "public.lodge_provincially": "public.list_windows",
    "public.show_objection": "public.receipt",
}

_DESK = frozenset({"defense.overview", "defense.desk", "defense.screen", "defense.lots"})
"""Pages of those who run the desk; an expert's own page has a place of its own in the navigation."""


def register_areas(web: Flask) -> None:
    """Register every area."""
    for area in AREAS:
        web.register_blueprint(area)


def navigation(*, signed_in: bool) -> list[Entry]:
    """Return the entries open to the person of this request."""
    return [entry for entry in (WORK_ENTRIES if signed_in else PUBLIC_ENTRIES) if admits(entry.endpoint)]


def is_current(entry: Entry) -> bool:
    """Tell whether the page belongs to the entry's area."""
    if request.endpoint is None:
        return False
    if entry.endpoint.startswith("public."):
        return _PUBLIC_HOMES.get(request.endpoint, request.endpoint) == entry.endpoint
    if entry.endpoint.startswith("defense."):
        return (request.endpoint == entry.endpoint) if entry.endpoint == "defense.mine" else request.endpoint in _DESK
    return request.endpoint.partition(".")[0] == entry.endpoint.partition(".")[0]
