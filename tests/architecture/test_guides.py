"""The guides name what is on the pages: every label in 「」 is a text of the product, every clause exists."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from app.domain.clauses import CLAUSES
from app.web.help.guides import FOLDER, GUIDES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app" / "web" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
_WORDS = {"zh": ("label", "title"), "en": ("label_en", "title_en")}


def texts(tongue: str) -> set[str]:
    """Every text of pages, forms and models in a language."""
    known = set(from_catalogue(tongue))
    for path in (ROOT / "forms").rglob("*.json"):
        known |= set(from_form(json.loads(path.read_text(encoding="utf-8")), _WORDS[tongue]))
    for path in (ROOT / "bpmn").rglob("*.bpmn"):
        known |= set(re.findall(r'\bname="([^"]+)"', path.read_text(encoding="utf-8")))
    return known


def from_catalogue(tongue: str) -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            text = message.string if tongue == "zh" else message.id
            yield from (text,) if isinstance(text, str) else text


def from_form(found: Any, words: tuple[str, ...]) -> Iterator[str]:
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        if isinstance(value, dict | list):
            yield from from_form(value, words)
        elif key in words:
            yield value


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_role_has_its_guide_and_every_label_in_it_is_on_a_page(tongue):
    known = texts(tongue)
    for name in GUIDES:
        guide = (FOLDER / f"{name}.{tongue}.md").read_text(encoding="utf-8")
        named = set(re.findall("「([^」]+)」", guide))
        assert named, name
        assert named - known == set(), name
        assert set(re.findall(r"\bC\d\.\d[\d.a-z]*", guide)) <= set(CLAUSES), name


def test_there_are_no_guides_of_roles_that_do_not_exist():
    assert {path.name.partition(".")[0] for path in FOLDER.glob("*.md")} == set(GUIDES)
