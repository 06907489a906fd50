"""Nothing in a model is a program, and nothing is written in a language that this engine would not read."""

import re
from collections.abc import Iterator

from lxml import etree

from app.engine.feel import is_feel
from app.engine.findings import Finding, finding
from app.engine.lint.graph import BPMN, OWN, Model, extensions
from app.engine.lint.options import Surroundings
from app.engine.xml import Element, local, namespace, nearest_id

_TYPES = "http://www.w3.org/2001/XMLSchema"
_JUEL = re.compile(r"[$#]\{")
# vendors' extensions: programs, then things that other engines do and this one would silently leave undone
_PROGRAMS = frozenset(
    {
        "calledFunction",
        "connector",
        "executionListener",
        "postScript",
        "preScript",
        "script",
        "serviceTaskOperator",
        "taskListener",
    }
)
_PROGRAM_ATTRIBUTES = frozenset({"class", "expression", "delegateExpression"})
_MAPPINGS = frozenset({"inputOutput", "ioMapping"})
_OURS = (OWN, BPMN)
# texts for people, in which any character may stand
_PROSE = frozenset({"documentation", "text"})


def check_languages(model: Model, _: Surroundings) -> Iterator[Finding]:
    """The language of expressions is FEEL everywhere, and there are no scripts."""
    for element in model.root.iter():
        for attribute in ("expressionLanguage", "typeLanguage", "language"):
            language = element.get(attribute)
            fits = language is None or is_feel(language) or (attribute, language) == ("typeLanguage", _TYPES)
            if not fits and namespace(element) == BPMN:
                yield finding(nearest_id(element), "language", language=language)
        if local(element) not in _PROSE:
            yield from _juel(element)


def _juel(element: Element) -> Iterator[Finding]:
    # names are prose too: they are judged with the other texts for people
    values = [value for key, value in element.attrib.items() if key != "name"]
    for value in (*values, element.text or ""):
        if _JUEL.search(str(value)):
            yield finding(nearest_id(element), "juel", text=value)


def check_extensions(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Vendors' extensions that would have to do something."""
    for element in model.root.iter():
        if namespace(element) != BPMN:
            continue
        for key, value in element.attrib.items():
            space, name = etree.QName(key).namespace, etree.QName(key).localname
            if space and not space.startswith(_OURS) and name in _PROGRAM_ATTRIBUTES:
                yield finding(nearest_id(element), "program", what=f"{name}={value!r}")
        if local(element) == "extension" and element.get("mustUnderstand") in {"true", "1"}:
            yield finding(nearest_id(element), "must_understand", id=element.get("definition", ""))
        for inner in extensions(element):
            yield from _extension(element, inner)


def _extension(holder: Element, inner: Element) -> Iterator[Finding]:
    name = local(inner)
    if namespace(inner).startswith(_OURS):
        return
    if name in _PROGRAMS:
        yield finding(nearest_id(holder), "program", what=name)
    elif name in _MAPPINGS:
        yield finding(nearest_id(holder), "ignored_extension", what=name)
    elif name == "formData":
        yield finding(nearest_id(holder), "ignored_form")
    elif name in {"in", "out"} and not inner.get("variables") and not inner.get("businessKey"):
        yield finding(nearest_id(holder), "ignored_extension", what=name)
