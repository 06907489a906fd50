"""Every kind of page, as those who use it: usable by everybody, on a phone, zoomed in, and English without Chinese.

Everybody signs in once; each page is opened once a language.
"""

import re
import sqlite3

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.services.programme.duplicates import COMPARE
from app.web.areas import AREAS
from tests.browser.looking import CHINESE, look
from tests.factories.houses import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PLACES: dict[str | None, tuple[str, ...]] = {
    None: (
        "/", "/publicity", "/publicity/*", "/rules/*", "/rules/*/publicity", "/clauses", "/clauses/*", "/certificates",
        "/receipt?number=SQ-2000-0001", "/sign-in", "/set-up", "/help", "/help/public", "/no-such-page",
    ),
    "host_university": (
        "/inbox", "/cases/*", "/profile", "/profile/security", "/profile/password", "/my-data", "task 填写申报书",
    ),
    "host_university7": ("/studios/*", "/studios/*/affairs", "/studios/*/book", "/obligations", "/calendar"),
    "host_university10": ("task 修改申报材料",),
    "host_university8": ("/apply",),
    "superior_university": ("task 上级党组织证明", "case of 上级党组织证明", "/intake"),
    "school_university": ("task 学校党组织声明",),
    "discipline_university": ("task 纪检机构声明",),
    "county": ("task 县区会签",),
    "prelim_university": ("/inbox", "/board", "task 初评", "/desk", "/notices", "/notices/choices", "/profile/tokens"),
    "prelim_city": ("task 审查是否受理",),
    "prelim_city2": ("task 裁定异议",),
    "prelim_university2": ("task 排序推荐名单",),
    "secretariat": (
        "task 形式审查", "/tasks/*/duplicates/*", "/cycles/*", "/cycles/*/ranking", "/cycles/*/leniency", "/panel",
        "/panel/*", "/panel/*/assignment", "/panel/*/groups", "/panel/experts", "/panel/experts/import",
        "/panel/draws/*", "/defense", "/defense/*", "/defense/*/lots", "/defense/*/screen", "/covering/*",
        "/covering/cases/*", "/covering/cases/*/*", "/covering/words",
    ),
    "expert1": (
        "task 材料评审", "/tasks/*/evidence/*", "/reviews", "/defense/mine", "/inspections/", "/inspections/*",
    ),
    "panel_chair": ("task 答辩",),
    "province_committee": (
        "task 逐件审定", "task 审查是否受理", "/desk", "/cycles", "/studios", "/studios/import", "/dashboard",
        "/desk/identities",
    ),
    "province_committee2": ("task 审发申报通知", "task 裁定异议"),
    "designer": (
        "/workshop", "/workshop/bpmn/application", "/workshop/dmn/eligibility_school", "/workshop/dmn/routing",
        "/workshop/form/application/initial_review", "/workshop/upload", "/workshop/versions/*",
        "/workshop/versions/*/edit", "/workshop/versions/*/proof", "/workshop/running/*",
    ),
    "auditor": ("/audit", "/audit/cases/*", "/audit/events", "/cases"),
    "sysadmin": (
        "/admin", "/admin/units", "/admin/units/*/history", "/admin/imports", "/admin/codes", "/admin/calendar",
        "/admin/incidents", "/admin/clock", "/admin/papers", "/admin/outgoing", "/admin/terms", "/admin/texts",
        "/admin/texts/*/*",
    ),
    "secadmin": ("/admin/people", "/admin/people/*"),
    "unit_admin": ("/admin/people", "/admin/corrections"),
}  # fmt: skip
"""Where each goes."""

_ELSEWHERE = frozenset(
    {
        "/confirm", "/profile/factor",  # test_second_factors
        "/objections/*", "/tasks/*/handed-in/*",  # test_cohort
        "/admin/imports/*", "/studios/import/*", "/panel/experts/import/*",  # after a file was handed in
        "/workshop/moves/*",  # test_workshop
    }
)  # fmt: skip
"""Pages of which the demonstration has none yet: they are opened where they come about."""

_NO_PAGE = (
    re.compile(r"\.(\w+|\*)$"),  # a file
    re.compile(r"^/(evidence|language|static)/"),
    re.compile(r"^/(healthz|readyz|metrics|objections|inspections/token|sign-in/office.*|apply/\*/draft)$"),
    re.compile(r"^/workshop/versions/\*/file$"),
)
"""Addresses that give a file, a figure or another address."""

_DATA = (
    "unit", "person", "cycle", "application", "form_submission", "form_draft", "evidence", "instance", "unit_contact",
    "cycle_settings", "clause_finding", "objection", "unit_list", "defense_session", "duplicate", "paper", "tie",
    "expert", "expert_work", "studio", "panel_draw", "correction",
)  # fmt: skip
_WRITTEN = ("〔隐去〕", "中共", "委员会", "双优证", "兰大", "荷兰大使馆", "高校组", "中小学一组")
"""What a blind review leaves of names that it covers, and what pages give as examples."""

_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


@pytest.fixture(scope="session")
def data(server, shuangyou) -> frozenset[str]:
    """Every run of Chinese in what people and units are called, typed and uploaded: it is Chinese in English too.

    A first start leaves to its worker what may wait, of which the pages tell as well: that is waited for.
    """
    assert server
    left = "SELECT 1 FROM outbox WHERE done_at IS NULL AND kind = ?"
    with sqlite3.connect(f"file:{shuangyou.instance / 'shuangyou.sqlite3'}?mode=ro", uri=True) as database:
        until(lambda: not database.execute(left, (COMPARE,)).fetchall(), "the worker has compared all evidence")
        found = [row for table in _DATA for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608 - from above
        studios = [name for (name,) in database.execute("SELECT name || '书记工作室' FROM unit WHERE kind = 'branch'")]
        cities = [name for (name,) in database.execute("SELECT name FROM unit WHERE kind = 'city'")]
    texts = [str(value) for row in found for value in row if isinstance(value, str | bytes)]
    texts += [*studios, *(name[:length] for name in cities for length in (2, 3)), *_WRITTEN]
    plain = (_ESCAPED.sub(lambda each: chr(int(each[1], 16)), text) for text in texts)
    return frozenset(run for text in plain for run in CHINESE.findall(text))


def test_every_kind_of_page_is_looked_at():
    web = Flask("app.web")
    for area in AREAS:
        web.register_blueprint(area)
    kinds = {re.sub("<[^>]*>", "*", rule.rule) for rule in web.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {kind for kind in kinds if not any(pattern.search(kind) for pattern in _NO_PAGE)}
    places = {place.partition("?")[0] for found in PLACES.values() for place in found}
    looked_at = {kind for kind in pages if any(_is_of(kind, place) for place in places)} | {"/tasks/*"}
    assert pages - looked_at == _ELSEWHERE


def _is_of(kind: str, place: str) -> bool:
    """Tell whether a place is of a kind: the kind itself, or one address of it."""
    return place == kind or (
        "*" not in place and re.fullmatch(re.escape(kind).replace(r"\*", "[^/]+"), place) is not None
    )


@pytest.mark.parametrize("closely", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(("login", "places"), PLACES.items(), ids=map(str, PLACES))
def test_pages_are_for_everybody(visit, data, login, places, closely):
    visitor = visit(login)
    found = {place: look(visitor, place, data, closely=closely) for place in places}
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_the_editor(visit):
    visitor = visit("designer")
    visitor.page.goto("/workshop/bpmn/application")
    visitor.page.click("main a.btn-main")
    expect(visitor.page.locator("#bpmn-editor [data-element-id=fill_in]").first).to_be_visible()
    visitor.shoot("workshop-editor")
