"""Figures by city, county and year of approval: they add up to the same, and agree with who owes what (C6.3, C6.4)."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from app.domain.places import By
from app.services.acting import NotAllowed
from app.services.construction.obligations import UnitUnknownHere, Wanted, obligations, owed_by_unit
from app.services.dashboards import Wanted as Figures
from app.services.dashboards import dashboard_as_excel, view_dashboard
from app.services.programme.studio_life.deeds import Deed, do_deed
from app.store.models import StudioEventKind
from tests.factories.studios import Building

LATE = date(2026, 5, 4)


@pytest.fixture
def play(stage):
    """Studios of a county's, a city's and a university's branch; what was due in April is late, one is suspended."""
    play = Building(stage)
    play.keys = {
        "county": play.open("host_s1", "S1B1"),
        "city": play.open("host_s2", "S2B1"),
        "university": play.open("host_u1", "U2B1", date(2025, 6, 1)),
    }
    play.on(LATE)
    with stage.acting(play.province.people["province"]) as act:
        deed = Deed(StudioEventKind.SUSPENDED, LATE, "甘教工委〔2026〕3号", "核实情况。")
        do_deed(act, studio=play.keys["city"], deed=deed)
    return play


def figures(play, person="province", **wanted):
    with play.stage.reading(play.province.people[person]) as act:
        return view_dashboard(act, wanted=Figures(**wanted))


def counted(play, person="province", **wanted):
    return {row.name: (row.studios, row.overdue) for row in figures(play, person, **wanted).rows if row.studios}


def test_figures_add_up_by_city_county_and_year(play):
    with play.stage.reading(play.province.people["province"]) as act:
        owed = obligations(act, wanted=Wanted())
        of_county = obligations(act, wanted=Wanted(unit=play.province.units["D1"].public_id))
    by_city, by_county, by_year = (counted(play, by=by) for by in By)
    rest = owed.overdue - of_county.overdue
    assert by_city == {"金城市教育局": (2, of_county.overdue), "高校": (1, rest)}  # what is held is not late
    assert by_county == {"河口县教育局": (1, of_county.overdue), "高校和市直属学校": (2, rest)}
    assert {name: found[0] for name, found in by_year.items()} == {"2026年": 2, "2025年": 1}
    assert sum(found[1] for found in by_year.values()) == owed.overdue
    assert figures(play).years == (2026, 2025)
    assert (figures(play).taken_over, figures(play, year=2025).taken_over) == (3, 1)  # none of them came by applying
    assert counted(play, by=By.CITY, year=2025) == {"高校": (1, by_year["2025年"][1])}
    city = play.province.units["C1"].public_id
    assert counted(play, by=By.COUNTY, unit=city) == {
        "河口县教育局": by_county["河口县教育局"],
        "高校和市直属学校": (1, 0),
    }


def owes(play, person, unit=""):
    with play.stage.reading(play.province.people[person]) as act:
        return {each.name: (each.overdue, each.total) for each in owed_by_unit(act, unit=unit)}


def test_what_is_owed_is_shown_unit_by_unit_down_the_tree(play):
    units = play.province.units
    top = owes(play, "province")
    assert set(top) == {"金城市教育局", "陇原理工大学"}
    below = owes(play, "province", units["C1"].public_id)
    assert below == {"河口县教育局": top["金城市教育局"]}  # the city's own school is suspended
    assert owes(play, "prelim_c1") == below
    assert owes(play, "county") == {"河口县第一中学": below["河口县教育局"]}
    assert owes(play, "host_s1") == {}
    with play.stage.reading(play.province.people["province"]) as act:
        clock = obligations(act, wanted=Wanted())
    whole = (clock.overdue, clock.overdue + clock.at_risk + clock.open)
    assert tuple(sum(each) for each in zip(*top.values(), strict=True)) == whole


def test_each_office_sees_its_own_and_takes_it_out_as_excel(play):
    assert counted(play, "county", by=By.COUNTY) == {"河口县教育局": counted(play, by=By.COUNTY)["河口县教育局"]}
    of_city = counted(play, "county", by=By.CITY)  # what the county has, under the city above it
    assert of_city == {"金城市教育局": counted(play, by=By.COUNTY)["河口县教育局"]}
    assert counted(play, "county", by=By.COUNTY, unit=play.province.units["U2"].public_id) == {}
    with pytest.raises(NotAllowed):
        figures(play, "host_s1")
    with pytest.raises(UnitUnknownHere):
        figures(play, unit="nowhere")
    with play.stage.acting(play.province.people["prelim_c1"]) as act:
        book = load_workbook(io.BytesIO(dashboard_as_excel(act)))
    assert book.sheetnames[:3] == ["市州", "县区", "批准年度"]
    assert [row[:2] for row in book["批准年度"].values] == [("批准年度", "工作室"), ("2026年", 2)]
    assert list(book["漏斗"].values)[-1] == ("往年工作室（接续管理，不在上列）", None, None, 2)


def test_a_page_of_figures_costs_the_same_however_they_are_grouped(play):
    costs = {}
    for by in By:
        with play.stage.database.statements() as spent:
            figures(play, by=by)
        costs[by] = len(spent.statements)
    assert costs[By.CITY] == costs[By.COUNTY] == costs[By.YEAR] + 1  # years have no names to look up
    assert costs[By.CITY] <= 15
