"""Blind review (C5.3b): the words by which an applicant could be known, found and covered in any text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError, Kind

COVER = "〔隐去〕"
"""What stands in the place of a covered word."""

LEAST_WORD = 2
_LEAST_STEM = 4
_LONGEST_SHORT, _MOST_SHORTS = 12, 20
_ORDINARY = (
    *(
        "党委",
        "党支部",
        "党总支",
        "支部书记",
        "书记工作室",
        "教工",
        "教师",
        "学生",
        "教育",
        "教学",
        "思政",
        "党建",
        "业务",
        "融合",
    ),
    *(
        "学科",
        "专业",
        "科研",
        "课程",
        "中国",
        "甘肃",
        "全国",
        "省级",
        "国家",
        "建设",
        "工作",
        "示范",
        "引领",
        "双带头人",
        "高校",
    ),
)
"""Words that applications are full of: whoever covered them would leave nothing to judge."""

_KINDS = ("职业技术学院", "高等专科学校", "大学", "学院", "学校", "中学", "小学", "幼儿园", "教育局")


@dataclass(frozen=True, slots=True)
class Short:
    """A short form of a unit's name (简称); ``but``: longer words in which it means something else."""

    text: str
    but: tuple[str, ...] = ()


class ShortFormWrong(DomainError):
    """A short form is no word to cover. Params: ``reason``, ``word``."""

    code = "short_form_wrong"
    kind = Kind.BAD_INPUT


def shorts_of(typed: str) -> tuple[Short, ...]:
    """Return short forms as they are typed, one a line: ``兰大 | 荷兰大使馆, 芬兰大学``. Raises ``ShortFormWrong``."""
    found = {}
    for line in filter(str.strip, typed.splitlines()):
        text, _, but = line.partition("|")
        short = Short(text.strip(), tuple(each for each in re.split(r"[,，、\s]+", but.strip()) if each))
        _check(short)
        found[short.text] = short
    if len(found) > _MOST_SHORTS:
        raise ShortFormWrong(reason="short_form_many", word="")
    return tuple(found.values())


def _check(short: Short) -> None:
    if not LEAST_WORD <= len(short.text) <= _LONGEST_SHORT or not short.text.isalnum():
        raise ShortFormWrong(reason="short_form_length", word=short.text)
    if any(short.text in word for word in (*_KINDS, *_ORDINARY)):
        raise ShortFormWrong(reason="short_form_ordinary", word=short.text)
    stray = next((each for each in short.but if short.text not in each or each == short.text), None)
    if stray is not None:
        raise ShortFormWrong(reason="short_form_stray", word=stray)


def shorts_from_json(raw: Iterable[Mapping[str, Any]]) -> tuple[Short, ...]:
    """Return short forms as they are kept."""
    return tuple(Short(each["text"], tuple(each["but"])) for each in raw)


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


def pattern_of(words: Iterable[str | Short]) -> str:
    """Return a regular expression that finds any of these words, also with spaces between the characters."""
    return "|".join(_spaced(word) if isinstance(word, str) else _short(word) for word in words)


def _spaced(word: str) -> str:
    return r"\s*".join(map(re.escape, word))


def _short(short: Short) -> str:
    """A short form where it does not stand within one of the longer words that mean something else."""
    if short.text.isascii():
        return rf"(?<![A-Za-z0-9]){_spaced(short.text)}(?![A-Za-z0-9])"
    return "".join(_not_within(short.text, longer) for longer in short.but) + _spaced(short.text)


def _not_within(text: str, longer: str) -> str:
    before, _, after = longer.partition(text)
    behind = f"(?<={re.escape(before)})" if before else ""
    return f"(?!{behind}{_spaced(text + after)})"


def covered(value: Any, words: Iterable[str | Short]) -> Any:
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
