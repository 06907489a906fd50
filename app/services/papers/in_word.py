"""What a paper is called when it is laid out, and its facts as a Word template can name them: texts and lists alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.papers import PaperKind

_LAYOUTS: Mapping[PaperKind, str] = {
    PaperKind.RECEIPT: "receipt",
    PaperKind.APPLICATION_FORM: "form",
    PaperKind.STUDIO_CERTIFICATE: "certificate",
}
_PAIR_COLUMNS = ["项目", "内容"]
_NOTHING = "（无）"


def layout_of(kind: PaperKind) -> str:
    """Return the layout in which a kind of paper is printed and written."""
    return _LAYOUTS.get(kind, "official")


def word_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with the sections of a form as ``parts``: heading, paragraphs, columns and rows of a table."""
    if "sections" not in facts:
        return dict(facts)
    return {**facts, "parts": [part for section in facts["sections"] for part in _parts(section)]}


def _parts(section: Mapping[str, Any]) -> Iterator[list[Any]]:
    yield [section["heading"], section["paragraphs"], _PAIR_COLUMNS, section["pairs"]]
    for table in section["tables"]:
        title = [table["title"]] if table["rows"] else [table["title"], _NOTHING]
        yield ["", title, table["columns"], table["rows"]]
    for place in section["places"]:
        said = [*place["words"].split("\n"), f"{place['signer']}：{place['signed']}", place["date"]]
        yield ["", [*said, *(["（印章）"] if place["sealed"] else [])], [], []]
