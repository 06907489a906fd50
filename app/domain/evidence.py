"""What may be uploaded as evidence: kinds of file, size, and a name that is safe to show and to save."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError, Kind

MOST_BYTES = 20 * 1024 * 1024
"""Largest file accepted, in bytes."""

MOST_PIXELS = 80_000_000
"""Most pixels of a picture: a page of A2 at 300 dpi has 35 million, a good phone's photo 50."""

_OFFICE = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES: Mapping[str, frozenset[str]] = {
    "pdf": frozenset({"application/pdf"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "png": frozenset({"image/png"}),
    "docx": frozenset({f"{_OFFICE}.wordprocessingml.document"}),
    "xlsx": frozenset({f"{_OFFICE}.spreadsheetml.sheet"}),
}
"""Accepted endings of a file's name, and the media types that its bytes must then show."""

_LONGEST_NAME = 120
_SEPARATORS = re.compile(r"[\\/]")
_RESERVED = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")


class FileEmpty(DomainError):
    """An empty file is no evidence."""

    code = "file_empty"
    kind = Kind.BAD_INPUT


class FileTooLarge(DomainError):
    """The file is larger than allowed. Params: ``size``, ``most``, both bytes."""

    code = "file_too_large"
    kind = Kind.TOO_LARGE


class PictureTooLarge(DomainError):
    """The picture unfolds to more pixels than anybody needs to read it. Params: ``name``, ``most``, in millions."""

    code = "picture_too_large"
    kind = Kind.TOO_LARGE


class FileKindRefused(DomainError):
    """Files of this kind are not accepted. Params: ``name``, ``accepted``: the accepted endings."""

    code = "file_kind_refused"


class FileKindMismatch(DomainError):
    """The bytes are not what the name says. Params: ``name``, ``found``: the media type that the bytes show."""

    code = "file_kind_mismatch"


class FileNameUnusable(DomainError):
    """Nothing usable is left of the file's name."""

    code = "file_name_unusable"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """An upload that may be kept."""

    name: str
    size: int
    media_type: str


def accept(name: str, size: int, sniffed: str) -> AcceptedFile:
    """Return the upload under its cleaned name; ``sniffed`` is the media type that its bytes show.

    Raises ``FileEmpty``, ``FileTooLarge``, ``FileNameUnusable``, ``FileKindRefused``, ``FileKindMismatch``.
    """
    if size == 0:
        raise FileEmpty
    if size > MOST_BYTES:
        raise FileTooLarge(size=size, most=MOST_BYTES)
    cleaned = clean_name(name)
    ending = cleaned.rpartition(".")[2].lower()
    if "." not in cleaned or ending not in MEDIA_TYPES:
        raise FileKindRefused(name=cleaned, accepted=", ".join(MEDIA_TYPES))
    if sniffed not in MEDIA_TYPES[ending]:
        raise FileKindMismatch(name=cleaned, found=sniffed)
    return AcceptedFile(cleaned, size, sniffed)


def check_picture(name: str, pixels: int) -> None:
    """Check that a picture can be looked at by whoever decodes it. Raises ``PictureTooLarge``."""
    if pixels > MOST_PIXELS:
        raise PictureTooLarge(name=name, most=MOST_PIXELS // 1_000_000)


def clean_name(name: str) -> str:
    """Return the name without folders, control and direction marks, reserved characters and leading dots.

    NFC, at most 120 characters with the ending kept. Raises ``FileNameUnusable``.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C" or char in "\t\n")
    plain = _SPACES.sub(" ", _RESERVED.sub("_", visible)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not plain:
        raise FileNameUnusable
    if not dot or len(ending) > _LONGEST_NAME // 2:
        return plain[:_LONGEST_NAME].rstrip(" .")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].rstrip(' .')}.{ending}"
