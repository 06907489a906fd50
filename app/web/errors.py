"""The one place where a refusal becomes a status and a page."""

from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.domain.errors import DomainError, Kind
from app.store import Unavailable
from app.web.acting import ask_nobody
from app.web.addresses import is_api
from app.web.problems import Problem, answer_problem, members_of
from app.web.refusals import refusal_of

STATUS = {
    Kind.BAD_INPUT: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.UNPROCESSABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""How a refusal is meant → the status it is answered with."""


def register_errors(web: Flask) -> None:
    """Answer every refusal, every protocol error and every failure with a page that says what to do next."""
    web.register_error_handler(DomainError, refuse)
    web.register_error_handler(CSRFError, _refuse_form)
    web.register_error_handler(HTTPException, _refuse_request)
    web.register_error_handler(InternalServerError, _fail)
    web.register_error_handler(Unavailable, _ask_again)


def refuse(error: DomainError) -> Response:
    """Answer a refusal of the programme."""
    title, advice = refusal_of(error)
    if is_api():
        return answer_problem(Problem(STATUS[error.kind], error.code, title, advice, members_of(error)))
    return _page(STATUS[error.kind], title, advice, error.code)


def _refuse_form(_error: CSRFError) -> Response:
    title = gettext("This form is no longer valid")
    advice = gettext("It stood open for too long, or in another session. Go back, reload the page and send it again.")
    return _page(HTTPStatus.BAD_REQUEST, title, advice, "form_expired")


def _refuse_request(error: HTTPException) -> Response:
    is_ready = error.response is not None and not is_api()
    if is_ready or error.code is None:
        return make_response(error.get_response())
    if request_ctx.url_adapter is None:
        return _refuse_host()
    title, advice = _protocol_texts().get(
        error.code,
        (gettext("This request cannot be answered"), gettext("Go back and try again, or start from the home page.")),
    )
    response = _page(HTTPStatus(error.code), title, advice, f"http_{error.code}")
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _refuse_host() -> Response:
    """Answer a request under a host that is not ours: nothing it says of the host is repeated, nobody is looked up."""
    request.host = ""
    request_ctx.url_adapter = current_app.url_map.bind("")
    ask_nobody()
    title = gettext("This system is not reached under this address")
    advice = gettext("Open it under the address you were given. Whoever runs it names that address in its settings.")
    return _page(HTTPStatus.BAD_REQUEST, title, advice, "foreign_host")


def _protocol_texts() -> dict[int, tuple[str, str]]:
    return {
        400: (gettext("This request cannot be read"), gettext("Go back, reload the page and try again.")),
        404: (
            gettext("There is no such page"),
            gettext("The address may be incomplete, or what it showed is gone. Start from the home page."),
        ),
        405: (gettext("This address cannot be used in this way"), gettext("Open the page again and use its buttons.")),
        413: (
            gettext("What you sent is too large"),
            gettext("One file may have up to 20 MB. Reduce it, or upload its parts one by one; nothing was stored."),
        ),
        429: (gettext("Too many attempts"), gettext("Wait a minute, then try again.")),
    }


def _fail(_error: InternalServerError) -> Response:
    """A failure of ours: the page asks nothing of the database, which may be what failed."""
    if is_api():
        title, advice = gettext("Something went wrong"), gettext("It was our fault. Try again in a little while.")
        return answer_problem(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failure", title, advice))
    ask_nobody()
    return make_response(render_template("errors/failure.html"), HTTPStatus.INTERNAL_SERVER_ERROR)


def _ask_again(error: Unavailable) -> Response:
    """The database is away, or two transactions met head on: nothing was written, and trying again helps."""
    current_app.logger.warning("database unavailable", exc_info=error)
    ask_nobody()
    answer = _busy()
    answer.headers["Retry-After"] = "5"
    return answer


def _busy() -> Response:
    if is_api():
        title, advice = gettext("The database is busy"), gettext("Nothing was changed. Try again in a few seconds.")
        return answer_problem(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", title, advice))
    return make_response(render_template("errors/busy.html"), HTTPStatus.SERVICE_UNAVAILABLE)


def _page(status: HTTPStatus, title: str, advice: str, code: str) -> Response:
    if is_api():
        return answer_problem(Problem(status, code, title, advice))
    template = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    return make_response(render_template(template, title=title, advice=advice, code=code, status=status), status)
