"""A page of evidence as it stands beside a task: the picture, its words, the ways to other pages and files."""

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from app.adapters.documents.pictures import MEDIA_TYPE
from app.services.leafing import WIDTHS, Bundle, Leaf

LEAST_LISTED = 12
"""A file of up to so many pages lists them all; a longer one asks for a number."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A way to another page, file or nearness."""

    label: str
    address: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class LeafShown:
    """``picture``: the page as an address that holds it; empty where there is none to see."""

    name: str
    proves: str
    number: int
    pages: int
    text: str
    picture: str
    is_withheld: bool
    nearness: int
    earlier: str
    later: str
    numbers: tuple[Turn, ...]
    nearer: tuple[Turn, ...]
    files: tuple[Turn, ...]
    here: str
    address: str


def data_of(leaf: Leaf) -> str:
    """Return a page's picture as an address that holds it, empty where there is none."""
    return picture_at(leaf.picture)


def picture_at(picture: bytes) -> str:
    """Return a picture as an address that holds it, empty where there is none."""
    return f"data:{MEDIA_TYPE};base64,{b64encode(picture).decode()}" if picture else ""


def leaf_shown(bundle: Bundle, leaf: Leaf, nearness: int) -> LeafShown:
    """Return a page ready to draw."""
    file = leaf.file
    here = url_for("tasks.show_leaf", task_id=bundle.task_id, public_id=file.public_id)

    def to(number: int, near: int = nearness) -> str:
        return f"{here}?{urlencode({'page': number, 'near': near})}"

    numbers = range(1, leaf.pages + 1) if leaf.pages <= LEAST_LISTED else ()
    return LeafShown(
        name=file.file_name,
        proves=file.proves,
        number=leaf.number,
        pages=leaf.pages,
        text=leaf.text,
        picture=data_of(leaf),
        is_withheld=leaf.is_withheld,
        nearness=nearness,
        earlier=to(leaf.number - 1) if leaf.number > 1 else "",
        later=to(leaf.number + 1) if leaf.number < leaf.pages else "",
        numbers=tuple(Turn(str(number), to(number), number == leaf.number) for number in numbers),
        nearer=tuple(
            Turn(f"{100 + 50 * near}%", to(leaf.number, near), near == nearness) for near in range(len(WIDTHS))
        ),
        files=tuple(_file(bundle, public_id, file.public_id) for public_id in bundle.files),
        here=here,
        address=url_for("tasks.show_task", task_id=bundle.task_id),
    )


def _file(bundle: Bundle, public_id: str, here: str) -> Turn:
    file = bundle.files[public_id]
    address = url_for("tasks.show_leaf", task_id=bundle.task_id, public_id=public_id)
    return Turn(file.file_name, address, public_id == here)
