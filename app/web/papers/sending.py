"""A file as an answer: saved under a name of its own, run by no browser, kept by no cache."""

import unicodedata
from io import BytesIO
from urllib.parse import quote

from flask import Response, send_file

from app.services.papers.bundles import Bundle
from app.services.papers.reading import OpenedPaper


def send(paper: OpenedPaper) -> Response:
    """Return the file as an attachment."""
    answer = send_file(BytesIO(paper.content), paper.media_type, as_attachment=True, download_name=paper.file_name)
    return _kept_private(answer)


def stream(bundle: Bundle) -> Response:
    """Return the zip piece by piece, as an attachment."""
    answer = Response(bundle.chunks(), mimetype="application/zip")
    latin = unicodedata.normalize("NFKD", bundle.file_name).encode("ascii", "ignore").decode().strip()
    latin = latin if latin.removesuffix(".zip") else "bundle.zip"
    names = {"filename": latin, "filename*": f"UTF-8''{quote(bundle.file_name, safe='')}"}  # gunicorn sends Latin only
    answer.headers.set("Content-Disposition", "attachment", **names)
    return _kept_private(answer)


def _kept_private(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
