"""Routes of imports and exports: a file is tried out, looked at row by row, then applied as it was shown."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import delimited, spreadsheet
from app.adapters.documents.delimited import csv_of
from app.adapters.documents.spreadsheet import workbook
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.roster.columns import COLUMNS, SheetKind
from app.domain.roster.plan import PlannedRow, PlannedSheet, Verdict
from app.services.administration import READERS
from app.services.authority import MANAGERS, authority_of
from app.services.first_codes import units_waiting
from app.services.roster.exporting import export, template, trial_pages
from app.services.roster.imports import (
    ImportMoved,
    applied_imports,
    apply_import,
    discard_import,
    try_import,
    view_import,
)
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.admin.words import column_name, row_fault, verdict_name
from app.web.errors import STATUS
from app.web.refusals import refusal_of

_SHOWN = 200
_ENDINGS = ("xlsx", "csv")


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/imports")(show_imports)
    bp.post("/imports")(take_file)
    bp.get("/imports/template.xlsx")(send_template)
    bp.get("/imports/<public_id>")(show_import)
    bp.post("/imports/<public_id>")(apply_file)
    bp.post("/imports/<public_id>/discard")(discard)
    bp.get("/imports/<public_id>/checked.xlsx")(send_checked)
    bp.get("/exports/<kind>.<ending>")(send_export)


@access(*MANAGERS)
def show_imports() -> str:
    """Show how to import, and the files that were applied last."""
    return _imports()


def _imports(**shown: object) -> str:
    with reading() as act:
        applied = applied_imports(act)
        pages = template(act)
    return render_template("admin/imports.html", applied=applied, pages=pages, columns=COLUMNS, **shown)


@access(*MANAGERS)
def take_file() -> Answer:
    """Take a file and show what it would do; nothing is changed yet."""
    name, content = forms.uploaded()
    try:
        with acting() as act:
            public_id = try_import(act, file_name=name, content=content)
    except DomainError as error:
        return Response(_imports(refusal=refusal_of(error)), STATUS[error.kind])
    return redirect(url_for("admin.show_import", public_id=public_id))


@access(*MANAGERS)
def show_import(public_id: str) -> str:
    """Show what a file would do, row by row."""
    return _import(public_id)


def _import(public_id: str, **shown: object) -> str:
    with reading() as act:
        trial = view_import(act, public_id=public_id)
    plan = trial.plan
    asked = request.args.get("show", "")
    verdicts = frozenset({Verdict(asked)}) if asked in set(Verdict) else frozenset(Verdict)
    rows = list(plan.rows(verdicts))
    if not asked:
        rows.sort(key=lambda each: each[1].verdict is not Verdict.REFUSED)
    return render_template(
        "admin/import.html",
        trial=trial,
        plan=plan,
        counts=plan.counts,
        rows=rows[:_SHOWN],
        more=max(0, len(rows) - _SHOWN),
        asked=asked,
        **shown,
    )


@access(*MANAGERS)
def apply_file(public_id: str) -> Answer:
    """Apply a file exactly as it was shown, or refuse."""
    try:
        with acting() as act:
            counts = apply_import(act, public_id=public_id, digest=forms.field("digest"))
    except ImportMoved as error:
        return Response(_import(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    said = gettext(
        "Imported: %(added)d added, %(changed)d changed, %(unchanged)d as they were.",
        added=counts[Verdict.ADDED],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED],
    )
    flash(said)
    with reading() as act:
        waits = authority_of(act).people and units_waiting(act)
    return redirect(url_for("admin.show_codes" if waits else "admin.show_imports"))


@access(*MANAGERS)
def discard(public_id: str) -> Answer:
    """Forget a file that was tried out."""
    with acting() as act:
        discard_import(act, public_id=public_id)
    flash(gettext("The file is forgotten; nothing was changed."))
    return redirect(url_for("admin.show_imports"))


@access(*MANAGERS)
def send_checked(public_id: str) -> Response:
    """Send the file's sheets with each row's verdict and reason: to be mended and imported again."""
    with reading() as act:
        trial = view_import(act, public_id=public_id)
        pages = trial_pages(act, trial=trial, told=_told, faults=_sheet_told)
    return _sent(workbook(*pages, made_at=act.now), spreadsheet.MEDIA_TYPE, "checked.xlsx")


def _told(row: PlannedRow) -> tuple[str, str]:
    if row.faults:
        return verdict_name(row.verdict), "；".join(row_fault(fault) for fault in row.faults)
    changes = "；".join(
        f"{column_name(each.field)}：{each.before or '—'} → {each.after or '—'}" for each in row.changes
    )
    return verdict_name(row.verdict), changes


def _sheet_told(sheet: PlannedSheet) -> str:
    return "；".join(row_fault(fault) for fault in sheet.faults)


@access(*MANAGERS)
def send_template() -> Response:
    """Send the empty sheets that this administrator may import."""
    with reading() as act:
        pages = template(act)
    return _sent(workbook(*pages, made_at=act.now), spreadsheet.MEDIA_TYPE, "template.xlsx")


@access(*READERS, RoleKey.UNIT_ADMIN)
def send_export(kind: str, ending: str) -> Response:
    """Send all units, people or holdings that the reader looks after as a sheet."""
    if kind not in set(SheetKind) or ending not in _ENDINGS:
        raise NotFound
    with acting() as act:
        page = export(act, kind=SheetKind(kind))
    if ending == "csv":
        return _sent(csv_of(page.columns, page.rows), delimited.MEDIA_TYPE, f"{kind}.csv")
    return _sent(workbook(page, made_at=act.now), spreadsheet.MEDIA_TYPE, f"{kind}.xlsx")


def _sent(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
