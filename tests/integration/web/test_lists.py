"""Every list as Excel, by one mechanism, for whoever may see its page; the pages of a cycle's result."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.jobs.worker import Worker
from app.services.papers.listed import known_lists
from app.store.models import Cycle, DefenseSession
from tests.conftest import sqlite_copy
from tests.factories.demonstrations import Office, open_office

WHO = {
    "inbox": "secretariat",
    "cycles": "secretariat",
    "sessions": "panel_chair",
    "slots": "panel_chair",
    "terms": "secadmin",
    "incidents": "sysadmin",
    "windows": None,
    "announced": None,
}


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path)
    found = open_office(database, demonstration)
    yield found
    database.close()
    assert found.failures == []


def test_every_list_leaves_as_excel_for_whoever_sees_its_page(office):
    assert set(WHO) == set(known_lists())
    of = {
        "announced": office.first(Cycle.public_id, Cycle.status == "announced"),
        "slots": office.first(DefenseSession.public_id),
    }
    filled = set()
    for key, login in WHO.items():
        listed, address = known_lists()[key], f"/lists/{key}.xlsx?of={of.get(key, '')}"
        answer = (office.enter(login) if login else office.guest()).get(address)
        assert answer.status_code == 200, key
        page = openpyxl.load_workbook(io.BytesIO(answer.data))[listed.name]
        assert [cell.value for cell in page[1]] == list(listed.columns)
        filled |= {key} if page.max_row > 1 else set()
        if not listed.is_public:
            assert office.guest().get(address).status_code == 403
        if not listed.is_public and key != "inbox":
            assert office.enter("host_university").get(address).status_code == 403
    assert filled >= {"inbox", "cycles", "sessions", "slots", "windows", "announced"}
    assert office.guest().get("/lists/people.xlsx").status_code == 404
    assert office.enter("panel_chair").get("/lists/slots.xlsx?of=nothing").status_code == 404


def test_the_pages_of_a_result_are_read_by_those_who_run_the_selection(office):
    cycle = office.first(Cycle.public_id, Cycle.status == "announced")
    chair = office.enter("panel_chair")
    assert "名额线" in chair.get(f"/cycles/{cycle}/ranking").text
    assert "尚未编制" in chair.get(f"/cycles/{cycle}/leniency").text
    assert chair.post(f"/cycles/{cycle}/leniency").status_code == 302
    assert Worker(office.database, office.ports, office.clock).run_until_quiet().failed == 0
    report = chair.get(f"/cycles/{cycle}/leniency").text
    assert "扣除偏差以后" in report
    assert "正式排名不变" in report
    assert "拟公布名单" in office.guest().get(f"/rules/{cycle}/publicity").text
    for address in ("/publicity", f"/rules/{cycle}"):
        assert "省级公示" in office.guest().get(address).text
    for login in ("host_university7", "expert1", "prelim_university"):
        assert office.enter(login).get(f"/cycles/{cycle}/ranking").status_code == 403
