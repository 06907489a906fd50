"""The little markup that a form's words may have, turned into safe HTML: paragraphs, ``- `` lists, ``**strong**``."""

import re
from itertools import groupby

from markupsafe import Markup, escape

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"#{1,6}\s+")


def prose(text: str) -> Markup:
    """Return ``text`` as HTML; whatever else stands in it is text."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block.strip()]
    return Markup("").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    parts = [_lines(list(run), is_list=is_list) for is_list, run in groupby(lines, lambda line: line.startswith("- "))]
    return Markup("").join(parts)


def _lines(lines: list[str], *, is_list: bool) -> Markup:
    if is_list:
        items = (Markup("<li>{}</li>").format(_inline(line[2:])) for line in lines)
        return Markup("<ul>{}</ul>").format(Markup("").join(items))
    first = lines[0]
    if len(lines) == 1 and _HEADING.match(first):
        return Markup("<p><b>{}</b></p>").format(_inline(_HEADING.sub("", first, count=1)))
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _inline(text: str) -> Markup:
    pieces = _STRONG.split(text)
    return Markup("").join(
        Markup("<b>{}</b>").format(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )
