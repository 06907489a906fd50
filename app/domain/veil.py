"""Blind review (C5.3b): the words by which an applicant could be known, found and covered in any text."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

COVER = "〔隐去〕"
"""What stands in the place of a covered word."""

LEAST_WORD = 2
_LEAST_STEM = 4
_KINDS = ("职业技术学院", "高等专科学校", "大学", "学院", "学校", "中学", "小学", "幼儿园", "教育局")


def words_of(people: Iterable[str], line: Iterable[str]) -> tuple[str, ...]:
    """Return the words that tell whose an application is, the longest first.

    ``people``: their names. ``line``: the names of the units from the branch upward, former names among them: each in
    full, without the name of a unit above it, and without the word for its kind where enough is left to be telling.
    """
    names = [name.strip() for name in line if name.strip()]
    parts = {name for person in people if (name := person.strip())}
    for name in names:
        parts.add(name)
        parts |= {rest for other in names if other != name and (rest := name.removeprefix(other)) != name}
    parts |= {stem for name in tuple(parts) if len(stem := _stem(name)) >= _LEAST_STEM}
    return tuple(sorted((part for part in parts if len(part) >= LEAST_WORD), key=lambda part: (-len(part), part)))


def _stem(name: str) -> str:
    return next((name.removesuffix(kind) for kind in _KINDS if name.endswith(kind)), "")


def pattern_of(words: Iterable[str]) -> str:
    """Return a regular expression that finds any of these words, also with spaces between the characters."""
    return "|".join(r"\s*".join(map(re.escape, word)) for word in words)


def covered(value: Any, words: Iterable[str]) -> Any:
    """Return a JSON value with every one of ``words`` covered in every text of it."""
    pattern = pattern_of(words)
    return _covered(value, re.compile(pattern, re.IGNORECASE)) if pattern else value


def _covered(value: Any, found: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return found.sub(COVER, value)
    if isinstance(value, Mapping):
        return {key: _covered(each, found) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_covered(each, found) for each in value]
    return value
