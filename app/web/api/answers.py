"""How a route of the API answers, and what it says in the document about its refusals."""

from collections.abc import Callable
from http import HTTPStatus
from itertools import groupby
from typing import Any

import orjson
from flask import Response, request
from pydantic import BaseModel

from app.domain.errors import DomainError
from app.services.acting import Act
from app.services.idempotency import Answer, answer_once
from app.web.errors import STATUS
from app.web.problems import MEDIA_TYPE


def refusals(*errors: type[DomainError], done: str = "") -> Any:
    """Return the document's entry for each status with which a route refuses, naming the codes.

    ``done``: what it means where the route answers with 204 and nothing else.
    """

    def status(error: type[DomainError]) -> int:
        return STATUS[error.kind].value

    found: dict[int, Any] = {204: {"description": done}} if done else {}
    return found | {
        code: problem_entry(", ".join(f"`{error.code}`" for error in group))
        for code, group in groupby(sorted(errors, key=status), key=status)
    }


def problem_entry(description: str) -> dict[str, Any]:
    """Return a refusal's entry in the document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def answer_with(model: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with a model as JSON."""
    return Response(model.model_dump_json(), status, mimetype="application/json")


def once(act: Act, key: str | None, status: HTTPStatus, answer: Callable[[], BaseModel]) -> Response:
    """Answer with what ``answer`` does; under a ``key`` it is done once and answered again. Raises ``KeyReused``."""
    if key is None:
        return answer_with(answer(), status)
    asked = b"\0".join((request.method.encode(), request.path.encode(), _canonical()))
    given = answer_once(
        act, key=key, request=asked, answer=lambda: Answer(status.value, answer().model_dump_json().encode())
    )
    response = Response(given.body, given.status, mimetype="application/json")
    if given.is_replay:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _canonical() -> bytes:
    return orjson.dumps(request.get_json(force=True), option=orjson.OPT_SORT_KEYS)
