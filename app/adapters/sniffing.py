"""Files recognised by their bytes, with libmagic (a wheel brings it along)."""

import threading

import pylibmagic  # noqa: F401 - points the import below at the wheel's libmagic

# isort: split
import magic


class MagicSniffer:
    """A ``Sniffer``; libmagic's handles are not shared between threads."""

    def __init__(self) -> None:
        self._local = threading.local()

    def media_type(self, content: bytes) -> str:
        """Return the media type the bytes show, ``application/octet-stream`` if none."""
        if not hasattr(self._local, "magic"):
            self._local.magic = magic.Magic(mime=True)
        return str(self._local.magic.from_buffer(content)) if content else "application/octet-stream"
