"""Where to go next: only ever to a page of this site."""

from urllib.parse import urlsplit

from flask import request

API = "/api/"
"""Where every address of the API begins."""

_HOME = "/"
_MOST_DIGITS = 18


def is_api() -> bool:
    """Tell whether this request is a program's, not a browser's: no cookies, no pages, no forms."""
    return request.path.startswith(API)


def safe_next(address: str | None, otherwise: str = _HOME) -> str:
    r"""Return ``address`` if it is a path of this site, else ``otherwise``.

    Refused: other hosts, schemes, ``//host`` and ``/\host`` (browsers read both as a host), control characters.
    """
    if not address or not address.startswith("/") or address[1:2] in {"/", "\\"}:
        return otherwise
    if any(not letter.isprintable() or letter == "\\" for letter in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def number_asked(name: str) -> int | None:
    """Return the number that the address asks for, None where it names none that a database could hold."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
