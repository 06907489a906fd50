"""The application form on paper: what was stated, its evidence, the declarations, the pledge, and places to sign."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.domain.forms.schema import (
    CHOOSERS,
    Field,
    FieldKind,
    Group,
    Part,
    Prose,
    Rows,
    fields_within,
    rows_within,
)
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.hooks import Case
from app.services.programme.material import CaseFile, Material, material_of
from app.services.programme.subjects import last_values
from app.services.programme.wording import day_text
from app.store.models import Application, ClauseFinding, Declaration, FindingKind, Unit, Verdict
from app.store.queries import applications as rows
from app.store.queries.lines import units

_WIDE = frozenset({FieldKind.LONG_TEXT, FieldKind.FILES})
_NAMING = frozenset({"title", "issuer", "venue", "team"})
_NO_DATE = "　　年　　月　　日"
_BODIES: Mapping[RoleKey, tuple[str, str]] = {
    RoleKey.SUPERIOR_PARTY: ("上级党组织意见", "attest_superior"),
    RoleKey.SCHOOL_PARTY: ("所在学校党组织意见", "declare_school"),
    RoleKey.DISCIPLINE: ("纪检机构意见", "declare_discipline"),
}
_SAID: Mapping[tuple[str, bool], str] = {
    ("C4.1a", True): "政治方向正确、政治觉悟高",
    ("C4.1a", False): "不能证明政治方向正确、政治觉悟高",
    ("C4.5a", True): "重视党建和思想政治教育工作，专职党务人员配备达标",
    ("C4.5a", False): "专职党务人员配备等未达标",
    ("C4.5b", True): "近两年没有建设方案所列情形",
    ("C4.5b", False): "近两年有建设方案所列情形",
}
Section = dict[str, Any]


def application_sections(act: Act, case: Case, application: Application) -> list[Section]:
    """Return the sections of the form, as JSON values."""
    material = material_of(act, case)
    if material is None:
        raise LookupError(f"case {case.id} was not submitted")
    stated = [_stated(group, material) for group in material.form.parts if isinstance(group, Group)]
    filled = [section for section in stated if section["pairs"] or section["tables"]]
    pledge = _section("诚信承诺", paragraphs=list(_prose(material.form.parts[-1:])))
    pledge["places"] = [
        _place("本人承诺以上内容真实、准确、完整。", "主持人签名", application.pledged_at, sealed=False)
    ]
    parts = [*filled, _evidence(material.files.values()), pledge, *_declared(act, case)]
    parts += [_reviewed(act, application)]
    return [part | {"heading": f"{_NUMERALS[place]}、{part['heading']}"} for place, part in enumerate(parts)]


_NUMERALS = "一二三四五六七八九十"


def _section(heading: str, **parts: Any) -> Section:
    return {"heading": heading, "paragraphs": [], "pairs": [], "tables": [], "places": [], **parts}


def _stated(group: Group, material: Material) -> Section:
    """A group of the form: its single values as pairs, its lists as tables; a pledge ticked is no value."""
    pairs = [
        [field.label.zh or "日期", _shown(field, material.values.get(field.key), material)]
        for field in fields_within(group.parts)
        if field.kind is not FieldKind.CHECKBOX and field.key != "signature"
    ]
    tables = [_table(each, material) for each in rows_within(group.parts)]
    return _section(group.label.zh, pairs=[pair for pair in pairs if pair[1]], tables=tables)


def _table(listed: Rows, material: Material) -> dict[str, Any]:
    given = material.values.get(listed.key) or ()
    return {
        "title": listed.label.zh,
        "columns": [field.label.zh or "日期" for field in listed.fields],
        "widths": [2 if field.kind in _WIDE or field.key in _NAMING else 1 for field in listed.fields],
        "rows": [[_shown(field, row.get(field.key), material) for field in listed.fields] for row in given],
    }


def _shown(field: Field, value: Any, material: Material) -> str:
    """A value in the words of its form."""
    if value in (None, "", []):
        return ""
    if field.kind is FieldKind.FILES:
        return "\n".join(material.files[each].file_name for each in value if each in material.files)
    if field.kind in CHOOSERS:
        labels = {option.value: option.label for option in field.choices.fixed}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(str(labels.get(each, each)) for each in chosen)
    if field.kind is FieldKind.DATE:
        return day_text(date.fromisoformat(value))
    return str(value)


def _prose(parts: Iterable[Part]) -> Iterator[str]:
    """What the form itself says, without its marks of emphasis."""
    for part in parts:
        if isinstance(part, Prose):
            yield part.text.zh.replace("**", "")
        elif isinstance(part, Group):
            yield from _prose(part.parts)


def _evidence(files: Iterable[CaseFile]) -> Section:
    listed = [
        [
            str(place),
            file.file_name,
            file.clause_id or "",
            "" if file.pages is None else str(file.pages),
            file.sha256,
            "已核验" if file.checked_at else "",
        ]
        for place, file in enumerate(files, start=1)
    ]
    table = {
        "title": f"共{len(listed)}件",
        "columns": ["序号", "文件", "条款", "页数", "SHA-256", "原件"],
        "widths": [1, 4, 2, 1, 5, 2],
        "rows": listed,
    }
    return _section("证明材料清单", tables=[table])


def _declared(act: Act, case: Case) -> Iterator[Section]:
    """What each body declared, its latest word on a clause; a place to seal, whether it has spoken or not."""
    found = rows.stated_by(act.session, case.id).declarations
    names = {unit.id: unit.name for unit in units(act.session, [each.unit_id for each in found if each.unit_id])}
    places = []
    for role, (heading, element) in _BODIES.items():
        latest = {each.clause_id: each for each in found if each.by_role == role}
        said = list(latest.values())
        signer = last_values(act, case, element).get("signer") if said else None
        words = "\n".join((f"{heading}（{_unit(said, names)}）", *map(_said, said))) if said else f"{heading}："
        places.append(_place(words, "负责人签名", said[-1].at if said else None, signed=signer or ""))
    yield _section("证明与声明", places=places)


def _unit(said: list[Declaration], names: Mapping[int, str]) -> str:
    return names.get(said[0].unit_id or 0, "")


def _said(declaration: Declaration) -> str:
    words = _SAID[declaration.clause_id, declaration.value]
    return f"{words}。{declaration.note}" if declaration.note else f"{words}。"


def _reviewed(act: Act, application: Application) -> Section:
    """The reviewing unit's opinion, once it has one; no person's name is part of it."""
    unit = act.session.get(Unit, application.prelim_unit_id) if application.prelim_unit_id else None
    found = [each for each, _ in rows.findings_of(act.session, application.id) if _is_review(each)]
    words = f"初评单位意见（{unit.name}）" if unit and found else "初评单位意见："
    if found:
        verdict = "同意推荐。" if found[-1].verdict is Verdict.MET else "不予推荐。"
        words = "\n".join((words, verdict, found[-1].reason or ""))
    return _section("初评意见", places=[_place(words, "负责人签名", found[-1].at if found else None)])


def _is_review(finding: ClauseFinding) -> bool:
    return finding.clause_id == "C5.2a" and finding.kind is FindingKind.RULED


def _place(words: str, signer: str, at: Any, *, sealed: bool = True, signed: str = "") -> dict[str, Any]:
    """Where somebody signs and seals: what they say, whose signature, who signed on the platform, when."""
    day = day_text(at.astimezone(SHANGHAI).date()) if at else _NO_DATE
    return {
        "words": words,
        "signer": signer,
        "signed": f"（平台签发：{signed}）" if signed else "",
        "date": day,
        "sealed": sealed,
    }
