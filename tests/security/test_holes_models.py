"""Holes in models: what a designer or a thief of a designer's account might draw."""

import ast
from pathlib import Path

import pytest

from app.config import PROJECT
from app.domain.forms import FormUnreadable, parse_form
from app.domain.notice_texts import NoticeText, TextRefused, Tongue, check_text, fill
from app.domain.notices import NoticeKind
from app.engine import feel
from app.engine.dmn import load_decisions
from app.engine.errors import ModelUnreadable
from app.engine.feel import FeelError
from app.engine.timing import BadTimeError, parse_cycle
from app.engine.xml import read_xml
from app.services.actions import known_actions
from app.services.identifying import HandedIn
from app.services.workshop import check
from tests.factories.acts import Stage
from tests.factories.errands import MODELS, found

ERRAND = (MODELS / "bpmn" / "errand" / "errand.bpmn").read_bytes()
BOMB = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
DOCUMENTS = {
    "file": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    "network": '<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><d>&x;</d>',
    "parameter": '<!DOCTYPE d [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><d/>',
    "bomb": f"{BOMB}]><d>&j;</d>",
    "quadratic": '<!DOCTYPE d [<!ENTITY a "' + "x" * 50_000 + '">]><d>' + "&a;" * 5_000 + "</d>",
    "external": '<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_hole_xml_entities(kind: str) -> None:
    content = DOCUMENTS[kind].encode()
    for read in (lambda: read_xml(content, "model"), lambda: load_decisions(content, "model")):
        with pytest.raises(ModelUnreadable) as refused:
            read()
        assert "root:" not in str(refused.value)
    with pytest.raises(FormUnreadable):
        parse_form(content)


def test_hole_xml_entities__include_reads_nothing() -> None:
    root = read_xml(
        b'<d xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></d>', "m"
    )
    assert "root:" not in "".join(map(str, root.itertext()))


PYTHON = (
    "__import__('os').system('touch {proof}')",
    "().__class__.__base__.__subclasses__()",
    "exec(\"open('{proof}', 'w')\")",
    "open('{proof}', 'w').write('x') = 1",
    "lambda: 1",
)


@pytest.mark.parametrize("text", PYTHON)
def test_hole_python_in_a_gateway(stage: Stage, tmp_path: Path, text: str) -> None:
    proof = tmp_path / "proof"
    condition = text.replace("{proof}", str(proof)).replace('"', "&quot;").replace("<", "&lt;")
    drawn = ERRAND.replace(b'check.decision = "approve"', condition.encode())
    assert drawn != ERRAND
    people = found(stage)
    with stage.reading(people.designer) as act:
        checked = check(act, handed_in=HandedIn(drawn, "errand"))
    assert [finding.element for finding in checked.findings if finding.severity == "error"]
    with pytest.raises(FeelError):
        feel.evaluate(text.replace("{proof}", str(proof)), {})
    assert not proof.exists()


def test_hole_python_in_a_gateway__other_languages_are_refused(stage: Stage) -> None:
    people = found(stage)
    drawn = ERRAND.replace(b"https://www.omg.org/spec/DMN/20191111/FEEL/", b"http://www.python.org")
    with stage.reading(people.designer) as act:
        assert [each for each in check(act, handed_in=HandedIn(drawn, "errand")).findings if each.severity == "error"]


_OUTSIDE = {"requests", "urllib", "http", "httpx", "socket", "smtplib", "ftplib", "aiohttp", "subprocess", "webbrowser"}
_PURE = {"urllib.parse", "http.HTTPStatus", "http"}


def test_hole_request_from_an_action() -> None:
    """No room below the adapters can reach the network, so no action can be told an address to call."""
    reached = {
        str(path.relative_to(PROJECT))
        for room in ("domain", "engine", "store", "services")
        for path in (PROJECT / "app" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imports(node)
        if name.partition(".")[0] in _OUTSIDE and name not in _PURE
    }
    assert reached == set()
    words = {word for each in known_actions().values() for word in each.params}
    assert not words & {"url", "uri", "href", "address", "host", "endpoint", "webhook", "path", "file"}


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


@pytest.mark.parametrize("text", ["R/PT0S", "R/PT0.001S", "R/PT1S", "R1000000/PT59S", "R/P0D"])
def test_hole_timer_storm(text: str) -> None:
    with pytest.raises(BadTimeError):
        parse_cycle(text)


def test_hole_timer_storm__a_case_that_slept_catches_up_in_bounded_steps() -> None:
    assert parse_cycle("R/PT1M").times is None
    assert parse_cycle("R3/P1D").times == 3


TEMPLATES = ("{{7*7}}", "{case.__class__}", "{0}", "%(case)s", "${case}", "{case!r}", "{case[0]}", "{%print 7%}", "{}")


@pytest.mark.parametrize("text", TEMPLATES)
def test_hole_notice_template(text: str) -> None:
    """A text may name placeholders of its kind; anything else is refused, or goes out as it stands."""
    kind, written = next(iter(NoticeKind)), NoticeText("主题", f"正文 {text}")
    try:
        check_text(kind, written)
    except TextRefused:
        return
    assert fill(written, {"case": "甲"}, Tongue.CHINESE).body == f"正文 {text}".replace("${case}", "甲")


def test_hole_notice_template__a_value_is_never_a_text() -> None:
    given = {"case": "${task}{{7*7}}$task\r\nBcc: x@example.org", "task": "乙"}
    told = fill(NoticeText("$case", "$case"), given, Tongue.CHINESE)
    assert "乙" not in told.subject + told.body
    assert "49" not in told.body
    assert not {"\r", "\n"} & set(told.subject)
