"""How many pages a file has, as far as its format says so without rendering it."""

import re

_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_COUNT = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b", re.DOTALL)


def count_pages(content: bytes, media_type: str) -> int | None:
    """Return the pages of an image (one) or of a PDF with readable page objects, None where the file does not say."""
    if media_type.startswith("image/"):
        return 1
    if media_type != "application/pdf":
        return None
    counts = [int(found[1] or found[2]) for found in _COUNT.finditer(content)]
    return max(counts, default=0) or len(_PAGE.findall(content)) or None
