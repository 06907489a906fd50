"""Lists leave in the language of the page: heads, sheets and states are known words, what people typed is data."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.services.papers.listed import known_lists
from app.store.models import Cycle
from tests.conftest import sqlite_copy
from tests.factories.demonstrations import Office, open_office

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path)
    yield open_office(database, demonstration)
    database.close()


def test_lists_speak_english_and_leave_what_is_data(office):
    cycle = office.first(Cycle.public_id, Cycle.status == "announced")
    reader = office.enter("province_committee")
    reader.client.set_cookie("language", "en")
    leaving = (
        f"/cycles/{cycle}/ranking.xlsx",
        f"/cycles/{cycle}/funnel.xlsx",
        "/cases.xlsx",
        "/dashboard/figures.xlsx",
    )
    books = {
        address: openpyxl.load_workbook(io.BytesIO(reader.get(address).data)) for address in (*leaving, *_lists(reader))
    }
    heads = {cell.value for book in books.values() for sheet in book for cell in sheet[1]}
    names = {sheet.title for book in books.values() for sheet in book}
    assert {words for words in heads | names if CHINESE.search(words)} == set()
    ranking = books[leaving[0]]["Ranking"]
    assert {row[9].value for row in ranking.iter_rows(min_row=2)} == {"Announced", "Not shortlisted"}
    assert any(CHINESE.search(row[3].value) for row in ranking.iter_rows(min_row=2))


def _lists(reader):
    """The addresses of all lists that somebody may see without saying of what."""
    addresses = [f"/lists/{key}.xlsx" for key in known_lists()]
    return [address for address in addresses if reader.get(address).status_code == 200]
