"""Pages of people's files as pictures and words, made in a process of their own; prints to compare pages by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.adapters.documents.beside import Beside, NoAnswer

MEDIA_TYPE = "image/jpeg"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "image/jpeg": "image",
    "image/png": "image",
    f"{_OFFICE}.wordprocessingml.document": "word",
    f"{_OFFICE}.spreadsheetml.sheet": "sheet",
}
_PICTURED = frozenset({"pdf", "image"})

Box = tuple[float, float, float, float]
"""A part of a page: left, top, right, bottom as shares of its width and height."""

_DARKROOM = Beside(Path(__file__).with_name("darkroom.py"))


class Unreadable(RuntimeError):
    """The file cannot be shown: damaged, locked by a password, without this page, or beyond what is looked at."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What is not to be seen: what the expression ``words`` finds, put as ``mark``; ``boxes`` of the page."""

    words: str = ""
    mark: str = ""
    boxes: Sequence[Box] = ()


@dataclass(frozen=True, slots=True)
class Developed:
    """A page. ``picture``: a JPEG, empty for an office file; ``is_scan``: it holds pictures, where no word is found."""

    pages: int
    text: str
    is_scan: bool
    picture: bytes


_OPEN = Cover()


def develop(content: bytes, media_type: str, page: int, *, width: int, cover: Cover = _OPEN) -> Developed:
    """Return a page of a file, counting from 1, ``width`` pixels wide. Raises ``Unreadable``."""
    wanted = {"do": "page", "kind": _KINDS[media_type], "page": page, "width": width}
    covering = {"cover": cover.words, "mark": cover.mark, "boxes": list(cover.boxes)}
    try:
        head, picture = _DARKROOM.ask(wanted | covering, content)
    except NoAnswer as reason:
        raise Unreadable(str(reason)) from reason
    return Developed(head["pages"], head["text"], head["is_scan"], picture)


def scans_of(content: bytes, media_type: str) -> tuple[int, frozenset[int]]:
    """Return how many pages a file has, and those with something on them that is no text. Raises ``Unreadable``."""
    try:
        head, _ = _DARKROOM.ask({"do": "scans", "kind": _KINDS[media_type]}, content)
    except NoAnswer as reason:
        raise Unreadable(str(reason)) from reason
    return head["pages"], frozenset(head["scans"])


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at all pages of a file finds: ``prints`` by page, and the ``scans``, as ``scans_of`` says.

    A print resembles that of a similar page, 256 bits in hex; pages all but blank have none.
    """

    prints: Mapping[int, str]
    scans: tuple[int, ...]


def look_at(content: bytes, media_type: str) -> Looked:
    """Return the prints and scans of a file; one without pictures of its pages has none. Raises ``Unreadable``."""
    kind = _KINDS[media_type]
    if kind not in _PICTURED:
        return Looked({}, ())
    try:
        head, _ = _DARKROOM.ask({"do": "prints", "kind": kind}, content)
    except NoAnswer as reason:
        raise Unreadable(str(reason)) from reason
    return Looked({int(page): found for page, found in head["prints"].items()}, tuple(head["scans"]))
