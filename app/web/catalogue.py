"""The catalogue of translations: extracted from the sources, kept as text, compiled beside it.

``python -m app.web.catalogue`` brings both files up to date after texts have changed and lists what has no Chinese yet.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.config import PROJECT

LOCALE = "zh_Hans_CN"
"""Chinese as Babel names it; English needs no catalogue: it is the texts themselves."""

FOLDER = Path(__file__).parent / "translations" / LOCALE / "LC_MESSAGES"
TEXT_FILE = FOLDER / "messages.po"
COMPILED_FILE = FOLDER / "messages.mo"

_METHODS = [("app/**.py", "python"), ("app/web/**/templates/**.html", "jinja2")]
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "_n": (1, 2),
}  # fmt: skip
_WIDTH = 120
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def extracted() -> Catalog:
    """Return every text of the sources, untranslated."""
    catalogue = Catalog(locale=LOCALE)
    found = extract_from_dir(
        PROJECT,
        method_map=_METHODS,
        options_map={"app/web/**/templates/**.html": {"silent": "false"}},
        keywords=_KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in {".venv", "node_modules"},
    )
    for file_name, _line, texts, _comments, context in found:
        if file_name.startswith("app/"):
            catalogue.add(texts, locations=[(file_name, 0)], context=context)
    return catalogue


def kept() -> Catalog:
    """Return the catalogue as it lies in the tree."""
    if not TEXT_FILE.exists():
        return Catalog(locale=LOCALE)
    return read_po(BytesIO(TEXT_FILE.read_bytes()), locale=LOCALE)


def refreshed() -> Catalog:
    """Return the kept catalogue brought up to date with the sources: nothing guessed, nothing obsolete."""
    translations = {message.id: message for message in kept() if message.id}
    catalogue = Catalog(locale=LOCALE, header_comment="# Chinese texts of the pages.")
    catalogue.revision_date = catalogue.creation_date
    for message in sorted((found for found in extracted() if found.id), key=_place):
        known = translations.get(message.id)
        files = sorted({name for name, _ in message.locations})
        catalogue.add(message.id, known.string if known else "", locations=[(name, 0) for name in files])
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts that have no Chinese, or one marked as doubtful."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _is_complete(message))]


def text_of(catalogue: Catalog) -> bytes:
    """Write a catalogue as text, without the dates that would change it at every run."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=_WIDTH, include_lineno=False, omit_header=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {LOCALE}\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
    return (header + '"Content-Type: text/plain; charset=utf-8\\n"\n\n').encode() + buffer.getvalue()


def compiled_of(catalogue: Catalog) -> bytes:
    """Compile a catalogue, without dates of its own: the same texts give the same bytes."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def refresh() -> list[str]:
    """Bring both files up to date and return what has no Chinese yet."""
    catalogue = refreshed()
    FOLDER.mkdir(parents=True, exist_ok=True)
    TEXT_FILE.write_bytes(text_of(catalogue))
    COMPILED_FILE.write_bytes(compiled_of(kept()))
    return untranslated(catalogue)


def _place(message: Message) -> tuple[str, str]:
    return (min(name for name, _ in message.locations), str(message.id))


def _is_complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and bool(texts)


if __name__ == "__main__":
    missing = refresh()
    sys.stdout.writelines(f"{text}\n" for text in missing)
    sys.exit(1 if missing else 0)
