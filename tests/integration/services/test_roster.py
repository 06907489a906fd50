"""Office files of units, people and holdings: tried out row by row, applied whole as they were shown, or refused."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.adapters.documents.delimited import csv_of
from app.adapters.documents.spreadsheet import Sheet as Page
from app.adapters.documents.spreadsheet import workbook
from app.domain.roles import RoleKey
from app.domain.roster.columns import SheetKind
from app.domain.roster.plan import Plan, Verdict
from app.services import audit
from app.services.acting import NotAllowed
from app.services.listing import list_people
from app.services.people import Grant, NewPerson, add_holding, create_person, set_active
from app.services.roster.exporting import export, template, trial_pages
from app.services.roster.imports import (
    ImportMoved,
    ImportRefused,
    ImportUnknown,
    applied_imports,
    apply_import,
    discard_import,
    try_import,
    view_import,
)
from app.services.roster.planning import NUMBERS
from app.store.models import AuditEvent, Person, PersonFile, RoleHolding, RosterImport, Unit
from app.store.queries.organisation import personal_queue_id, role_id, units_by_code
from tests.factories.acts import NOON, Stage
from tests.factories.errands import PASSWORD, People, found

UNIT_HEADS = ["单位编码*", "单位名称*", "单位类别*", "上级编码*", "隶属*"]
PEOPLE_HEADS = ["登录名*", "姓名*", "所属单位编码", "身份证号"]
HOLDING_HEADS = ["登录名*", "姓名", "角色*", "单位编码*", "任期起*", "任期止"]
NUMBER = "11010519491231002X"
"""The example of GB 11643: nobody's."""


def book(
    units: Sequence[Sequence[str]] = (), people: Sequence[Sequence[str]] = (), holdings: Sequence[Sequence[str]] = ()
) -> bytes:
    sheets = (("单位", UNIT_HEADS, units), ("人员", PEOPLE_HEADS, people), ("任职", HOLDING_HEADS, holdings))
    return workbook(*(Page(name, heads, rows) for name, heads, rows in sheets if rows), made_at=NOON)


def tried(stage: Stage, person: int, content: bytes) -> tuple[str, Plan]:
    with stage.acting(person) as act:
        number = try_import(act, file_name="名单.xlsx", content=content)
    with stage.reading(person) as act:
        return number, view_import(act, public_id=number).plan


def applied(stage: Stage, person: int, content: bytes) -> Any:
    number, plan = tried(stage, person, content)
    with stage.acting(person) as act:
        return apply_import(act, public_id=number, digest=plan.digest)


def told(plan: Plan) -> list[tuple[str, str, list[str]]]:
    return [(row.key, row.verdict.value, [fault.code for fault in row.faults]) for s in plan.sheets for row in s.rows]


@pytest.fixture
def people(stage: Stage) -> People:
    return found(stage, models=False)


@pytest.fixture
def keeper(stage: Stage, people: People) -> int:
    """The administrator of the first county and all under it; the host of its branch belongs to it."""
    with stage.acting() as act:
        row = Person(login="keeper", name="管家", password_hash="-", password_changed_at=act.real_now)
        act.session.add(row)
        act.session.flush()
        personal_queue_id(act.session, row.id)
        add_holding(act, row.id, Grant(RoleKey.UNIT_ADMIN, people.units["D1"], date(2020, 1, 1)))
        act.session.add(PersonFile(person_id=people.host, unit_id=people.units["B1"]))
        return row.id


def test_a_file_is_tried_out_shown_and_applied_as_shown(stage: Stage, people: People) -> None:
    content = book(
        units=[["B2", "乙支部", "党支部", "S1", ""], ["B1", "甲一支部", "branch", "S1", ""]],
        people=[["newcomer", "新人", "B2", NUMBER], ["host", "host先生", "B1", ""]],
    )
    number, plan = tried(stage, people.sysadmin, content)
    assert told(plan) == [
        ("B2", "added", []),
        ("B1", "changed", []),
        ("newcomer", "added", []),
        ("host", "changed", []),
    ]
    with stage.reading() as act:
        assert "B2" not in units_by_code(act.session)
    with stage.acting(people.sysadmin) as act:
        counts = apply_import(act, public_id=number, digest=plan.digest)
    assert (counts[Verdict.ADDED], counts[Verdict.CHANGED]) == (2, 2)
    with stage.reading(people.sysadmin) as act:
        units = units_by_code(act.session)
        file = act.session.scalars(select(PersonFile).where(PersonFile.id_masked.is_not(None))).one()
        row = act.session.scalars(select(RosterImport)).one()
        actions = set(act.session.scalars(select(AuditEvent.action)))
        assert audit.verify(act.session).holds
        done = applied_imports(act)
    assert (units["B2"].name, units["B1"].name) == ("乙支部", "甲一支部")
    assert (file.id_masked, act.ports.sealer.unseal(file.id_sealed or b"", NUMBERS)) == (
        "110***********002X",
        NUMBER.encode(),
    )
    assert file.unit_id == units["B2"].id
    assert row.content is None
    assert {"try_import", "write_unit", "create_person", "change_person", "apply_import"} <= actions
    assert [(each.file_name, each.counts["added"]) for each in done] == [("名单.xlsx", 2)]
    assert applied_again(stage, people.sysadmin, content) == {"unchanged": 4}


