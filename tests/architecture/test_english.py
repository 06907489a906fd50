"""Every word that the product's own models, forms and settings are written in has its English in bpmn/english.json."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import app.services.papers.listed_offices  # noqa: F401  # registers the lists of the offices
from app.domain.cycle import CycleSettings
from app.services.papers.listed import known_lists
from app.services.programme.material import PROVES
from app.services.programme.wording import _WORDS
from app.web.english import RuleSaid, rule_said

ROOT = Path(__file__).resolve().parents[2]
ENGLISH: dict[str, str] = json.loads((ROOT / "bpmn" / "english.json").read_text(encoding="utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")


def options(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from (each["label"] for each in found.get("values", []) if "label" in each)
        for value in found.values():
            yield from options(value)
    elif isinstance(found, list):
        for value in found:
            yield from options(value)


def named(path: Path) -> set[str]:
    return {each.get("name", "") for each in etree.parse(path).iter("{*}*")}


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_the_names_of_a_model_are_known(path):
    assert {name for name in named(path) if CHINESE.search(name)} - set(ENGLISH) == set()


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn" / "decisions").glob("*.dmn")), ids=lambda path: path.stem)
def test_the_names_of_a_decision_are_known(path):
    labels = {each.get("label", "") for each in etree.parse(path).iter("{*}*")}
    assert {name for name in named(path) | labels if CHINESE.search(name)} - set(ENGLISH) == set()


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn" / "decisions").glob("*.dmn")), ids=lambda path: path.stem)
def test_what_the_rules_of_a_decision_say_is_known(path):
    notes = [each.text or "" for each in etree.parse(path).iter("{*}description")]
    assert notes
    assert {rule_said([note]).words for note in notes} - set(ENGLISH) - {""} == set()


def test_a_rules_note_is_its_clauses_and_its_words():
    assert rule_said(["C5.2a C6.7 高校", "补充"]) == RuleSaid(("C5.2a", "C6.7"), "高校 补充")
    assert rule_said(["", "CPC 的文件"]) == RuleSaid((), "CPC 的文件")


def test_the_answers_of_forms_are_known():
    forms = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "forms").glob("*/*.json"))]
    assert {label for form in forms for label in options(form)} - set(ENGLISH) == set()


def test_settings_and_what_files_prove_are_known():
    settings = {each.metadata["note"].name for each in fields(CycleSettings) if "note" in each.metadata}
    assert (settings | set(_WORDS.values()) | set(PROVES.values())) - set(ENGLISH) == set()


def test_the_heads_of_lists_are_known():
    heads = {words for each in known_lists().values() for words in (each.name, *each.columns)}
    assert heads - set(ENGLISH) == set()


def test_no_english_is_chinese():
    assert {words for words in ENGLISH.values() if CHINESE.search(words)} == set()
