"""Evidence for made-up cases: one-page PDF files, valid and tiny, no two alike."""

from pathlib import Path

_SCAN = Path(__file__).parent / "scan.jpg"
_PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R"


def paper(title: str) -> bytes:
    """Return a one-page PDF that says ``title``; only ASCII can be shown without embedding a font."""
    shown = title.encode("ascii", "replace").decode().replace("\\", "/").replace("(", "[").replace(")", "]")
    text = f"BT /F1 16 Tf 72 760 Td (DEMONSTRATION PAPER) Tj 0 -28 Td /F1 11 Tf ({shown}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< {_PAGE} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    )
    return _file(objects)


def scan() -> bytes:
    """Return the picture of a paper that names the branch whose it is: the first of 兰州理工大学's faculties."""
    return _SCAN.read_bytes()


def _file(objects: tuple[str, ...]) -> bytes:
    """The objects with their table of places, which readers look for at the end."""
    body, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + head + table + tail).encode("ascii")
