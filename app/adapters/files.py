"""Originals on disk, each once, under the SHA-256 of its bytes."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore


class LocalFiles:
    """A ``FileStore`` under a folder, made if it is not there.

    What is written is on the disk when ``put`` returns; not ``durable``: once the system gets to it.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root, self._is_durable = root, durable
        self._store = LocalStore(str(root))

    def put(self, content: bytes) -> str:
        """Keep ``content`` and return its SHA-256 in hex. A copy torn by a crash is replaced, a good one never."""
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            obstore.put(self._store, _place(sha256), content, mode="create")
        except AlreadyExistsError:
            if self.get(sha256) != content:
                obstore.put(self._store, _place(sha256), content, mode="overwrite")
            os.utime(self._root / _place(sha256))  # young again: no sweep takes it before its new row is there
        if self._is_durable:
            self._sync(self._root / _place(sha256))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises ``KeyError`` if there are none."""
        try:
            return bytes(obstore.get(self._store, _place(sha256)).bytes())
        except FileNotFoundError as error:
            raise KeyError(sha256) from error

    def has(self, sha256: str) -> bool:
        """Tell whether bytes are kept under ``sha256``."""
        try:
            obstore.head(self._store, _place(sha256))
        except FileNotFoundError:
            return False
        return True

    def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing there is no error."""
        if self.has(sha256):
            obstore.delete(self._store, _place(sha256))

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of everything written before ``moment`` (the machine's time)."""
        for chunk in obstore.list(self._store):
            for found in chunk:
                if found["last_modified"] < moment:
                    yield found["path"].rpartition("/")[2]

    def _sync(self, path: Path) -> None:
        """The file and the folders on the way to it are on the disk before any row names it."""
        for place in (path, path.parent, path.parent.parent, self._root):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
