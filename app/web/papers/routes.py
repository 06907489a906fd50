"""The addresses of papers, and of lists as Excel."""

from flask import Blueprint, Response, request

from app.domain.papers import PaperKind
from app.services.course import KNOWING
from app.services.papers import listed_offices  # noqa: F401 - registers the lists of the offices
from app.services.papers.bundles import export_case, export_cycle
from app.services.papers.listed import list_as_excel
from app.services.papers.lists import cases_as_excel, ranking_as_excel, window_as_excel
from app.services.papers.reading import open_paper, open_public_paper
from app.services.seeing import SEE_ALL
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.cases.routes import wanted
from app.web.languages import language
from app.web.papers.sending import send, stream

bp = Blueprint("papers", __name__, template_folder="templates")


@bp.get("/papers/<public_id>.pdf")
@access(SIGNED_IN)
def show_pdf(public_id: str) -> Response:
    """Serve a paper of a case."""
    with reading() as act:
        return send(open_paper(act, public_id=public_id))


@bp.get("/papers/<public_id>.docx")
@access(SIGNED_IN)
def show_word(public_id: str) -> Response:
    """Serve a paper of a case for Word."""
    with reading() as act:
        return send(open_paper(act, public_id=public_id, in_word=True))


@bp.get("/publicity/<public_id>/notice.<any(pdf, docx):ending>")
@access(PUBLIC)
def show_notice(public_id: str, ending: str) -> Response:
    """Serve the notice of a list, to be printed and put up."""
    with reading() as act:
        return send(
            open_public_paper(act, kind=PaperKind.PUBLICITY_NOTICE, subject=public_id, in_word=ending == "docx")
        )


@bp.get("/acceptances/<public_id>/notice.<any(pdf, docx):ending>")
@access(PUBLIC)
def show_acceptance(public_id: str, ending: str) -> Response:
    """Serve the public notice of an acceptance's conclusion (C6.2)."""
    with reading() as act:
        kind = PaperKind.ACCEPTANCE_NOTICE
        return send(open_public_paper(act, kind=kind, subject=public_id, in_word=ending == "docx"))


@bp.get("/rules/<public_id>/announcement.<any(pdf, docx):ending>", defaults={"paper": None})
@bp.get("/rules/<public_id>/announcement/<paper>.<any(pdf, docx):ending>")
@access(PUBLIC)
def show_announcement(public_id: str, paper: str | None, ending: str) -> Response:
    """Serve a document that announced a cycle's studios: the newest, or one of several."""
    with reading() as act:
        kind, in_word = PaperKind.ANNOUNCEMENT, ending == "docx"
        return send(open_public_paper(act, kind=kind, subject=public_id, in_word=in_word, public_id=paper))


@bp.get("/rules/<public_id>/publicity.<any(pdf, docx):ending>")
@access(PUBLIC)
def show_provincial_notice(public_id: str, ending: str) -> Response:
    """Serve the notice of a cycle's approved list, to be printed and put up."""
    with reading() as act:
        return send(
            open_public_paper(act, kind=PaperKind.PROVINCIAL_NOTICE, subject=public_id, in_word=ending == "docx")
        )


@bp.get("/objections/<public_id>/reply.pdf")
@access(PUBLIC)
def show_reply(public_id: str) -> Response:
    """Serve the reply to whoever holds an objection's number."""
    with reading() as act:
        return send(open_public_paper(act, kind=PaperKind.OBJECTION_REPLY, subject=public_id))


@bp.get("/lists/<key>.xlsx")
@access(PUBLIC)
def show_listed(key: str) -> Response:
    """Serve a list, scoped as its page is; all but the public ones ask who somebody is."""
    with reading() as act:
        return send(list_as_excel(act, key=key, of=request.args.get("of", ""), english=language() == "en"))


@bp.get("/cases.xlsx")
@access(SIGNED_IN)
def list_cases() -> Response:
    """Serve the cases the person may see, narrowed as on their page."""
    with reading() as act:
        return send(cases_as_excel(act, wanted=wanted(), english=language() == "en"))


@bp.get("/publicity/<public_id>/list.xlsx")
@access(PUBLIC)
def show_list(public_id: str) -> Response:
    """Serve a public list."""
    with reading() as act:
        return send(window_as_excel(act, public_id=public_id, english=language() == "en"))


@bp.get("/cycles/<public_id>/ranking.xlsx")
@access(*KNOWING)
def show_ranking(public_id: str) -> Response:
    """Serve the ranking of a cycle."""
    with reading() as act:
        return send(ranking_as_excel(act, cycle=public_id, english=language() == "en"))


@bp.get("/cases/<public_id>/bundle.zip")
@access(*SEE_ALL)
def pack_case(public_id: str) -> Response:
    """Serve everything of a case as one zip."""
    with acting() as act:
        bundle = export_case(act, public_id=public_id)
    return stream(bundle)


@bp.get("/cycles/<public_id>/bundle.zip")
@access(*SEE_ALL)
def pack_cycle(public_id: str) -> Response:
    """Serve every case of a cycle as one zip."""
    with acting() as act:
        bundle = export_cycle(act, public_id=public_id)
    return stream(bundle)
