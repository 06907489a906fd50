"""How large a picture is, by its header: whoever decodes it must not drown in what a small file unfolds to."""

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Markers of JPEG (ITU T.81, table B.1) behind which height and width stand."""

_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARK, _SCAN = 0xFF, 0xDA


def pixels_of(content: bytes) -> int:
    """Return width times height of a PNG or JPEG picture; 0 for anything else, and where the header is torn."""
    if content.startswith(_PNG):
        return _area(content, 16, ">II")
    return _of_jpeg(content) if content.startswith(_JPEG) else 0


def _of_jpeg(content: bytes) -> int:
    at = 2
    while at + 4 <= len(content):
        if content[at] != _MARK:
            return 0
        marker = content[at + 1]
        if marker in _FRAMES:
            return _area(content, at + 5, ">HH")
        if marker == _SCAN:
            return 0
        if marker == _MARK:  # padding
            at += 1
        else:
            at += 2 if marker in _ALONE else 2 + struct.unpack_from(">H", content, at + 2)[0]
    return 0


def _area(content: bytes, at: int, shape: str) -> int:
    if len(content) < at + struct.calcsize(shape):
        return 0
    one, other = struct.unpack_from(shape, content, at)
    return int(one * other)
