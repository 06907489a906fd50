"""Errors: a status and a page for each, in both languages, and a text for every refusal there is."""

import importlib
import pkgutil
from datetime import date
from http import HTTPStatus
from io import BytesIO

import pytest
from flask import Flask

import app
from app.domain.acceptance import DeferralTooLong, InspectorConflicted
from app.domain.amounts import AreaInvalid, MoneyInvalid, OfficeTooSmall
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.succession import ChangePending, OutsideTerm
from app.services.programme.acceptance.onsite import SheetDiffers
from app.services.programme.studio_years import OutsideYear, YearNotOver
from app.store import Unavailable
from app.web.access import PUBLIC, access
from app.web.errors import STATUS
from app.web.refusals import REFUSALS, refusal_of
from tests.factories.errands import found
from tests.integration.web.conftest import Visitor


def refusals() -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)
    known, waiting = set[type[DomainError]](), [DomainError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("app."):
                known.add(kind)
            waiting.append(kind)
    return known


def test_every_refusal_has_a_text_and_every_text_a_refusal():
    assert {kind.code for kind in refusals()} ^ set(REFUSALS) == set()


@pytest.mark.parametrize("cookie", ["language=zh", "language=en"])
def test_every_text_can_be_filled(web: Flask, cookie: str):
    with web.test_request_context(headers={"Cookie": cookie}):
        for code, texts in REFUSALS.items():
            filled = [str(text) % _Anything() for text in texts]
            assert all(filled), code


class _Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


def test_parameters_are_written_as_people_read_them(web: Flask):
    class Refused(DomainError):
        code = "not_for_your_role"

    with web.test_request_context():
        assert "主持人（申报人）、初评单位" in refusal_of(Refused(roles=(RoleKey.HOST, RoleKey.PRELIM)))[1]
    with web.test_request_context(headers={"Cookie": "language=en"}):
        assert "Host, Initial review" in refusal_of(Refused(roles="host,prelim"))[1]


@pytest.mark.parametrize(("tongue", "last"), [("zh", "2027年2月28日"), ("en", "28 Feb 2027")])
def test_a_day_is_written_as_people_read_it(web: Flask, tongue: str, last: str):
    refused = DeferralTooLong(last=date(2027, 2, 28), clause="C6.2")
    with web.test_request_context(headers={"Cookie": f"language={tongue}"}):
        assert last in refusal_of(refused)[1]


def test_bad_input_of_a_studio_is_answered_with_its_clause(web: Flask):
    """That nothing of it is written is held by ``test_refused_in_studios``."""
    invalid = (MoneyInvalid, AreaInvalid, OfficeTooSmall, OutsideYear, YearNotOver, InspectorConflicted)
    untimely = (OutsideTerm, ChangePending, SheetDiffers)
    told = dict.fromkeys(("amount", "area", "day", "ends_on", "names", "at", "year"), "x")
    with web.test_request_context(headers={"Cookie": "language=zh"}):
        answers = {kind: " ".join(refusal_of(kind(clause="C6.6", **told))) for kind in (*invalid, *untimely)}
    assert [kind for kind, text in answers.items() if "C6.6" not in text] == []
    assert {STATUS[kind.kind] for kind in invalid} == {HTTPStatus.UNPROCESSABLE_ENTITY}
    assert {STATUS[kind.kind] for kind in untimely} == {HTTPStatus.CONFLICT}


def test_a_refusal_without_a_text_still_says_something(web: Flask):
    class Unheard(DomainError):
        code = "never heard of"

    with web.test_request_context():
        assert refusal_of(Unheard())[0] == "未能办理"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.BAD_INPUT, 400), (Kind.FORBIDDEN, 403), (Kind.NOT_FOUND, 404), (Kind.CONFLICT, 409),
        (Kind.TOO_LARGE, 413), (Kind.UNPROCESSABLE, 422),
    ],
)  # fmt: skip
def test_each_kind_of_refusal_has_its_status(kind: Kind, status: int):
    assert STATUS[kind] == status


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/clauses/C9.9", 404, "没有条款 C9.9"),
        ("/publicity/none", 404, "没有公示名单"),
        ("/sign-out", 405, "不能这样使用"),
    ],
)
def test_pages_of_errors_say_what_to_do(visitor: Visitor, path: str, status: int, words: str):
    answer = visitor.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "回到首页" in answer.text


def test_405_says_what_is_allowed(visitor: Visitor):
    assert "POST" in visitor.get("/sign-out").headers["Allow"]


def test_pages_of_errors_speak_english_too(visitor: Visitor):
    assert "There is no such page" in visitor.in_english().get("/nowhere").text


def test_htmx_gets_a_fragment(visitor: Visitor):
    answer = visitor.get("/nowhere", headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.text) == (404, False)


def test_what_is_too_large_is_refused(visitor: Visitor):
    fields = visitor.post("/sign-in", {"login": "x" * 3_000_000})
    declared = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "26000000"}
    upload = visitor.client.post("/sign-in", input_stream=BytesIO(), environ_overrides=declared)
    assert [(answer.status_code, "提交的内容太大" in answer.text) for answer in (fields, upload)] == [(413, True)] * 2


def test_a_failure_of_ours_says_so_without_the_database(own_web: Flask):
    @access(PUBLIC)
    def break_down() -> str:
        raise ZeroDivisionError

    own_web.add_url_rule("/broken", "broken", break_down)
    answer = own_web.test_client().get("/broken")
    assert answer.status_code == 500
    assert "系统没有办成这件事" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_database_that_is_away_is_asked_again_later(own_web: Flask):
    @access(PUBLIC)
    def wait() -> str:
        raise Unavailable("SELECT 1", {}, ConnectionError("gone"))

    own_web.add_url_rule("/away", "away", wait)
    answer = own_web.test_client().get("/away")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "没有写入任何内容" in answer.text
    assert "SELECT" not in answer.text


def test_no_words_of_a_stranger_become_markup(visitor: Visitor):
    answer = visitor.get("/clauses/<script>alert(1)</script>")
    assert "<script>alert" not in answer.text


def test_a_case_of_others_is_as_unknown_as_none(visitor: Visitor, stage):
    found(stage)
    visitor.sign_in("other")
    assert visitor.get("/cases/never-was").status_code == 404