def applied_again(stage: Stage, person: int, content: bytes) -> dict[str, int]:
    _, plan = tried(stage, person, content)
    return {verdict.value: count for verdict, count in plan.counts.items() if count}


def test_a_file_with_one_bad_row_changes_nothing(stage: Stage, people: People) -> None:
    content = book(
        units=[["B2", "乙支部", "党支部", "S1", ""]],
        people=[["good", "好人", "B2", ""], ["bad one", "坏人", "X9", "110105194912310021"]],
    )
    number, plan = tried(stage, people.sysadmin, content)
    assert told(plan)[2] == ("bad one", "refused", ["login_wrong", "unit_not_there", "identity_number_wrong"])
    with pytest.raises(ImportRefused), stage.acting(people.sysadmin) as act:
        apply_import(act, public_id=number, digest=plan.digest)
    with stage.reading() as act:
        assert "B2" not in units_by_code(act.session)
        assert act.session.scalar(select(func.count()).where(Person.login == "good")) == 0


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([["a1", "甲", "", ""], ["a1", "乙", "", ""]], [[], ["named_differently"]]),
        ([["a1", "甲", "", ""], ["a1", "甲", "", ""]], [[], ["person_twice"]]),
        ([["a1", "甲", "", NUMBER], ["a2", "甲", "", NUMBER]], [[], ["identity_number_taken"]]),
        ([["a1", "", "", ""]], [["name_missing"]]),
        ([["a1", "甲", "", "1101051949123100"]], [["identity_number_wrong"]]),
        ([["a1", "甲", "", "110105194913310027"]], [["identity_number_wrong"]]),
    ],
)
def test_people_named_wrongly_are_refused(stage: Stage, people: People, rows: Any, codes: list[list[str]]) -> None:
    assert [each[2] for each in told(tried(stage, people.sysadmin, book(people=rows))[1])] == codes


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (["checker", "", "初评单位", "C2", "2026-03-01", ""], []),
        (["checker", "", "prelim", "C2", "2026/3/1", "2027年3月1日"], []),
        (["checker", "张冠", "初评单位", "C2", "2026-03-01", ""], ["named_differently"]),
        (["nobody", "", "初评单位", "C2", "2026-03-01", ""], ["person_not_there"]),
        (["checker", "", "国王", "C2", "2026-03-01", ""], ["role_unknown"]),
        (["checker", "", "初评单位", "X9", "2026-03-01", ""], ["unit_not_there"]),
        (["checker", "", "初评单位", "S1", "2026-03-01", ""], ["role_not_held_here"]),
        (["checker", "", "初评单位", "C2", "2026-02-30", ""], ["day_wrong"]),
        (["checker", "", "初评单位", "C2", "2026-03-02", "2026-03-01"], ["term_reversed"]),
        (["checker", "", "安全审计员", "P", "2026-03-01", ""], ["roles_incompatible"]),
        (["checker", "", "初评单位", "C1", "2026-03-01", ""], ["role_held_already"]),
        (["auditor", "", "系统管理员", "P", "2026-03-01", ""], ["roles_incompatible"]),
        (["designer", "", "流程发布员", "P", "2026-03-01", ""], ["roles_incompatible"]),
        (["secadmin", "", "主持人（申报人）", "B1", "2026-03-01", ""], ["own_role", "roles_incompatible"]),
    ],
)
def test_holdings_are_judged_row_by_row(stage: Stage, people: People, row: list[str], codes: list[str]) -> None:
    (_, verdict, found_codes), *_ = told(tried(stage, people.secadmin, book(holdings=[row]))[1])
    assert (verdict, found_codes) == ("refused" if codes else "added", codes)


def test_two_rows_of_one_sheet_that_exclude_each_other_are_refused(stage: Stage, people: People) -> None:
    rows = [["judge0", "", "初评单位", "U1", "2026-03-01", ""], ["judge0", "", "承办单位", "U1", "2026-05-01", ""]]
    assert [each[2] for each in told(tried(stage, people.secadmin, book(holdings=rows))[1])] == [
        [],
        ["roles_incompatible"],
    ]


