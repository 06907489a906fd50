"""Backups: database and files of one moment in one archive, checked before anything of it is believed."""

import io
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.adapters import archive, pgtools
from app.adapters.archive import DATABASE, ArchiveCorrupt, Reader, Writer
from app.adapters.queue import SCHEMA
from app.domain.errors import DomainError, Kind
from app.domain.ports import FileStore
from app.services import audit
from app.store import Database, copying
from app.store.copying import Content
from app.store.migrating import head, knows, upgrade

EMBEDDED, SERVER = "sqlite", "postgresql"
_EVER = datetime.max.replace(tzinfo=UTC)


class FileLost(DomainError):
    """A row names a file whose bytes are not there or not what they were. Params: ``sha256``."""

    code = "file_lost"
    kind = Kind.CONFLICT


class TargetNotEmpty(DomainError):
    """There are data already where the backup is to be restored. Params: ``place``."""

    code = "target_not_empty"
    kind = Kind.CONFLICT


class ArchiveNewer(DomainError):
    """The backup was made by a later version of the product. Params: ``file``, ``version``."""

    code = "archive_newer"
    kind = Kind.CONFLICT


class OtherDatabase(DomainError):
    """The backup is of the other kind of database. Params: ``made``, ``here``."""

    code = "archive_other_database"
    kind = Kind.CONFLICT


class RestoredOtherwise(DomainError):
    """What was restored is not what the backup says: do not use it. Params: ``what``."""

    code = "restored_otherwise"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds: rows of all tables, files with their bytes' sum, the moment, the product's version."""

    rows: int
    files: int
    size: int
    made_at: str
    version: str


def back_up(database: Database, files: FileStore, target: Path, *, at: datetime, version: str) -> BackedUp:
    """Write an archive of the database and its files, as of one moment, while others go on working.

    The database first: a row's file is on the disk before the row is. Raises ``ArchiveExists``, ``FileLost``,
    ``ToolMissing``, ``ToolFailed``.
    """
    with tempfile.TemporaryDirectory(prefix="shuangyou-backup-") as folder, archive.writing(target) as writer:
        copy = Path(folder) / DATABASE
        content = _copy(database, copy)
        with copy.open("rb") as source:
            writer.add(DATABASE, source, compress=_kind(database) == EMBEDDED)
        for sha256 in sorted(content.digests):
            _add(writer, files, sha256)
        about = {
            "product": "shuangyou",
            "version": version,
            "made_at": at.isoformat(),
            "database": _kind(database),
            "revision": head(),
            "rows": content.counts,
            "audit_heads": [[case, seq, digest] for case, (seq, digest) in sorted(content.heads.items())],
        }
        writer.conclude(about)
        return _told(about, writer)


def check(source: Path) -> BackedUp:
    """Read a whole archive and compare everything with its manifest. Raises ``ArchiveCorrupt``, ``ArchiveNewer``."""
    with archive.reading(source) as reader:
        _understand(reader, source)
        reader.check()
        return _told(reader.about, reader)


def restore(database: Database, files: FileStore, source: Path) -> BackedUp:
    """Put an archive's data where there are none, bring them up to date, and prove that they are what was backed up.

    Raises ``ArchiveCorrupt``, ``ArchiveNewer``, ``OtherDatabase``, ``TargetNotEmpty``, ``ToolMissing``, ``ToolFailed``,
    ``RestoredOtherwise``.
    """
    with archive.reading(source) as reader:
        _understand(reader, source)
        if reader.about["database"] != _kind(database):
            raise OtherDatabase(made=reader.about["database"], here=_kind(database))
        _refuse_filled(database, files)
        reader.check()
        for sha256 in reader.files():
            files.put(reader.file(sha256))
        _load(database, reader)
        _compare(database, reader)
        return _told(reader.about, reader)


def _copy(database: Database, target: Path) -> Content:
    connection = database.connection
    if connection is None:
        return copying.copy_embedded(database, target)
    with copying.picture(database) as (snapshot, content):
        pgtools.dump(connection, target, snapshot=snapshot, without_schema=SCHEMA)
        return content


def _load(database: Database, reader: Reader) -> None:
    """Load the database's copy, from a file beside its place: moving it there is one act."""
    place = database.url.database if database.connection is None else None
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=Path(place).parent if place else None) as folder:
        copy = Path(folder) / DATABASE
        with copy.open("wb") as target:
            for chunk in reader.chunks(DATABASE):
                target.write(chunk)
        if database.connection is None:
            copying.load_embedded(database, copy)
        else:
            pgtools.load(database.connection, copy)


def _compare(database: Database, reader: Reader) -> None:
    """Compare rows and chains with the manifest, bring the tables up to date, recompute every chain."""
    with database.reading() as session:
        content = copying.content_of(session)
    if content.counts != reader.about["rows"]:
        raise RestoredOtherwise(what="rows")
    if content.heads != {case: (seq, digest) for case, seq, digest in reader.about["audit_heads"]}:
        raise RestoredOtherwise(what="audit heads")
    if content.digests != frozenset(reader.files()):
        raise RestoredOtherwise(what="files")
    upgrade(database)
    with database.reading() as session:
        if not audit.verify(session).holds:
            raise RestoredOtherwise(what="audit chains")


def _understand(reader: Reader, source: Path) -> None:
    """Refuse what this version cannot restore. Raises ``ArchiveNewer``, ``ArchiveCorrupt``."""
    about = reader.about
    wanted = {"format": int, "version": str, "made_at": str, "database": str, "revision": str, "rows": dict}
    if not all(isinstance(about.get(name), kind) for name, kind in wanted.items()) or "audit_heads" not in about:
        raise ArchiveCorrupt(file=str(source), reason="manifest.json")
    if about["format"] > archive.FORMAT or not knows(about["revision"]):
        raise ArchiveNewer(file=str(source), version=about["version"])


def _refuse_filled(database: Database, files: FileStore) -> None:
    if not copying.is_empty(database):
        raise TargetNotEmpty(place=str(database.url))
    if next(files.kept_before(_EVER), None) is not None:
        raise TargetNotEmpty(place="evidence")


def _add(writer: Writer, files: FileStore, sha256: str) -> None:
    name = f"files/{sha256}"
    try:
        writer.add(name, io.BytesIO(files.get(sha256)), compress=False)
    except KeyError as error:
        raise FileLost(sha256=sha256) from error
    if writer.members[name].sha256 != sha256:
        raise FileLost(sha256=sha256)


def _kind(database: Database) -> str:
    return EMBEDDED if database.connection is None else SERVER


def _told(about: dict[str, Any], held: Writer | Reader) -> BackedUp:
    files = [member for name, member in held.members.items() if name != DATABASE]
    size = sum(member.size for member in held.members.values())
    return BackedUp(sum(about["rows"].values()), len(files), size, about["made_at"], about["version"])
