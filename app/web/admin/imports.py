"""Routes of imports and exports: a file is tried out, looked at row by row, then applied as it was shown."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import delimited, spreadsheet
from app.adapters.documents.delimited import csv_of
from app.adapters.documents.spreadsheet import workbook
from app.domain.roles import RoleKey
from app.domain.roster.columns import COLUMNS, SheetKind
from app.domain.roster.plan import PlannedRow, PlannedSheet
from app.services.acting import Act
from app.services.administration import READERS
from app.services.authority import MANAGERS, authority_of
from app.services.first_codes import units_waiting
from app.services.roster.exporting import export, template, trial_pages
from app.services.roster.imports import (
    applied_imports,
    apply_import,
    discard_import,
    try_import,
    view_import,
)
from app.web import importing
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin.words import column_name, row_fault, verdict_name
from app.web.importing import Importing, counted, sent

_ENDINGS = ("xlsx", "csv")


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    importing.add_routes(bp, "/imports", ROSTER)
    bp.post("/imports/<public_id>/discard")(discard)
    bp.get("/imports/<public_id>/checked.xlsx")(send_checked)
    bp.get("/exports/<kind>.<ending>")(send_export)


def _shown(act: Act) -> Mapping[str, Any]:
    """How to import, and the files that were applied last."""
    return {"applied": applied_imports(act), "pages": template(act), "columns": COLUMNS}


def _template(act: Act) -> bytes:
    """The empty sheets that this administrator may import."""
    return workbook(*template(act), made_at=act.now)


def _then() -> str:
    with reading() as act:
        waits = authority_of(act).people and units_waiting(act)
    return "admin.show_codes" if waits else "admin.show_import"


ROSTER = Importing(
    roles=MANAGERS,
    template=_template,
    try_out=try_import,
    view=view_import,
    apply=apply_import,
    pages=("admin/imports.html", "admin/import.html"),
    shown=_shown,
    fault=row_fault,
    said=counted,
    then=_then,
)


@access(*MANAGERS)
def discard(public_id: str) -> Answer:
    """Forget a file that was tried out."""
    with acting() as act:
        discard_import(act, public_id=public_id)
    flash(gettext("The file is forgotten; nothing was changed."))
    return redirect(url_for("admin.show_import"))


@access(*MANAGERS)
def send_checked(public_id: str) -> Response:
    """Send the file's sheets with each row's verdict and reason: to be mended and imported again."""
    with reading() as act:
        trial = view_import(act, public_id=public_id)
        pages = trial_pages(act, trial=trial, told=_told, faults=_sheet_told)
    return sent(workbook(*pages, made_at=act.now), spreadsheet.MEDIA_TYPE, "checked.xlsx")


def _told(row: PlannedRow) -> tuple[str, str]:
    if row.faults:
        return verdict_name(row.verdict), "；".join(row_fault(fault) for fault in row.faults)
    changes = "；".join(
        f"{column_name(each.field)}：{each.before or '—'} → {each.after or '—'}" for each in row.changes
    )
    return verdict_name(row.verdict), changes


def _sheet_told(sheet: PlannedSheet) -> str:
    return "；".join(row_fault(fault) for fault in sheet.faults)


@access(*READERS, RoleKey.UNIT_ADMIN)
def send_export(kind: str, ending: str) -> Response:
    """Send all units, people or holdings that the reader looks after as a sheet."""
    if kind not in set(SheetKind) or ending not in _ENDINGS:
        raise NotFound
    with acting() as act:
        page = export(act, kind=SheetKind(kind))
    if ending == "csv":
        return sent(csv_of(page.columns, page.rows), delimited.MEDIA_TYPE, f"{kind}.csv")
    return sent(workbook(page, made_at=act.now), spreadsheet.MEDIA_TYPE, f"{kind}.xlsx")
