"""The office's list of units: taken whole or refused line by line; the tree keeps its history."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.adapters.sheets import SheetUnreadable
from app.services.acting import NotAllowed
from app.services.units import Imported, UnitProblem, UnitsRefused, import_units
from app.store.models import Unit, UnitEdge, UnitEvent, UnitEventKind
from app.store.queries.lines import line_of
from app.store.queries.organisation import units_by_code
from tests.factories.acts import Stage
from tests.factories.errands import UNITS, found

HEAD = "code,name,kind,superior,governance\n"


def _import(stage: Stage, content: str | bytes) -> Imported:
    with stage.acting() as act:
        return import_units(act, content=content.encode() if isinstance(content, str) else content)


def test_a_list_is_taken_and_taken_again(stage: Stage) -> None:
    assert _import(stage, UNITS) == Imported(added=7, changed=0, unchanged=0)
    assert _import(stage, UNITS) == Imported(added=0, changed=0, unchanged=7)
    with stage.reading() as act:
        branch = units_by_code(act.session)["B1"]
        assert [unit.code for unit in line_of(act.session, branch.id, act.today)] == ["B1", "S1", "D1", "C1", "P"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_may_come_from_a_spreadsheet(stage: Stage, encoding: str) -> None:
    assert _import(stage, UNITS.encode(encoding)).added == 7
    with stage.reading() as act:
        assert units_by_code(act.session)["C1"].name == "甲市"


def test_the_order_of_the_lines_does_not_matter(stage: Stage) -> None:
    head, *lines = UNITS.strip().splitlines()
    assert _import(stage, "\n".join([head, *reversed(lines)])).added == 7


def test_a_unit_is_renamed(stage: Stage) -> None:
    _import(stage, UNITS)
    assert _import(stage, UNITS.replace("甲市", "甲州")) == Imported(added=0, changed=1, unchanged=6)
    with stage.reading() as act:
        event = act.session.scalars(select(UnitEvent)).one()
    assert (event.kind, event.name_before, event.on_day) == (UnitEventKind.RENAMED, "甲市", act.today)


def test_a_unit_moves_and_the_tree_remembers(stage: Stage) -> None:
    _import(stage, UNITS)
    stage.clock.move(days=10)
    assert _import(stage, UNITS.replace("D1,甲县,county,C1", "D1,甲县,county,C2")).changed == 1
    with stage.reading() as act:
        county = units_by_code(act.session)["D1"].id
        lines = [line_of(act.session, county, act.today - timedelta(days=ago)) for ago in (1, 0)]
        edges = act.session.scalars(select(UnitEdge).where(UnitEdge.unit_id == county).order_by(UnitEdge.id)).all()
    assert [[unit.code for unit in line] for line in lines] == [["D1", "C1", "P"], ["D1", "C2", "P"]]
    assert [edge.valid_to for edge in edges] == [act.today - timedelta(days=1), None]


def test_a_unit_moved_on_its_first_day_was_never_elsewhere(stage: Stage) -> None:
    _import(stage, UNITS)
    _import(stage, UNITS.replace("D1,甲县,county,C1", "D1,甲县,county,C2"))
    with stage.reading() as act:
        assert len(act.session.scalars(select(UnitEdge)).all()) == 6


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",甲,city,P,", UnitProblem(3, "code_missing")),
        ("X,,city,P,", UnitProblem(3, "name_missing")),
        ("X,甲,town,P,", UnitProblem(3, "kind_unknown", "town")),
        ("X,甲,university,P,", UnitProblem(3, "governance_wrong")),
        ("X,甲,university,P,county_run", UnitProblem(3, "governance_wrong", "county_run")),
        ("X,甲,city,P,provincial", UnitProblem(3, "governance_wrong", "provincial")),
        ("X,甲,city,Q,", UnitProblem(3, "superior_unknown", "Q")),
        ("X,甲,city,Y,\nY,乙,county,X,", UnitProblem(3, "superior_loop", "X → Y → X")),
        ("X,甲,county,P,", UnitProblem(3, "superior_wrong", "P")),
        ("X,甲,city,,", UnitProblem(3, "superior_wrong")),
        ("P,甲,city,P,", UnitProblem(3, "code_twice", "P")),
    ],
)
def test_a_fault_is_named_by_its_line_and_nothing_is_taken(stage: Stage, line: str, problem: UnitProblem) -> None:
    with pytest.raises(UnitsRefused) as refused:
        _import(stage, f"{HEAD}P,省委,province,,\n{line}\n")
    assert problem in refused.value.problems
    with stage.reading() as act:
        assert act.session.scalars(select(Unit)).all() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xff\xff", "sheet_no_text"),
        (b"", "sheet_empty"),
        (b"a\0b", "sheet_no_text"),
        (b"x" * 5_000_001, "sheet_too_large"),
        (b"a\n" * 20_001, "sheet_too_long"),
        (b'code,name,kind,superior,governance\n"' + b"x" * 200_000, "sheet_torn"),
    ],
)
def test_what_is_no_list_is_refused(stage: Stage, content: bytes, reason: str) -> None:
    with pytest.raises(SheetUnreadable) as refused:
        _import(stage, content)
    assert refused.value.params == {"reason": reason}


def test_missing_columns_are_named(stage: Stage) -> None:
    with pytest.raises(UnitsRefused) as refused:
        _import(stage, "code,name\n1,甲\n")
    assert [(each.code, each.value) for each in refused.value.problems] == [
        ("column_missing", heading) for heading in ("单位类别", "上级编码", "隶属")
    ]


def test_a_unit_does_not_become_another_kind(stage: Stage) -> None:
    _import(stage, UNITS)
    with pytest.raises(UnitsRefused) as refused:
        _import(stage, UNITS.replace("C2,乙市,city,P,", "C2,乙市,university,P,provincial"))
    assert refused.value.problems == (UnitProblem(4, "kind_changed", "高校"),)


def test_only_the_system_administrator_imports(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        import_units(act, content=UNITS.encode())
    with stage.acting(people.sysadmin) as act:
        assert import_units(act, content=UNITS.encode()).unchanged == 7
