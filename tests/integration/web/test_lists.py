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
    "board": "prelim_university",
    "objections": "prelim_city",
    "openings": "province_committee",
    "provincial": None,
    "experts": "secretariat",
    "panel": "secretariat",
    "matrix": "secretariat",
    "studios": "province_committee",
    "obligations": "province_committee",
    "calendar": "sysadmin",
    "models": "designer",
}

EVERYBODYS = frozenset({"inbox", "studios", "obligations"})
"""Lists of what is one's own: everybody who is signed in has one."""

EXPORTS = {
    "admin.show_calendar": "calendar",
    "admin.show_incidents": "incidents",
    "admin.show_people": "/admin/exports/people.xlsx",
    "admin.show_terms": "terms",
    "admin.show_units": "/admin/exports/units.xlsx",
    "audit.list_events": "/audit/events.csv",
    "board.show": "board",
    "cases.list_cases": "/cases.xlsx",
    "cycles.show_cycles": "cycles",
    "dashboard.show": "/dashboard/figures.xlsx",
    "defense.overview": "sessions",
    "desk.show": "objections",
    "desk.show_openings": "openings",
    "inbox.show": "inbox",
    "panel.register": "experts",
    "public.list_windows": "windows",
    "studios.show_obligations": "obligations",
    "studios.show_studios": "studios",
    "workshop.list_models": "models",
}
"""Every list that has a page of its own: by which list, or at which address, it leaves the product."""

NO_LISTS = """
    admin.overview admin.show_clock admin.show_codes admin.show_corrections admin.show_import
    admin.show_outgoing admin.show_templates admin.show_texts affairs.show_import api_tokens.show
    applications.start audit.search covering.show_words defense.mine help.overview identity.come_back identity.profile
    identity.confirm identity.factor identity.go_there
    identity.password identity.security identity.set_up identity.sign_in inspections.fresh_token
    inspections.show_waiting
    intake.show mydata.show notices.show notices.choices panel.overview panel.show_import public.clauses
    public.find_objection public.home public.receipt reviews.show studios.show_feed studios.verify
    workshop.upload
"""
"""Pages of one thing, of a person's own short business, or of what only makes sense where it is done."""


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path)
    found = open_office(database, demonstration, apart=__name__)
    yield found
    database.close()
    assert found.failures == []


def test_every_list_leaves_as_excel_for_whoever_sees_its_page(office):
    assert set(WHO) == set(known_lists())
    of = {
        "announced": office.first(Cycle.public_id, Cycle.status == "announced"),
        "slots": office.first(DefenseSession.public_id),
    }
    of |= dict.fromkeys(("provincial", "panel", "matrix"), of["announced"])
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
        if not listed.is_public and key not in EVERYBODYS:
            assert office.enter("host_university").get(address).status_code == 403
    assert set(WHO) - filled <= {"terms", "incidents", "openings", "calendar", "matrix"}
    assert office.guest().get("/lists/people.xlsx").status_code == 404
    assert office.enter("panel_chair").get("/lists/slots.xlsx?of=nothing").status_code == 404


def test_every_page_of_a_list_offers_it(office):
    pages = {
        rule.endpoint: rule.rule
        for rule in office.web.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and _is_page(rule)
    }
    assert set(pages) - EXPORTS.keys() - set(NO_LISTS.split()) == set()
    who = {"cases.list_cases": "secretariat", "audit.list_events": "auditor", "dashboard.show": "province_committee"}
    missing = []
    for endpoint, leaves in EXPORTS.items():
        login = WHO.get(leaves) if leaves in WHO else who.get(endpoint, "sysadmin")
        address = leaves if leaves.startswith("/") else f"/lists/{leaves}.xlsx"
        page = (office.enter(login) if login else office.guest()).get(pages[endpoint])
        missing += [endpoint] if page.status_code != 200 or address not in page.text else []
    assert missing == []


def _is_page(rule):
    kept = ("api.", "static", "operations.", "papers.", "languages.")
    return not (rule.endpoint.startswith(kept) or "." in rule.rule.rsplit("/", 1)[-1])


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
