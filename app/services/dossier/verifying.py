"""A dossier checked without the system: its seal, every file against the list, every audit chain recomputed."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.adapters.sealing import is_signed
from app.domain.dossier import (
    MANIFEST,
    SEAL,
    DossierUnreadable,
    Fault,
    Finding,
    Manifest,
    chain_path,
    check_chain,
    compare,
    read_manifest,
)

_PART = 1 << 20
_LARGEST_TOLD = 256 << 20
"""Bytes of list, seal and chains: what is read into memory."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check saw: what the package is about, whose key sealed it, how many files, and every fault."""

    manifest: Manifest
    public_key: str
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings


def verify_dossier(path: Path, *, key: str | None = None) -> Checked:
    """Check the package at ``path``; ``key`` (hex): the public key that must have sealed it.

    Raises ``DossierUnreadable``.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return _verify(packed, key)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise DossierUnreadable(reason=str(error)) from error


def _verify(packed: zipfile.ZipFile, key: str | None) -> Checked:
    manifest_bytes = _told(packed, MANIFEST)
    manifest = read_manifest(manifest_bytes)
    public_key, signature = _seal(_told(packed, SEAL))
    findings = [*_sealed(manifest_bytes, signature, public_key, key), *compare(manifest.files, _found(packed))]
    listed = {each.path for each in manifest.files}
    for head in manifest.heads:
        if chain_path(head.case) not in listed:
            findings.append(Finding(Fault.CHAIN_BROKEN, chain_path(head.case)))
        elif chain_path(head.case) in packed.namelist():
            broken = check_chain(head, _told(packed, chain_path(head.case)))
            findings += [broken] if broken else []
    return Checked(manifest, public_key.hex(), tuple(findings))


def _sealed(content: bytes, signature: bytes, public_key: bytes, key: str | None) -> Iterator[Finding]:
    if not is_signed(content, signature, public_key):
        yield Finding(Fault.SEAL_BROKEN, SEAL)
    if key is not None and key.strip().lower() != public_key.hex():
        yield Finding(Fault.OTHER_KEY, SEAL)


def _seal(content: bytes) -> tuple[bytes, bytes]:
    try:
        seal = json.loads(content)
        return bytes.fromhex(seal["public_key"]), bytes.fromhex(seal["signature"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DossierUnreadable(reason=SEAL) from error


def _told(packed: zipfile.ZipFile, path: str) -> bytes:
    if packed.getinfo(path).file_size > _LARGEST_TOLD:
        raise DossierUnreadable(reason=path)
    return packed.read(path)


def _found(packed: zipfile.ZipFile) -> dict[str, tuple[int, str]]:
    """Every file's size and digest, read part by part. Of two under one name readers see either: none may be twice."""
    found: dict[str, tuple[int, str]] = {}
    for entry in packed.infolist():
        if entry.filename in (MANIFEST, SEAL):
            continue
        if entry.filename in found:
            raise DossierUnreadable(reason=entry.filename)
        size, digest = 0, hashlib.sha256()
        with packed.open(entry) as file:
            while part := file.read(_PART):
                size += len(part)
                digest.update(part)
        found[entry.filename] = (size, digest.hexdigest())
    return found
