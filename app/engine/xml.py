"""Reading XML that a stranger may have written: no DTD, no entities, no network, bounded size and depth."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from app.engine.errors import ModelUnreadable

MAX_BYTES: Final = 4 << 20
"""Size a model file may have; depth is bounded by libxml2 (256)."""

Element = etree._Element  # noqa: SLF001 - lxml names its element type only so


def read_xml(content: bytes, source: str) -> Element:
    """The root element of ``content``; raises `ModelUnreadable` naming ``source`` for what is not plain XML."""
    if len(content) > MAX_BYTES:
        raise ModelUnreadable(source=source, reason=f"larger than {MAX_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise ModelUnreadable(source=source, reason=str(broken)) from broken
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        raise ModelUnreadable(source=source, reason="holds a document type declaration")
    return root


def local(element: Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    """The tag's namespace; empty where it has none."""
    return (etree.QName(element).namespace or "") if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements, only those with one of the local ``names`` where any are given, in document order."""
    for child in element:
        tag = local(child)
        if tag and (not names or tag in names):
            yield child


def child(element: Element, name: str) -> Element | None:
    """The first child element with that local name."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """All text inside, without surrounding space; empty for None."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def nearest_id(element: Element | None) -> str | None:
    """The element's own id, or that of its nearest ancestor that has one."""
    while element is not None:
        if found := element.get("id"):
            return found
        element = element.getparent()
    return None
