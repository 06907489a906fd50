"""What is looked at on every page: axe's findings, widths, sizes for fingers, words in the wrong language."""

import os
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files

from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import PHONE, WIDE, Visitor
from tests.browser.desk import Desk

CHINESE = re.compile("[\u4e00-\u9fff]+")
FROM = {
    "/rules/*": "/",
    "/rules/*/publicity": "/publicity",
    "/audit/cases/*": "/audit",
    "/panel/draws/*": "/panel/*",
    "/cycles/*/leniency": "/cycles/*/ranking",
    "/covering/*": "/panel/*",
    "/covering/cases/*": "/covering/*",
    "/tasks/*/evidence/*": "task 材料评审",
    "/tasks/*/duplicates/*": "task 形式审查",
    "/workshop/versions/*": "/workshop/bpmn/objection",
    "/workshop/running/*": "/workshop/bpmn/application",
    "/admin/units/*/history": "/admin/units",
    "/admin/texts/*/*": "/admin/texts",
}
"""Where the first page of a kind is linked, if not one step up."""

_LINKED = "all => all.map(each => each.getAttribute('href') || '')"
_FIXED = frozenset({"/covering/words", "/panel/experts", "/studios/import", "/defense/mine", "/inspections/token"})
"""Addresses that look like a page of a kind and are pages of their own."""

_AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_RUN = """async () => (await axe.run({resultTypes: ['violations']})).violations
    .filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => `${each.id} ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' ')}`)"""
_CROWDED = """() => {
    const part = each => each.closest('label') || each;
    const found = [...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')]
        .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest('.skip, .vh'))
        .map(each => ({each, box: part(each).getBoundingClientRect()})).filter(({box}) => box.width > 1);
    const isSaid = each => getComputedStyle(each).display === 'inline'
        && [...each.parentElement.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const isSmall = box => Math.min(box.width, box.height) < 24;
    const near = (box, other) => {
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const [dx, dy] = [Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)];
        return Math.hypot(dx, dy) < 12;
    };
    return found.filter(({each, box}) => isSmall(box) && !isSaid(each)
        && found.some(other => part(other.each) !== part(each) && !part(each).contains(other.each)
            && !other.each.contains(each) && near(box, other.box)))
        .map(({each}) => each.outerHTML.slice(0, 160));
}"""
"""Targets under 24 px with another one within 12 px of their middle (WCAG 2.5.8); a link in a sentence may be small."""

_WIDTHS = (1440, 1280, 1110, 720, 390, 360)
"""A desk, a laptop, the narrowest with its navigation in sight, 1440 px at 200 % zoom, a usual phone, a small one."""

_NARROWEST = _WIDTHS[2:]
"""One of each layout, for words that are longer: the first two have the layout of the third, and more room."""

_SMALL = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(each => each.checkVisibility() && !['checkbox', 'radio', 'file', 'hidden'].includes(each.type))
    .filter(each => parseFloat(getComputedStyle(each).fontSize) < 16).map(each => each.outerHTML.slice(0, 120))"""
"""Fields with letters so small that a phone zooms in when they are touched."""

_PAPER: ViewportSize = {"width": 616, "height": 930}
"""What is left of A4 between its margins."""

_PRINTED = """() => [...document.querySelectorAll('header nav, button:not(.notice-open), .btn, .flash, .skip')]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && each.getBoundingClientRect().width > 1)
    .map(each => each.outerHTML.slice(0, 120))"""
"""What can only be pressed and yet stands on paper; a notice's title is its button."""

_SAID = """() => [...document.body.querySelectorAll('*')]
    .filter(each => !each.closest('[lang^=zh], [translate=no], script, style, textarea'))
    .flatMap(each => [each.ariaLabel, each.title, each.dataset.l, each.placeholder,
        ...[...each.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent)])
    .filter(Boolean).join('\\n')"""


def go(page: Page, place: str) -> None:
    """Open a place: an address, the first page of a kind (``*`` for what differs), or somebody's task by its name."""
    if place.startswith("case of "):
        Desk(page).open(place.removeprefix("case of "), "")
        page.locator(".pagehead a.btn").first.click()
        page.wait_for_load_state()
    elif "*" in place or place.startswith("task "):
        found = next(_addresses(page, place), None)
        assert found, f"{page.url} links no {place}"
        page.goto(found)
    else:
        page.goto(place)


def _addresses(page: Page, place: str) -> Iterator[str]:
    """The addresses of a kind of page, linked where ``FROM`` says, else on pages one step up."""
    if place.startswith("task "):
        Desk(page).see(place.removeprefix("task "), "")
        links = Desk(page).rows(place.removeprefix("task "), "").locator("h4 a")
        yield from links.evaluate_all(_LINKED)
    elif "*" in place:
        kind = re.compile(re.escape(place).replace(r"\*", "[^/?#]+") + "([?#].*)?")
        for address in _addresses(page, FROM.get(place) or place.rpartition("/")[0]):
            page.goto(address)
            links = page.locator("main a").evaluate_all(_LINKED)
            yield from [each for each in links if kind.fullmatch(each) and each not in _FIXED]
    else:
        yield place


def look(visitor: Visitor, place: str, data: frozenset[str], *, closely: bool) -> list[str]:
    """Look at a place on a phone in Chinese and on a desk in English; return what is wrong with it.

    ``closely``: axe judges the English page as well, which has the same marks and other words.
    """
    page = visitor.page
    go(page, place)
    name = f"{visitor.login}{re.sub(r'[^0-9A-Za-z一-鿿]+', '-', place)}"
    if os.environ.get("SHUANGYOU_SHOTS"):
        visitor.shoot(name)
    page.set_viewport_size(PHONE)
    found = [f"phone: {each}" for each in _axe(page)]
    found += [f"crowded: {each}" for each in page.evaluate(_CROWDED)]
    found += [f"letters: {each}" for each in page.evaluate(_SMALL)]
    found += _too_wide(page, _WIDTHS)
    found += [f"printed: {each}" for each in _printed(page)]
    page.set_viewport_size(WIDE)
    here = page.url
    page.context.add_cookies([{"name": "language", "value": "en", "url": here}])
    page.goto(here)
    found += [f"English: {each}" for each in _axe(page)] if closely else []
    found += [f"English: {each}" for each in sorted(set(CHINESE.findall(page.evaluate(_SAID))) - data)]
    found += [f"English: {each}" for each in _too_wide(page, _NARROWEST)]
    page.set_viewport_size(WIDE)
    page.context.clear_cookies(name="language")
    return found


def _printed(page: Page) -> Iterator[str]:
    """What is wrong with the page on paper."""
    page.emulate_media(media="print")
    page.set_viewport_size(_PAPER)
    yield from page.evaluate(_PRINTED)
    needed = page.evaluate("document.documentElement.scrollWidth")
    if needed > _PAPER["width"]:
        yield f"{needed} px on paper {_PAPER['width']} px wide"
    page.emulate_media(media="screen")


def _axe(page: Page) -> list[str]:
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found


def _too_wide(page: Page, widths: Iterable[int]) -> Iterator[str]:
    """Of these widths those at which something makes the page wider than the screen."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            yield f"{width} px: needs {needed}"
