"""What is refused before a model may run: everything that would run wrongly, hang or never end.

Messages are Chinese, for designers. See `app.engine.findings` for the shape of a finding.
"""

from collections.abc import Iterator
from itertools import islice

from app.engine.findings import Finding, finding
from app.engine.lint.decisions import lint_dmn
from app.engine.lint.forms import lint_form, read_form
from app.engine.lint.graph import BPMN
from app.engine.lint.options import Surroundings
from app.engine.lint.process import lint_bpmn
from app.engine.xml import local, namespace, read_xml

__all__ = ["MAX_FINDINGS", "Finding", "lint"]

MAX_FINDINGS = 300
"""Findings told about one file."""
MAX_WORK = 20_000
"""Findings looked for in one file."""


def lint(
    content: bytes,
    *,
    source: str = "model",
    known_actions: frozenset[str] | None = None,
    known_decisions: frozenset[str] | None = None,
    known_processes: frozenset[str] | None = None,
    known_names: frozenset[str] | None = None,
) -> list[Finding]:
    """What is wrong with a BPMN, DMN or form file, told apart by its content.

    ``known_…``: what it may refer to, see `Surroundings`; None where that is not known. Raises `ModelUnreadable`
    (naming ``source``) for what is neither XML nor JSON.
    """
    around = Surroundings(known_actions, known_decisions, known_processes, known_names)
    found = list(dict.fromkeys(islice(_findings(content, around, source), MAX_WORK)))
    if len(found) <= MAX_FINDINGS:
        return found
    # errors first: what refuses the file must be told
    told = sorted(found, key=lambda each: each.severity != "error")[:MAX_FINDINGS]
    return [*told, finding(None, "too_many_findings", limit=MAX_FINDINGS)]


def _findings(content: bytes, around: Surroundings, source: str) -> Iterator[Finding]:
    if content.lstrip()[:1] in {b"{", b"["}:
        yield from lint_form(read_form(content, source), around)
        return
    root = read_xml(content, source)
    if local(root) == "definitions" and namespace(root) == BPMN:
        yield from lint_bpmn(root, around)
    elif local(root) == "definitions" and "/spec/DMN/" in namespace(root):
        yield from lint_dmn(root, around)
    else:
        yield finding(None, "not_a_model", what=root.tag)
