"""The roster's three sheets and their columns: how each is headed, and how a sheet is recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Cells = Mapping[str, str]
"""A row's texts by column key; a column that the sheet lacks is not among them."""


class SheetKind(StrEnum):
    """What a sheet lists."""

    UNITS = "units"
    PEOPLE = "people"
    HOLDINGS = "holdings"


SHEET_NAMES: Mapping[SheetKind, str] = {
    SheetKind.UNITS: "单位",
    SheetKind.PEOPLE: "人员",
    SheetKind.HOLDINGS: "任职",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key (which is a heading, too), its Chinese heading, whether it must be there, what goes in."""

    key: str
    heading: str
    hint: str
    is_required: bool = True


COLUMNS: Mapping[SheetKind, tuple[Column, ...]] = {
    SheetKind.UNITS: (
        Column("code", "单位编码", "本省统一编码，不可重复"),
        Column("name", "单位名称", "规范全称"),
        Column("kind", "单位类别", "高校、院系党组织、中小学校、党支部等"),
        Column("superior", "上级编码", "上级单位的编码；省级留空"),
        Column("governance", "隶属", "高校、学校必填，其他留空"),
        Column("schooling", "办学类型", "可留空", is_required=False),
        Column("is_school_party", "本身即学校党组织", "是 或 留空", is_required=False),
    ),
    SheetKind.PEOPLE: (
        Column("login", "登录名", "2—40 个字母、数字或 . _ -"),
        Column("name", "姓名", ""),
        Column("unit", "所属单位编码", "人事关系所在单位", is_required=False),
        Column("id_number", "身份证号", "18 位；加密保存，页面上只显示前三后四位", is_required=False),
    ),
    SheetKind.HOLDINGS: (
        Column("login", "登录名", "须已有此人，或在“人员”表中列出"),
        Column("name", "姓名", "仅供核对，可留空", is_required=False),
        Column("role", "角色", "如 主持人（申报人）、初评单位"),
        Column("unit", "单位编码", ""),
        Column("valid_from", "任期起", "如 2026-03-01"),
        Column("valid_to", "任期止", "留空为不限期", is_required=False),
    ),
}

REMARKS = frozenset({"备注", "note", "核对结果", "说明"})
"""Columns that are read over: remarks, and what a checked sheet that was downloaded says about its rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was read: its rows with their line numbers; the first row holds the headings."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a sheet is: its kind (None: none of the three), the keys of its columns by place, what is wrong with them.

    ``missing`` and ``unknown`` are headings as people write them.
    """

    kind: SheetKind | None
    places: tuple[str | None, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def recognise(sheet: Sheet) -> Recognised:
    """Tell what a sheet lists: by its name, else by the kind most of whose columns it has."""
    headings = [_plain(text) for text in sheet.rows[0][1]] if sheet.rows else []
    named = next((kind for kind, name in SHEET_NAMES.items() if sheet.name.strip() in {name, kind.value}), None)
    kind = named or _nearest(headings)
    if kind is None:
        return Recognised(None, unknown=tuple(heading for heading in headings if heading))
    keys = {word: column.key for column in COLUMNS[kind] for word in (column.key, column.heading)}
    places = tuple(keys.get(heading) for heading in headings)
    missing = tuple(column.heading for column in COLUMNS[kind] if column.is_required and column.key not in places)
    known = keys.keys() | REMARKS
    return Recognised(kind, places, missing, tuple(text for text in headings if text and text not in known))


def cells_of(places: Sequence[str | None], texts: Sequence[str]) -> Cells:
    """Return a row's texts by the keys of their columns; a row that is too short has blanks at its end."""
    padded = [*texts, *[""] * (len(places) - len(texts))]
    return {key: text.strip() for key, text in zip(places, padded, strict=False) if key}


def _nearest(headings: Sequence[str]) -> SheetKind | None:
    def fit(kind: SheetKind) -> int:
        words = {word for column in COLUMNS[kind] for word in (column.key, column.heading)}
        return sum(heading in words for heading in headings)

    best = max(SheetKind, key=fit)
    return best if fit(best) > 1 else None


def _plain(heading: str) -> str:
    return "".join(heading.split()).rstrip("*＊").lower()
