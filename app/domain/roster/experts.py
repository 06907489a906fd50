"""The register of experts as an office lists it: who they are, what they judge, what they published (C5.3a)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.roster.columns import Cells, Column, Sheet
from app.domain.roster.plan import Change, Fault, PlannedRow, judged
from app.domain.roster.units import KnownUnit

EXPERTS, WORKS = "专家", "发表"
"""The sheets' names in the template."""

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    EXPERTS: (
        Column("login", "登录名", "须已有账号；没有的先由系统管理员导入人员"),
        Column("name", "姓名", "与账号一致，供核对"),
        Column("unit", "所在单位编码", "用于回避本单位和上级单位", is_required=False),
        Column("post", "职务", "可留空", is_required=False),
        Column("fields", "专业领域", "用顿号分开；类别名称（高校、中小学校）也算领域", is_required=False),
        Column("available", "可抽取", "是 或 否；留空为是", is_required=False),
    ),
    WORKS: (
        Column("login", "登录名", "须在专家库中，或在“专家”表中列出"),
        Column("title", "题名", ""),
        Column("published_on", "发表日期", "如 2025-03-01"),
        Column("authors", "作者", "用逗号分开；用于回避近三年合作", is_required=False),
    ),
}

_YES, _NO = "是", "否"
_SAID = {True: _YES, False: _NO}
_LONGEST_POST, _LONGEST_FIELDS = 60, 500


@dataclass(frozen=True, slots=True)
class KnownExpert:
    """Somebody with an account; ``is_expert``: the register has them. ``unit``: its code."""

    name: str
    is_expert: bool = False
    unit: str = ""
    post: str = ""
    fields: tuple[str, ...] = ()
    available: bool = True
    works: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class WantedExpert:
    """An expert as a row wants them."""

    login: str
    unit: str
    post: str
    fields: tuple[str, ...]
    available: bool


@dataclass(frozen=True, slots=True)
class WantedWork:
    """A publication that a row adds to an expert's list."""

    login: str
    title: str
    published_on: date
    authors: str


@dataclass(frozen=True, slots=True)
class There:
    """What rows are compared with: people by login, units by code."""

    people: Mapping[str, KnownExpert]
    units: Mapping[str, KnownUnit]


@dataclass(slots=True)
class Listed:
    """Who the sheet of experts lists: the line and the texts of each login, to find who is described twice."""

    seen: dict[str, tuple[int, Cells]] = field(default_factory=dict)


def kind_of(sheet: Sheet, headings: Sequence[str]) -> str:
    """Tell which of the two sheets this is: by its name, else by whether it has titles."""
    if sheet.name.strip() in COLUMNS:
        return sheet.name.strip()
    return WORKS if {"题名", "title"} & set(headings) else EXPERTS


def fields_of(text: str) -> tuple[str, ...]:
    """Return fields as people type them, each once."""
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return tuple(dict.fromkeys(each.strip() for each in parts if each.strip()))


def plan_experts(
    rows: Sequence[tuple[int, Cells]], there: There, listed: Listed
) -> list[tuple[PlannedRow, WantedExpert | None]]:
    """Return each row's verdict with the expert it wants (None: refused)."""
    planned = []
    for line, cells in rows:
        login = cells.get("login", "")
        faults = [*_faults(cells, there), *_twice(line, cells, listed)]
        before, wanted = there.people.get(login), _wanted(cells)
        changes = list(_changes(before, wanted)) if before is not None and before.is_expert else None
        row = judged(line, login, cells.get("name", ""), changes, faults)
        planned.append((row, None if faults else wanted))
    return planned


def _wanted(cells: Cells) -> WantedExpert:
    return WantedExpert(
        cells.get("login", ""),
        cells.get("unit", ""),
        cells.get("post", ""),
        fields_of(cells.get("fields", "")),
        cells.get("available", "") != _NO,
    )


def _faults(cells: Cells, there: There) -> Iterator[Fault]:
    login, unit = cells.get("login", ""), cells.get("unit", "")
    known = there.people.get(login)
    if known is None:
        yield Fault("person_not_there", {"value": login})
    elif cells.get("name") != known.name:
        yield Fault("named_differently", {"value": login, "other": known.name})
    if unit and unit not in there.units:
        yield Fault("unit_not_there", {"value": unit})
    elif unit and there.units[unit].is_closed:
        yield Fault("unit_closed", {"value": unit})
    if cells.get("available", "") not in {"", _YES, _NO}:
        yield Fault("yes_or_no", {"value": cells["available"]})
    for key, longest in (("post", _LONGEST_POST), ("fields", _LONGEST_FIELDS)):
        if len(cells.get(key, "")) > longest:
            yield Fault("too_long", {"value": cells[key][:20], "most": str(longest)})


def _twice(line: int, cells: Cells, listed: Listed) -> Iterator[Fault]:
    login = cells.get("login", "")
    if login in listed.seen:
        first, other = listed.seen[login]
        code = "person_twice" if dict(other) == dict(cells) else "described_differently"
        yield Fault(code, {"value": login, "line": str(first)})
    listed.seen.setdefault(login, (line, cells))


def _changes(before: KnownExpert, after: WantedExpert) -> Iterator[Change]:
    pairs = (
        ("unit", before.unit, after.unit),
        ("post", before.post, after.post),
        ("fields", "、".join(before.fields), "、".join(after.fields)),
        ("available", _SAID[before.available], _SAID[after.available]),
    )
    return (Change(*pair) for pair in pairs if pair[1] != pair[2])


def plan_works(
    rows: Sequence[tuple[int, Cells]], there: There, listed: Listed
) -> list[tuple[PlannedRow, WantedWork | None]]:
    """Return each row's verdict with the publication it adds (None: refused, or on the list already)."""
    planned: list[tuple[PlannedRow, WantedWork | None]] = []
    seen: set[tuple[str, str, date | None]] = set()
    for line, cells in rows:
        login, title = cells.get("login", ""), cells.get("title", "")
        day, known = _day(cells.get("published_on", "")), there.people.get(login)
        faults = list(_work_faults(cells, known, day, is_listed=login in listed.seen))
        if (login, title, day) in seen:
            faults.append(Fault("work_twice", {"value": title}))
        seen.add((login, title, day))
        is_there = known is not None and day is not None and (title, day) in known.works
        row = judged(line, login, title, [] if is_there else None, faults)
        wanted = WantedWork(login, title, day, cells.get("authors", "")) if day and not (faults or is_there) else None
        planned.append((row, wanted))
    return planned


def _work_faults(cells: Cells, known: KnownExpert | None, day: date | None, *, is_listed: bool) -> Iterator[Fault]:
    if known is None or not (known.is_expert or is_listed):
        yield Fault("expert_not_there", {"value": cells.get("login", "")})
    if not cells.get("title"):
        yield Fault("title_missing")
    if day is None:
        yield Fault("day_wrong", {"value": cells.get("published_on", "")})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
