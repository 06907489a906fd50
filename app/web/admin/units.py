"""Routes of a unit's history and of what changes it by document: a name, a superior, a merger, a split, its end."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.units import GOVERNANCE_OF, Governance, UnitKind
from app.services.acting import Act
from app.services.administration import READERS
from app.services.unit_changes import SplitOff, close_unit, merge_units, move_unit, rename_unit, split_unit
from app.services.unit_history import unit_history
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/units/<public_id>/history")(show_unit_history)
    bp.post("/units/<public_id>/name")(take_name)
    bp.post("/units/<public_id>/superior")(take_superior)
    bp.post("/units/<public_id>/merger")(take_merger)
    bp.post("/units/<public_id>/split")(take_split)
    bp.post("/units/<public_id>/end")(take_end)


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_unit_history(public_id: str) -> str:
    """Show what happened to a unit, and to whoever may, what can be changed by document."""
    return _history(public_id)


def _history(public_id: str, **shown: object) -> str:
    with reading() as act:
        unit = unit_history(act, public_id=public_id)
    governances = sorted(GOVERNANCE_OF.get(UnitKind(unit.kind), frozenset()))
    return render_template(
        "admin/unit.html", unit=unit, governances=governances, today=act.today, typed=request.form, **shown
    )


@access(RoleKey.SYSADMIN)
def take_name(public_id: str) -> Answer:
    """Give a unit a new name from a day on."""

    def rename(act: Act) -> None:
        rename_unit(act, unit=public_id, name=forms.field("name"), document=forms.field("document"), on=forms.day("on"))

    return _changed(public_id, rename, gettext("The unit has its new name; older cases keep the old one."))


@access(RoleKey.SYSADMIN)
def take_superior(public_id: str) -> Answer:
    """Let a unit stand under another superior."""
    asked = forms.field("governance")
    governance = Governance(asked) if asked in set(Governance) else None

    def move(act: Act) -> None:
        move_unit(
            act,
            unit=public_id,
            superior=forms.code("superior"),
            document=forms.field("document"),
            governance=governance,
        )

    return _changed(public_id, move, gettext("The unit stands under its new superior from today."))


@access(RoleKey.SYSADMIN)
def take_merger(public_id: str) -> Answer:
    """Let a unit go into another."""

    def merge(act: Act) -> None:
        merge_units(act, unit=public_id, into=forms.code("into"), document=forms.field("document"))

    return _changed(public_id, merge, gettext("Roles, units under it, desks and open tasks have passed over."))


@access(RoleKey.SYSADMIN)
def take_split(public_id: str) -> Answer:
    """Make a new unit of a part of another."""
    off = SplitOff(forms.field("code"), forms.field("name"), forms.field("below").replace("，", ",").split(","))
    off = SplitOff(off.code, off.name, [code.strip() for code in off.below if code.strip()])

    def split(act: Act) -> None:
        split_unit(act, unit=public_id, off=off, document=forms.field("document"))

    return _changed(public_id, split, gettext("The new unit stands beside this one."))


@access(RoleKey.SYSADMIN)
def take_end(public_id: str) -> Answer:
    """Close a unit."""

    def close(act: Act) -> None:
        close_unit(act, unit=public_id, document=forms.field("document"))

    return _changed(public_id, close, gettext("The unit is closed; its history stays."))


def _changed(public_id: str, change: Callable[[Act], None], said: str) -> Answer:
    try:
        with acting() as act:
            change(act)
    except DomainError as error:
        return Response(_history(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    flash(said)
    return redirect(url_for("admin.show_unit_history", public_id=public_id))
