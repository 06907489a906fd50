"""A backup's file: a zip with a manifest that names every member's size and SHA-256; nothing is taken on trust.

Members are ``manifest.json``, ``database`` and ``files/<sha256>``. No name from an archive ever becomes a path.
"""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from app.domain.errors import DomainError, Kind

FORMAT = 1
DATABASE = "database"
_MANIFEST = "manifest.json"
_FILE = re.compile(r"files/([0-9a-f]{64})")
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 256 << 20


class ArchiveCorrupt(DomainError):
    """The archive is not what a backup writes, or was damaged. Params: ``file``, ``reason``."""

    code = "archive_corrupt"


class ArchiveExists(DomainError):
    """There is a file of that name already; a backup never overwrites one. Params: ``file``."""

    code = "archive_exists"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Member:
    """A member's size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class Writer:
    """Adds members and remembers what they came to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: IO[bytes], *, compress: bool) -> None:
        """Add what ``source`` holds."""
        kind = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        info = zipfile.ZipInfo(name)
        info.compress_type = kind
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.members[name] = Member(size, digest.hexdigest())

    def conclude(self, about: dict[str, Any]) -> None:
        """Write the manifest: ``about`` and what every member came to."""
        members = {name: [member.size, member.sha256] for name, member in self.members.items()}
        content = orjson.dumps({"format": FORMAT, **about, "members": members}, option=orjson.OPT_INDENT_2)
        self._archive.writestr(_MANIFEST, content, zipfile.ZIP_DEFLATED)


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an archive: whole and on the disk under its name, or not there at all. Raises ``ArchiveExists``."""
    if target.exists():
        raise ArchiveExists(file=str(target))
    part = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """An archive whose members are only what its manifest names."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self.about = self._manifest()
        self.members = self._named()

    def files(self) -> Iterator[str]:
        """Yield the digests of the files."""
        for name in self.members:
            found = _FILE.fullmatch(name)
            if found:
                yield found[1]

    def file(self, sha256: str) -> bytes:
        """Return a file's bytes. Raises ``ArchiveCorrupt`` if they are not what its name says."""
        content = b"".join(self.chunks(f"files/{sha256}"))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise self._corrupt(f"files/{sha256}")
        return content

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes, never more than it is said to have. Raises ``ArchiveCorrupt``."""
        left, digest = self.members[name].size, hashlib.sha256()
        try:
            with self._archive.open(name) as source:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise self._corrupt(name)
                    digest.update(chunk)
                    yield chunk
        except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
            raise self._corrupt(name) from error
        if left or digest.hexdigest() != self.members[name].sha256:
            raise self._corrupt(name)

    def check(self) -> None:
        """Read everything once. Raises ``ArchiveCorrupt``."""
        for name in self.members:
            for _ in self.chunks(name):
                pass

    def _manifest(self) -> dict[str, Any]:
        try:
            with self._archive.open(_MANIFEST) as source:
                about = orjson.loads(source.read(_LARGEST_MANIFEST))
        except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError) as error:
            raise self._corrupt(_MANIFEST) from error
        if not isinstance(about, dict):
            raise self._corrupt(_MANIFEST)
        return about

    def _named(self) -> dict[str, Member]:
        try:
            members = {name: Member(int(size), str(sha)) for name, (size, sha) in self.about["members"].items()}
        except (KeyError, AttributeError, TypeError, ValueError) as error:
            raise self._corrupt(_MANIFEST) from error
        held = self._archive.namelist()
        strange = [name for name in members if name != DATABASE and not _FILE.fullmatch(name)]
        if strange or DATABASE not in members or sorted(held) != sorted([*members, _MANIFEST]):
            raise self._corrupt(_MANIFEST)
        return members

    def _corrupt(self, place: str) -> ArchiveCorrupt:
        return ArchiveCorrupt(file=str(self._path), reason=place)


@contextmanager
def reading(source: Path) -> Iterator[Reader]:
    """Open an archive. Raises ``ArchiveCorrupt``."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as error:
        raise ArchiveCorrupt(file=str(source), reason=str(getattr(error, "strerror", None) or "zip")) from error
    with archive:
        yield Reader(archive, source)
