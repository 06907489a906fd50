"""Pages that everybody can use: nothing serious for axe in both languages at both widths, and English without Chinese.

Each page is opened once a language; the phone's layout is judged on the same page, made narrow.
"""

import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run({resultTypes: ['violations']})).violations"
CHINESE = re.compile("[\u4e00-\u9fff]+")
PLACES: dict[str | None, tuple[str, ...]] = {
    None: ("/", "/publicity/*", "/help/public"),
    "prelim_university": ("/inbox", "task 初评"),
}
"""Where everybody and the busiest desk go."""

MORE_PLACES: dict[str | None, tuple[str, ...]] = {
    None: ("/publicity", "/rules/*", "/clauses", "/receipt", "/sign-in", "/help"),
    "host_university": ("/cases", "/cases/*", "/profile", "task 填写申报书"),
    "host_university8": ("/apply",),
    "superior_university": ("task 上级党组织证明",),
    "prelim_university": ("/notices", "/audit"),
    "prelim_city": ("task 审查是否受理",),
    "secretariat": ("task 形式审查",),
    "expert1": ("task 材料评审",),
    "province_committee": ("task 逐件审定",),
    "province_committee2": ("task 审发申报通知",),
    "designer": ("/workshop", "/workshop/bpmn/application", "/workshop/dmn/eligibility_school", "/workshop/upload"),
    "auditor": ("/audit", "/audit/cases/*", "/audit/events"),
    "sysadmin": ("/admin", "/admin/units", "/admin/imports", "/admin/calendar", "/admin/incidents", "/admin/clock"),
    "secadmin": ("/admin/people", "/admin/people/*"),
}
"""Every other kind of page."""

FROM = {"/rules/*": "/", "/audit/cases/*": "/audit"}
"""Where the first page of a kind is linked, if not on the list of the kind."""

_EVERYBODY = [pytest.param(login, places, id=str(login)) for login, places in PLACES.items()] + [
    pytest.param(login, places, id=f"{login}-more", marks=pytest.mark.long) for login, places in MORE_PLACES.items()
]


def go(page: Page, place: str) -> None:
    """Open a place: an address, the first page of a kind (/kind/*), or a task by its name in Chinese."""
    if place.startswith("task "):
        Desk(page).open(place.removeprefix("task "), "")
    elif place.endswith("/*"):
        page.goto(FROM.get(place) or place.removesuffix("/*"))
        page.locator(f"main a[href^='{place.removesuffix('*')}']").first.click()
        page.wait_for_load_state()
    else:
        page.goto(place)


def faults(page: Page) -> Iterator[str]:
    """What axe finds that is serious, at both widths."""
    page.evaluate(AXE)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for found in page.evaluate(RUN):
            if found["impact"] in {"serious", "critical"}:
                yield f"{size['width']}: {found['id']} {[node['html'][:200] for node in found['nodes'][:3]]}"
    page.set_viewport_size(WIDE)


_DATA = (
    "unit", "person", "cycle", "application", "form_submission", "form_draft", "evidence", "instance", "unit_contact",
    "cycle_settings", "clause_finding", "objection", "unit_list",
)  # fmt: skip
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


@pytest.fixture(scope="session")
def data(server, shuangyou) -> frozenset[str]:
    """Every run of Chinese in what people and units are called, typed and uploaded: it is Chinese in English too."""
    assert server
    with sqlite3.connect(f"file:{shuangyou.instance / 'shuangyou.sqlite3'}?mode=ro", uri=True) as database:
        found = [row for table in _DATA for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608 - from above
        studios = [name for (name,) in database.execute("SELECT name || '书记工作室' FROM unit WHERE kind = 'branch'")]
    texts = [str(value) for row in found for value in row if isinstance(value, str | bytes)] + studios
    plain = (_ESCAPED.sub(lambda each: chr(int(each[1], 16)), text) for text in texts)
    return frozenset(run for text in plain for run in CHINESE.findall(text))


@pytest.mark.parametrize(("login", "places"), _EVERYBODY)
def test_nothing_serious_and_english_is_english(visit, data, login, places):
    visitor = visit(login)
    found = {}
    for place in places:
        go(visitor.page, place)
        found[f"{place} zh"] = list(faults(visitor.page))
        here = visitor.page.url
        visitor.page.context.add_cookies([{"name": "language", "value": "en", "url": here}])
        visitor.page.goto(here)
        found[f"{place} en"] = list(faults(visitor.page))
        found[f"{place} words"] = sorted(chinese(visitor.page) - data)
        visitor.page.context.clear_cookies(name="language")
    assert {place: problems for place, problems in found.items() if problems} == {}


def chinese(page: Page) -> set[str]:
    """Runs of Chinese on the page that say to be no Chinese: neither marked as such nor a switch to it."""
    said = page.evaluate(
        """() => [...document.body.querySelectorAll('*')]
            .filter(each => !each.closest('[lang^=zh], [translate=no], script, style, textarea'))
            .flatMap(each => [each.ariaLabel, each.title, each.dataset.l, each.placeholder,
                ...[...each.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent)])
            .filter(Boolean).join('\\n')"""
    )
    return set(CHINESE.findall(said))
