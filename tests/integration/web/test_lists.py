"""Every list as Excel, by one mechanism: the rows of its page, for whoever may see the page."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

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
