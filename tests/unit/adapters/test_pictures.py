"""How large a picture is, whatever stands around its header."""

import io

import pytest
from PIL import Image

from app.adapters.pictures import pixels_of


def picture(kind: str, **options: object) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200)).save(kept, kind, **options)
    return kept.getvalue()


PICTURES = {
    "png": picture("PNG"),
    "jpeg": picture("JPEG"),
    "progressive jpeg": picture("JPEG", progressive=True),
    "jpeg with exif": picture("JPEG", exif=b"Exif\0\0" + b"\xff\xc0" * 300),
    "jpeg with a comment": picture("JPEG", comment=b"\xff\xd8\xff" * 100),
}


@pytest.mark.parametrize("content", PICTURES.values(), ids=PICTURES)
def test_a_picture_says_how_large_it_is(content):
    assert pixels_of(content) == 320 * 200


@pytest.mark.parametrize("content", PICTURES.values(), ids=PICTURES)
def test_a_torn_one_breaks_nothing(content):
    found = {pixels_of(content[:length]) for length in range(min(len(content), 700))}
    assert found <= {0, 320 * 200}


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4", b"\xff\xd8\xff\xda", b"\xff\xd8" + b"\xff" * 900, b"\xff\xd8\xff\xe0\0\0"]
)
def test_what_is_no_picture_has_no_pixels(content):
    assert pixels_of(content) == 0