def test_each_administrator_imports_their_own_part(stage: Stage, people: People) -> None:
    content = book(
        people=[["newcomer", "新人", "", ""]], holdings=[["newcomer", "", "初评单位", "C2", "2026-03-01", "2027-02-28"]]
    )
    assert told(tried(stage, people.secadmin, content)[1]) == [
        ("newcomer", "left", []),
        ("newcomer", "refused", ["person_not_there"]),
    ]
    assert told(tried(stage, people.sysadmin, content)[1]) == [("newcomer", "added", []), ("newcomer", "left", [])]
    applied(stage, people.sysadmin, content)
    counts = applied(stage, people.secadmin, content)
    assert (counts[Verdict.ADDED], counts[Verdict.UNCHANGED]) == (1, 1)
    with stage.reading(people.secadmin) as act:
        row = next(row for row in list_people(act) if row.login == "newcomer")
    assert [(each.role, each.valid_to) for each in row.held] == [("prelim", date(2027, 2, 28))]


def test_what_moved_meanwhile_is_not_applied(stage: Stage, people: People) -> None:
    number, plan = tried(stage, people.sysadmin, book(people=[["newcomer", "新人", "", ""]]))
    with stage.acting(people.sysadmin) as act:
        create_person(act, person=NewPerson("newcomer", "别人", PASSWORD))
    with pytest.raises(ImportMoved), stage.acting(people.sysadmin) as act:
        apply_import(act, public_id=number, digest=plan.digest)
    with stage.reading() as act:
        assert act.session.scalar(select(Person.name).where(Person.login == "newcomer")) == "别人"


def test_a_trial_is_its_makers_own_and_goes_once(stage: Stage, people: People) -> None:
    number, plan = tried(stage, people.sysadmin, book(people=[["newcomer", "新人", "", ""]]))
    with pytest.raises(ImportUnknown), stage.reading(people.secadmin) as act:
        view_import(act, public_id=number)
    with pytest.raises(NotAllowed), stage.reading(people.auditor) as act:
        view_import(act, public_id=number)
    with stage.acting(people.sysadmin) as act:
        apply_import(act, public_id=number, digest=plan.digest)
    with pytest.raises(ImportUnknown), stage.acting(people.sysadmin) as act:
        apply_import(act, public_id=number, digest=plan.digest)
    number, _ = tried(stage, people.sysadmin, book(people=[["other1", "旁人", "", ""]]))
    with stage.acting(people.sysadmin) as act:
        discard_import(act, public_id=number)
    with stage.reading() as act:
        assert act.session.scalar(select(func.count(RosterImport.id)).where(RosterImport.applied_at.is_(None))) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_names_its_sheet_by_its_columns(stage: Stage, people: People, encoding: str) -> None:
    text = "登录名,姓名,身份证号,备注\nnewcomer,新人,,随便写\n"
    assert told(tried(stage, people.sysadmin, text.encode(encoding))[1]) == [("newcomer", "added", [])]


@pytest.mark.parametrize(
    ("heads", "code", "value"),
    [
        ("登录名,所属单位编码\n", "columns_missing", "姓名"),
        ("登录名,姓名,电话\n", "columns_unknown", "电话"),
        ("甲,乙\n", "sheet_unknown", "甲、乙"),
    ],
)
def test_wrong_columns_are_named(stage: Stage, people: People, heads: str, code: str, value: str) -> None:
    _, plan = tried(stage, people.sysadmin, f"{heads}x,y,z\n".encode())
    assert [(fault.code, fault.params["value"]) for fault in plan.sheets[0].faults] == [(code, value)]
    assert not plan.is_sound


def test_a_unit_administrator_imports_within_their_own_units_only(stage: Stage, keeper: int) -> None:
    content = book(
        units=[["B2", "乙支部", "党支部", "S1", ""]],
        people=[
            ["newcomer", "新人", "S1", ""],
            ["nowhere", "无处", "", ""],
            ["stranger", "外人", "C2", ""],
            ["checker", "checker先生", "S1", ""],
        ],
        holdings=[
            ["newcomer", "", "所在学校党组织", "S1", "2026-03-01", ""],
            ["newcomer", "", "单位管理员", "S1", "2026-03-01", ""],
            ["newcomer", "", "初评单位", "C1", "2026-03-01", ""],
            ["keeper", "", "所在学校党组织", "S1", "2026-03-01", ""],
            ["checker", "", "所在学校党组织", "S1", "2026-03-01", ""],
        ],
    )
    assert told(tried(stage, keeper, content)[1]) == [
        ("B2", "left", []),
        ("newcomer", "added", []),
        ("nowhere", "refused", ["unit_missing"]),
        ("stranger", "refused", ["outside"]),
        ("checker", "refused", ["person_beyond"]),
        ("newcomer", "added", []),
        ("newcomer", "refused", ["role_beyond"]),
        ("newcomer", "refused", ["outside"]),
        ("keeper", "refused", ["own_role"]),
        ("checker", "refused", ["person_not_there"]),
    ]


