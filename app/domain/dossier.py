"""A studio's dossier as one package: the list of its files with their digests, sealed, checked without the system."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.audit import ChainRow, Head, verify_chain
from app.domain.errors import DomainError, Kind

MANIFEST = "清单.json"
"""The name of the list of files in a package."""

SEAL = "封条.json"
"""The name of the seal over the list."""

CHAINS = "审计/"
"""The folder of the audit chains, one file a case."""

VERSION = 1
_HEX = re.compile(r"[0-9a-f]{64}")


class DossierUnreadable(DomainError):
    """The file is no dossier, or too torn to be read. Params: ``reason``."""

    code = "dossier_unreadable"
    kind = Kind.BAD_INPUT


class Fault(StrEnum):
    """What can be wrong with a package."""

    SEAL_BROKEN = "seal_broken"
    OTHER_KEY = "other_key"
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_ADDED = "file_added"
    CHAIN_BROKEN = "chain_broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault and where it lies: a path in the package, or a case of the audit extract."""

    fault: Fault
    where: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the list has it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list: what the package is about, its files, and how far each case's audit chain went."""

    about: Mapping[str, str]
    files: tuple[Listed, ...]
    heads: tuple[Head, ...]

    def encoded(self) -> bytes:
        """Return the list as the bytes that are sealed."""
        content = {
            "version": VERSION,
            "about": dict(self.about),
            "files": [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in self.files],
            "chains": [{"case": each.case, "seq": each.seq, "hash": each.hash} for each in self.heads],
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """Return the list in these bytes. Raises ``DossierUnreadable``."""
    try:
        raw = json.loads(content)
        if raw["version"] != VERSION:
            raise DossierUnreadable(reason=f"version {raw['version']}")
        files = tuple(Listed(str(each["path"]), int(each["size"]), _digest(each["sha256"])) for each in raw["files"])
        heads = tuple(Head(str(each["case"]), int(each["seq"]), str(each["hash"])) for each in raw["chains"])
        return Manifest({str(key): str(value) for key, value in raw["about"].items()}, files, heads)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DossierUnreadable(reason=MANIFEST) from error


def _digest(text: Any) -> str:
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise ValueError(text)
    return text


def compare(listed: Sequence[Listed], found: Mapping[str, tuple[int, str]]) -> Iterator[Finding]:
    """Yield how the files of a package (size and SHA-256 by path) differ from its list."""
    for each in listed:
        if each.path not in found:
            yield Finding(Fault.FILE_MISSING, each.path)
        elif found[each.path] != (each.size, each.sha256):
            yield Finding(Fault.FILE_CHANGED, each.path)
    known = {each.path for each in listed}
    yield from (Finding(Fault.FILE_ADDED, path) for path in sorted(found.keys() - known))


def chain_path(case: str) -> str:
    """Return where the audit chain of a case lies in a package."""
    return f"{CHAINS}{case}.jsonl"


def chain_line(row: ChainRow) -> str:
    """Return one event of a chain as a line: its exact body, and the hashes beside it."""
    line = {"seq": row.seq, "body": row.body.decode(), "prev": row.prev_hash, "hash": row.event_hash}
    return json.dumps(line, ensure_ascii=False) + "\n"


def check_chain(head: Head, content: bytes) -> Finding | None:
    """Recompute the audit chain of a case from its file; return the fault, None where it is whole."""
    where = f"{chain_path(head.case)}"
    try:
        rows = [_row(head.case, json.loads(line)) for line in content.decode().splitlines()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Finding(Fault.CHAIN_BROKEN, where)
    found = verify_chain(rows, head)
    return Finding(Fault.CHAIN_BROKEN, f"{where} #{found.seq}") if found else None


def _row(case: str, raw: Mapping[str, Any]) -> ChainRow:
    return ChainRow(case, int(raw["seq"]), str(raw["body"]).encode(), str(raw["prev"]), str(raw["hash"]))
