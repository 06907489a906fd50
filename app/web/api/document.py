"""The OpenAPI document: gathered from the routes, completed with what holds for every call."""

from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint, APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, current_app, jsonify
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict

from app.web.access import PUBLIC, access, access_of
from app.web.addresses import API
from app.web.api.answers import problem_entry
from app.web.problems import Problem, answer_problem, faults_in

bp = APIBlueprint("document", __name__, enable_openapi=False)

DESCRIPTION = """\
What people do on the pages, for other systems: one set of services, one set of permissions.

**Tokens.** Every call but `POST /api/v1/tokens` carries `Authorization: Bearer …`. A token speaks for one person,
within its scopes; cookies mean nothing here. It is shown once, expires, and can be revoked on the profile's page.

**Refusals** are problem details (RFC 9457, `application/problem+json`). `code` is stable, `title` and `detail` are in
Chinese or, with `Accept-Language: en`, in English; a form's faults stand under `errors`.

**Repeating.** Calls that take an `Idempotency-Key` are carried out once: the same call under the same key is answered
again with the same status and body. A refused call keeps nothing; mend it and send it again.

**Conflicts.** A draft has a `revision`: name the one you read. 409 says that somebody was faster.

**Starting cases.** An application is started at its cycle. Any other case can be started only where its released model
says so: the process bears `sy:starters`, the roles whose holders may start it by a call.
"""


class ProblemShape(BaseModel):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(title="Problem", extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str


def describe(web: APIFlask) -> None:
    """Say what holds for every call, and answer a request of the wrong shape as every other refusal."""
    web.title, web.version = "双优工作室管理平台 · Shuangyou", "1"
    web.config.update(
        INFO={"description": DESCRIPTION},
        AUTO_SERVERS=False,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        SECURITY_SCHEMES={"bearer": {"type": "http", "scheme": "bearer", "description": "See `POST /api/v1/tokens`."}},
    )
    web.error_callback = _refuse_shape  # the library's decorator would take the pages' errors as well
    web.spec_processor(_complete)


def _refuse_shape(error: HTTPError) -> Response:
    title = gettext("This request has the wrong shape")
    advice = gettext("Compare it with the API's document; nothing was changed.")
    more = {"errors": faults_in(error.detail)}
    return answer_problem(Problem(HTTPStatus(error.status_code), "wrong_shape", title, advice, more))


@bp.get("/openapi.json")
@access(PUBLIC)
def show_document() -> Response:
    """Give the OpenAPI document."""
    web: Any = current_app
    answer = jsonify(web._get_spec("json"))  # noqa: SLF001 - the library's own cache; its public way generates anew
    answer.cache_control.public, answer.cache_control.max_age = True, 300
    return answer


def _complete(spec: Any) -> Any:
    spec["components"].setdefault("schemas", {})["Problem"] = ProblemShape.model_json_schema()
    for rule in current_app.url_map.iter_rules():
        if rule.rule.startswith(API):
            path = rule.rule.replace("<", "{").replace(">", "}")
            for method, operation in spec["paths"].get(path, {}).items():
                if method.upper() in (rule.methods or ()):
                    _complete_operation(operation, rule.endpoint)
    return spec


def _complete_operation(operation: dict[str, Any], endpoint: str) -> None:
    operation["operationId"] = endpoint.rpartition(".")[2]
    answers: dict[str, Any] = operation["responses"]
    declared = access_of(current_app, endpoint)
    common = {"400": "`http_400`: unreadable", "429": "`http_429`: too many calls", "503": "`busy`: try again"}
    if declared is not None and declared.scope is not None:
        operation["security"] = [{"bearer": [declared.scope.value]}]
        common |= {"401": "`token_missing`, `token_invalid`, `token_expired`", "403": "`scope_missing`"}
        common |= {"403": "`scope_missing`, `not_for_your_role`"} if declared.roles else {}
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        common |= {"413": "`http_413`: too large"}
    if "requestBody" in operation or any(each["in"] != "path" for each in operation["parameters"]):
        common |= {"422": "`wrong_shape`"}
    for status, description in common.items():
        if status in answers:
            answers[status]["description"] += ", " + description
        else:
            answers[status] = problem_entry(description)
