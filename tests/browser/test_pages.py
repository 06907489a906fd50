"""Every kind of page, as those who use it: usable by everybody, on a phone, zoomed in, and English without Chinese.

Everybody signs in once; each page is opened once a language.
"""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.looking import CHINESE, look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PLACES: dict[str | None, tuple[str, ...]] = {
    None: (
        "/", "/publicity", "/publicity/*", "/rules/*", "/clauses", "/receipt?number=SQ-2000-0001", "/sign-in",
        "/set-up", "/help", "/help/public", "/no-such-page",
    ),
    "host_university": (
        "/inbox", "/cases/*", "/profile", "/profile/security", "/profile/password", "/my-data", "task 填写申报书",
    ),
    "host_university10": ("task 修改申报材料",),
    "host_university8": ("/apply",),
    "superior_university": ("task 上级党组织证明", "case of 上级党组织证明"),
    "school_university": ("task 学校党组织声明",),
    "discipline_university": ("task 纪检机构声明",),
    "county": ("task 县区会签",),
    "prelim_university": ("/inbox", "task 初评", "/notices", "/notices/choices", "/profile/tokens"),
    "prelim_city": ("task 审查是否受理",),
    "prelim_university2": ("task 排序推荐名单",),
    "secretariat": ("task 形式审查", "/panel/experts/import", "/covering/words"),
    "expert1": ("task 材料评审",),
    "panel_chair": ("task 答辩",),
    "province_committee": ("task 逐件审定", "/cycles"),
    "province_committee2": ("task 审发申报通知",),
    "designer": (
        "/workshop", "/workshop/bpmn/application", "/workshop/dmn/eligibility_school", "/workshop/dmn/routing",
        "/workshop/form/application/initial_review", "/workshop/upload",
    ),
    "auditor": ("/audit", "/audit/cases/*", "/audit/events", "/cases"),
    "sysadmin": (
        "/admin", "/admin/units", "/admin/imports", "/admin/codes", "/admin/calendar", "/admin/incidents",
        "/admin/clock", "/admin/papers", "/admin/outgoing", "/admin/terms", "/admin/texts",
    ),
    "secadmin": ("/admin/people", "/admin/people/*"),
    "unit_admin": ("/admin/people", "/admin/corrections"),
}  # fmt: skip
"""Where each goes."""

_DATA = (
    "unit", "person", "cycle", "application", "form_submission", "form_draft", "evidence", "instance", "unit_contact",
    "cycle_settings", "clause_finding", "objection", "unit_list", "defense_session", "duplicate",
)  # fmt: skip
_WRITTEN = ("〔隐去〕", "中共", "委员会")
"""What a blind review leaves of names that it covers."""

_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


@pytest.fixture(scope="session")
def data(server, shuangyou) -> frozenset[str]:
    """Every run of Chinese in what people and units are called, typed and uploaded: it is Chinese in English too."""
    assert server
    with sqlite3.connect(f"file:{shuangyou.instance / 'shuangyou.sqlite3'}?mode=ro", uri=True) as database:
        found = [row for table in _DATA for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608 - from above
        studios = [name for (name,) in database.execute("SELECT name || '书记工作室' FROM unit WHERE kind = 'branch'")]
    texts = [str(value) for row in found for value in row if isinstance(value, str | bytes)]
    texts += [*studios, *_WRITTEN]
    plain = (_ESCAPED.sub(lambda each: chr(int(each[1], 16)), text) for text in texts)
    return frozenset(run for text in plain for run in CHINESE.findall(text))


@pytest.mark.parametrize(("login", "places"), PLACES.items(), ids=map(str, PLACES))
def test_pages_are_for_everybody(visit, data, login, places):
    visitor = visit(login)
    found = {place: look(visitor, place, data) for place in places}
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_the_editor(visit):
    visitor = visit("designer")
    visitor.page.goto("/workshop/bpmn/application")
    visitor.page.click("main a.btn-main")
    expect(visitor.page.locator("#bpmn-editor [data-element-id=fill_in]").first).to_be_visible()
    visitor.shoot("workshop-editor")
