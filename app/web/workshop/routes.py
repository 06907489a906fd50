"""Routes of the workshop."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.identifying import HandedIn, ModelEmpty
from app.services.proving import keep_case, prove, remove_case
from app.services.workshop import (
    READERS,
    ModelUnknown,
    VersionView,
    check,
    hand_in,
    library,
    release,
    view_model,
    view_version,
)
from app.store.models import ModelKind
from app.web.access import access
from app.web.acting import acting, actor, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of
from app.web.security import EDITOR_POLICY
from app.web.workshop import moving
from app.web.workshop.presenting import (
    ENDINGS,
    KINDS,
    actions_json,
    findings_json,
    look_of,
    names_by_id,
    node_kind,
    obstacle,
    shelves,
)
from app.web.workshop.receiving import bytes_of, handed_in, shown_text

bp = Blueprint("workshop", __name__, url_prefix="/workshop", template_folder="templates")
bp.add_app_template_filter(node_kind)
bp.add_app_template_filter(names_by_id)
moving.add_routes(bp)


@bp.get("")
@access(*READERS)
def list_models() -> str:
    """Show the library."""
    with reading() as act:
        rows = library(act)
    return render_template("workshop/library.html", shelves=shelves(rows), kinds=KINDS)


@bp.get("/<word>/<path:key>")
@access(*READERS)
def show_model(word: str, key: str) -> str:
    """Show an artefact on its drawing with all its versions."""
    with reading() as act:
        model = view_model(act, kind=_kind(word), key=key)
        chosen = model.in_force or model.versions[0]
        version = view_version(act, public_id=chosen.public_id)
    return render_template("workshop/model.html", version=version, shown=look_of(version), kinds=KINDS)


def _kind(word: str) -> ModelKind:
    if word not in set(ModelKind):
        raise ModelUnknown(key=word)
    return ModelKind(word)


@bp.get("/versions/<public_id>")
@access(*READERS)
def show_version(public_id: str) -> str:
    """Show one version: what it looks like, what the linter says, what it changes, and whether it may be released."""
    with reading() as act:
        version = view_version(act, public_id=public_id, compared_with=request.args.get("with", ""))
    hindered = obstacle(version.row, is_publisher=actor().holds(RoleKey.PUBLISHER))
    shown = {"version": version, "shown": look_of(version), "kinds": KINDS, "hindered": hindered}
    return render_template("workshop/version.html", **shown)


@bp.get("/versions/<public_id>/file")
@access(*READERS)
def download(public_id: str) -> Response:
    """Give the file of a version."""
    with reading() as act:
        version = view_version(act, public_id=public_id)
    name = f"{version.model.key.replace('/', '-')}-{version.row.number}.{ENDINGS[version.model.kind]}"
    answer = Response(version.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/versions/<public_id>/edit")
@access(RoleKey.DESIGNER)
def edit(public_id: str) -> Answer:
    """Offer a version to be changed: a process in the editor, anything else as text."""
    with reading() as act:
        version = view_version(act, public_id=public_id)
    return _editor(version, shown_text(version.content))


@bp.post("/versions/<public_id>/edit")
@access(RoleKey.DESIGNER)
def save(public_id: str) -> Answer:
    """Keep what was changed as a draft; what cannot be read is refused and stays on the page."""
    with reading() as act:
        version = view_version(act, public_id=public_id)
    given = handed_in(version.model.key)
    try:
        return _keep(given)
    except DomainError as error:
        shown = {"note": given.note, "refusal": refusal_of(error)}
        answer = _editor(version, shown_text(given.content), **shown)
        answer.status_code = STATUS[error.kind]
        return answer


def _keep(given: HandedIn) -> Answer:
    with acting() as act:
        saved = hand_in(act, handed_in=given)
    if saved.checked.errors:
        flash(gettext("The draft is kept. It has errors, so it cannot be released yet."), "warning")
    else:
        flash(gettext("The draft is kept. Another person, a publisher, may now release it."))
    return redirect(url_for("workshop.show_version", public_id=saved.public_id))


def _editor(version: VersionView, text: str, **shown: object) -> Response:
    page = render_template(
        "workshop/edit.html",
        version=version,
        text=text,
        actions=actions_json(),
        findings=findings_json(version.findings),
        **shown,
    )
    return Response(page, headers={"Content-Security-Policy": EDITOR_POLICY})


@bp.get("/upload")
@access(RoleKey.DESIGNER)
def upload() -> str:
    """Offer to hand in a file of any kind."""
    return render_template("workshop/upload.html", given=None)


@bp.post("/upload")
@access(RoleKey.DESIGNER)
def receive() -> Answer:
    """Keep a file as a draft of the artefact it says it is."""
    given = handed_in()
    try:
        return _keep(given)
    except DomainError as error:
        page = render_template("workshop/upload.html", given=given, refusal=refusal_of(error))
        return Response(page, STATUS[error.kind])


@bp.post("/check/<path:key>")
@access(RoleKey.DESIGNER, RoleKey.PUBLISHER)
def lint(key: str) -> Response:
    """Say what the linter finds in a file, and keep nothing: the editor asks this while somebody draws."""
    try:
        with reading() as act:
            checked = check(act, handed_in=handed_in(key))
    except DomainError as error:
        title, advice = refusal_of(error)
        told = {"severity": "error", "element": None, "code": error.code, "message": title, "instead": advice}
        return jsonify(findings=[told])
    return Response(f'{{"findings": {findings_json(checked.findings)}}}', mimetype="application/json")


@bp.post("/versions/<public_id>/release")
@access(RoleKey.PUBLISHER)
def release_draft(public_id: str) -> Answer:
    """Release the draft that was read: new cases take it."""
    with acting() as act:
        deployed = release(act, public_id=public_id, sha256=request.form.get("sha256", ""))
    flash(gettext("Released as deployment %(number)d: new cases take it.", number=deployed.number))
    return redirect(url_for("workshop.show_version", public_id=public_id))


@bp.get("/versions/<public_id>/proof")
@access(*READERS)
def show_proof(public_id: str) -> str:
    """Play the test cases of a process on one version and show what came of it; nothing is kept."""
    with reading() as act:
        proof = prove(act, public_id=public_id)
    return render_template("workshop/proof.html", proof=proof)


@bp.post("/versions/<public_id>/cases")
@access(RoleKey.DESIGNER)
def keep_test_case(public_id: str) -> Answer:
    """Keep a test case of the version's process."""
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        raise ModelEmpty
    with acting() as act:
        key = view_version(act, public_id=public_id).model.key
        kept = keep_case(act, key=key, name=uploaded.filename, content=bytes_of(uploaded))
    flash(gettext("The test case “%(name)s” is kept and was played.", name=kept.name))
    return redirect(url_for("workshop.show_proof", public_id=public_id))


@bp.post("/versions/<public_id>/cases/<case>/remove")
@access(RoleKey.DESIGNER)
def remove_test_case(public_id: str, case: str) -> Answer:
    """Take a test case away."""
    with acting() as act:
        remove_case(act, public_id=case)
    flash(gettext("The test case is taken away."))
    return redirect(url_for("workshop.show_proof", public_id=public_id))
