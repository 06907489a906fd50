"""Where to go next: only ever to a page of this site."""

from urllib.parse import urlsplit

_HOME = "/"


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
