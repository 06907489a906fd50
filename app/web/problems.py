"""What the API answers instead of a page: problem details (RFC 9457) with the product's own codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from app.domain.errors import DomainError
from app.domain.forms import FormInvalid
from app.services.tasks import StaleRevision
from app.web.forms.faults import sentence
from app.web.languages import language

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:shuangyou:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal in the words of the caller's language; ``more``: members of its own beside RFC 9457's."""

    status: HTTPStatus
    code: str
    title: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)


def answer_problem(problem: Problem) -> Response:
    """Answer with a problem."""
    body = {
        "type": _TYPE + problem.code,
        "title": problem.title,
        "status": problem.status.value,
        "detail": problem.detail,
        "instance": request.path,
        "code": problem.code,
        **problem.more,
    }
    answer = Response(orjson.dumps(body, default=str), problem.status, mimetype=MEDIA_TYPE)
    answer.headers["Content-Language"] = "zh-CN" if language() == "zh" else "en"
    answer.vary.add("Accept-Language")
    if problem.status is HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="shuangyou"'
    return answer


def members_of(error: DomainError) -> dict[str, Any]:
    """Return what a program needs to know of a refusal besides its code: parameters, faults of a form, a kept draft."""
    params = {name: _plain(value) for name, value in error.params.items()}
    found: dict[str, Any] = {"params": params} if params else {}
    if isinstance(error, FormInvalid):
        found["errors"] = [
            {"at": path, "code": fault.code, "message": sentence(fault, language())}
            for path, fault in error.errors.items()
        ]
    if isinstance(error, StaleRevision):
        found |= {"revision": error.params["revision"], "kept": error.kept}
    return found


def faults_in(detail: Mapping[str, Mapping[str, Sequence[str]]]) -> list[dict[str, str]]:
    """Return what is wrong with a request's shape, place by place."""
    return [
        {"at": place, "code": "wrong_shape", "message": message}
        for places in detail.values()
        for place, messages in places.items()
        for message in messages
    ]


def _plain(value: object) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, bytes):
        return [_plain(each) for each in value]
    return str(value)
