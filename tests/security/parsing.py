"""One parser fed with torn and hostile files, in a process of its own: ``python -m tests.security.parsing KIND COUNT``.

The process may take so much memory and processor time and no more; what the parser says of a file is its result or a
refusal, anything else ends the process with a traceback.
"""

import io
import resource
import sys
from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.adapters.sheets import read_sheets
from app.adapters.sniffing import MagicSniffer
from app.config import PROJECT
from app.domain import evidence
from app.domain.errors import DomainError
from app.domain.forms import parse_form
from app.engine.dmn import load_decisions
from app.engine.lint import lint
from app.services.pages import count_pages
from tests.factories.acts import NOON
from tests.factories.errands import MODELS, UNITS

MEMORY = 1536 << 20
"""Bytes of address space: the interpreter and its libraries take a third of it."""

SECONDS = 240
"""Seconds of processor time: ten times what it takes, so that only a loop without end reaches it."""

NASTY = (
    b"<!DOCTYPE d [<!ENTITY a 'b'>]>",
    b"<a>" * 300,
    b"</a>",
    b"{" * 500,
    b"[" * 500,
    b'"' * 50,
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"999999999999999999999999",
    b"1e999",
    b"&#x0;",
    b"]]>",
    b"<![CDATA[",
    b"PK\x03\x04",
    b"/Type/Pages/Count 99999999999",
    b"\r",
    b",,,,",
    b"/Kids[0 0 R 0 0 R]",
    b"null",
    b"true",
    b"-1",
    b"__proto__",
    b"\\ud800",
    b"x" * 5000,
)
EDITS = ("put", "over", "cut", "twice", "end")
_SNIFFER = MagicSniffer()


def _upload(content: bytes) -> None:
    media_type = _SNIFFER.media_type(content)
    count_pages(content, media_type)
    evidence.accept("文件.pdf", len(content), media_type)


def _pdf() -> bytes:
    pages = b"".join(b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" % number for number in range(3, 40))
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 37>>endobj\n" + pages


def _xlsx() -> bytes:
    rows = [[line.partition(",")[0], line, number] for number, line in enumerate(UNITS.splitlines())]
    return workbook(Sheet("单位", ["代码", "名称", "次序"], rows), made_at=NOON)


KINDS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "bpmn": ((MODELS / "bpmn" / "errand" / "errand.bpmn").read_bytes, lint),
    "dmn": (
        (PROJECT / "bpmn" / "decisions" / "routing.dmn").read_bytes,
        lambda content: load_decisions(content, "model"),
    ),
    "form": ((MODELS / "forms" / "errand" / "ask.json").read_bytes, parse_form),
    "csv": (UNITS.encode, read_sheets),
    "xlsx": (_xlsx, read_sheets),
    "upload": (_pdf, _upload),
}
"""Kind → a good file, and what reads it."""

Edit = tuple[str, float, bytes]
_edits = st.lists(
    st.tuples(st.sampled_from(EDITS), st.floats(0, 1), st.sampled_from(NASTY) | st.binary(max_size=12)),
    min_size=1,
    max_size=6,
)


def torn(content: bytes, edits: list[Edit]) -> bytes:
    for edit, where, more in edits:
        at = int(where * len(content))
        if edit == "put":
            content = content[:at] + more + content[at:]
        elif edit == "over":
            content = content[:at] + more + content[at + len(more) :]
        elif edit == "cut":
            content = content[:at] + content[at + 40 :]
        elif edit == "twice":
            content = content[: at + 2000] + content[at:]
        else:
            content = content[:at]
    return content


def main(kind: str, count: int) -> None:
    good, read = KINDS[kind]
    sample = good()
    read(sample)

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(_edits)
    def feed(edits: list[Edit]) -> None:
        with suppress(DomainError):
            read(torn(sample, edits))

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    feed()
    for nasty in NASTY:
        with suppress(DomainError):
            read(nasty)
    with suppress(DomainError):
        read(io.BytesIO(b"<a>" * 1_300_000).read())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