def test_exports_hold_what_the_reader_looks_after_and_no_formulas(stage: Stage, people: People, keeper: int) -> None:
    with stage.acting(people.sysadmin) as act:
        create_person(act, person=NewPerson("formula", "=1+1", PASSWORD, "S1"))
    with stage.acting(people.auditor) as act:
        pages = {kind: export(act, kind=kind) for kind in SheetKind}
        everybody = act.session.scalar(select(func.count(Person.id)))
        everything = act.session.scalar(select(func.count(RoleHolding.id)))
        units = act.session.scalar(select(func.count(Unit.id)))
    assert [len(list(page.rows)) for page in pages.values()] == [units, everybody, everything]
    with stage.acting(keeper) as act:
        own = {kind: export(act, kind=kind) for kind in SheetKind}
    assert [row[0] for row in own[SheetKind.UNITS].rows] == ["B1", "D1", "S1"]
    assert [row[0] for row in own[SheetKind.PEOPLE].rows] == ["host", "keeper", "formula"]
    assert [row[0] for row in own[SheetKind.HOLDINGS].rows] == ["host", "keeper"]
    assert ",'=1+1," in csv_of(own[SheetKind.PEOPLE].columns, list(own[SheetKind.PEOPLE].rows)).decode("utf-8-sig")
    with pytest.raises(NotAllowed), stage.acting(people.host) as act:
        export(act, kind=SheetKind.PEOPLE)


def test_an_export_is_a_file_to_import(stage: Stage, people: People) -> None:
    applied(stage, people.sysadmin, book(people=[["newcomer", "新人", "S1", NUMBER]]))
    with stage.acting(people.sysadmin) as act:
        pages = [export(act, kind=kind) for kind in SheetKind]
    assert set(applied_again(stage, people.sysadmin, workbook(*pages, made_at=NOON))) == {"unchanged"}


def test_a_checked_sheet_says_why_and_can_be_mended(stage: Stage, people: People) -> None:
    number, _ = tried(stage, people.sysadmin, book(people=[["bad one", "坏人", "", ""]]))
    with stage.reading(people.sysadmin) as act:
        trial = view_import(act, public_id=number)
        pages = trial_pages(act, trial=trial, told=lambda row: (row.verdict, "登录名不对"), faults=lambda _: "")
    assert list(pages[0].columns) == [*PEOPLE_HEADS, "核对结果", "说明"]
    assert list(next(iter(pages[0].rows))) == ["bad one", "坏人", "", "", "refused", "登录名不对"]
    mended = workbook(
        Page(pages[0].name, pages[0].columns, [["good_one", *list(next(iter(pages[0].rows)))[1:]]]), made_at=NOON
    )
    assert told(tried(stage, people.sysadmin, mended)[1]) == [("good_one", "added", [])]


def test_templates_hold_what_one_may_import(stage: Stage, people: People, keeper: int) -> None:
    for person, names in (
        (people.sysadmin, ["单位", "人员"]),
        (people.secadmin, ["任职"]),
        (keeper, ["人员", "任职"]),
    ):
        with stage.reading(person) as act:
            assert [page.name for page in template(act)] == names


def test_a_unit_administrator_sees_and_keeps_their_own_people(stage: Stage, people: People, keeper: int) -> None:
    with stage.reading(keeper) as act:
        assert [row.login for row in list_people(act)] == ["host", "keeper"]
    with stage.acting(keeper) as act:
        set_active(act, person_id=people.host, active=False)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        set_active(act, person_id=people.host, active=True)


@pytest.mark.parametrize(
    ("first", "second", "unit"),
    [
        ("sysadmin", "auditor", "P"),
        ("designer", "publisher", "P"),
        ("prelim", "secretariat", "U1"),
        ("host", "host", "B1"),
    ],
)
def test_the_database_itself_refuses_what_one_person_may_not_hold(
    stage: Stage, people: People, first: str, second: str, unit: str
) -> None:
    with stage.acting() as act:
        person = Person(login="both", name="两职", password_hash="-", password_changed_at=act.real_now)
        act.session.add(person)
        act.session.flush()
        add_holding(act, person.id, Grant(RoleKey(first), people.units[unit], date(2026, 1, 1), date(2026, 12, 31)))
        row = {"person_id": person.id, "role_id": role_id(act.session, second), "unit_id": people.units[unit]}
    with stage.acting() as act:
        act.session.add(RoleHolding(**row, valid_from=date(2027, 1, 1), valid_to=None))
    with pytest.raises(IntegrityError), stage.acting() as act:
        act.session.add(RoleHolding(**row, valid_from=date(2026, 12, 31), valid_to=date(2026, 12, 31)))
