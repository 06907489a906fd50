"""Somebody with a phone who knows nothing but what the page before them says."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import document

_GOOD = ("yes", "met", "agree", "recommend", "approve", "pass", "confirm", "release", "true", "true-1")
_ROUNDS = 12
_WAYS = ".actions > .wrap > button:visible:not([name^='_']), .actions > .wrap > button[name=_complete]:visible"
_NAMED = """place => [...new Set([...document.querySelectorAll('input, select, textarea')]
    .filter(each => each.name && each.type !== 'hidden' && (each.type === 'file' || each.checkVisibility()))
    .map(each => each.name)
    .filter(name => [place, `_file-${place}`].some(at => name === at || name.startsWith(`${at}-`))))]"""
"""The names of the fields at a place of the page, and of those in a list that is one."""


class Newcomer:
    """Somebody at ``page``; finishes what waits by what the pages say alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def words(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def waiting(self) -> list[str]:
        """The tasks in the inbox, as the page orders them."""
        self.page.goto("/inbox")
        return [each.get_attribute("href") or "" for each in self.page.locator("li.task h4 a").all()]

    def finish(self, address: str) -> bool:
        """Work on a task until the page takes it; false where it must wait for something else."""
        self.page.goto(address)
        tried: set[str] = set()
        for _ in range(_ROUNDS):
            self._to_last_step()
            way = self._way(tried)
            if way is None:
                return False
            value = way.get_attribute("value") or ""
            self._press(way)
            if self.page.locator(".flash:not(.note-red)").count() and not self.page.locator("#work").count():
                return True
            complaints = self._complaints()
            if not complaints:  # the page says that this cannot be decided in this way
                tried.add(value)
            for step, places in complaints.items():
                self._mend(step, places)
        return False

    # what a person without an inbox does, by the words on the page

    def follow(self, words: str) -> None:
        """Follow the first link that says so."""
        self.page.locator("main").get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def press(self, words: str) -> None:
        """Press the first button that says so."""
        self._press(self.page.get_by_role("button", name=words).first)

    def open_first(self) -> None:
        """Open what stands first in the list."""
        self.page.locator("main td.name a").first.click()
        self.page.wait_for_load_state()

    def write(self, label: str, text: str) -> None:
        """Fill in the field of that label."""
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of the field of that label."""
        self._field(label).select_option(label=option)

    def _field(self, label: str) -> Locator:
        return self.page.locator("main").locator("input, select, textarea").and_(self.page.get_by_label(label)).first

    def search(self, text: str) -> None:
        """Type into the search field of the page."""
        field = self.page.locator("main input[type=search]").first
        field.fill(text)
        with self.page.expect_navigation():
            field.press("Enter")

    def _to_last_step(self) -> None:
        last = self.page.locator(".stp button").last
        if last.count() and last.get_attribute("aria-current") != "step":
            self._press(last)

    def _press(self, button: Locator) -> None:
        """Press what leads to another page: it may first wait until what was typed is saved."""
        with self.page.expect_navigation():
            button.click()

    def _way(self, tried: set[str]) -> Locator | None:
        """The button that completes the task, the page's own proposal first."""
        found = [each for each in self.page.locator(_WAYS).all() if each.get_attribute("value") not in tried]
        return found[-1] if found else None

    def _complaints(self) -> dict[str, list[str]]:
        """What the page says is to be mended: the places on each step."""
        found: dict[str, list[str]] = {}
        for link in self.page.locator("#errors a").all():
            parts = urlsplit(link.get_attribute("href") or "")
            found.setdefault(parts.query.removeprefix("step="), []).append(parts.fragment)
        return found

    def _mend(self, step: str, places: Iterable[str]) -> None:
        if step:
            self._press(self.page.locator(f".stp button[value='{step}']"))
        for place in places:
            for name in self.page.evaluate(_NAMED, place):
                self._fill(self.page.locator(f"[name='{name}']:not([type=hidden])").first, name)

    def _fill(self, field: Locator, name: str) -> None:
        kind = field.get_attribute("type") or field.evaluate("each => each.tagName.toLowerCase()")
        if kind == "file":
            if not self.page.locator(f"[id='{name.removeprefix('_file-')}'] .thumb").count():
                field.set_input_files([document("证明")])
                expect(self.page.locator(f"[id='{name.removeprefix('_file-')}'] .thumb").first).to_be_visible()
        elif kind in {"radio", "checkbox"}:
            options = {each.get_attribute("value") or "": each for each in self.page.locator(f"[name='{name}']").all()}
            options[next((word for word in _GOOD if word in options), next(iter(options)))].check()
        elif kind == "select":
            values = field.locator("option").evaluate_all("all => all.map(each => each.value).filter(Boolean)")
            field.select_option(values[0])
        else:
            field.fill(self._written(field, name))

    def _written(self, field: Locator, name: str) -> str:
        """What is typed: an amount, a place in a ranking, a score, one's name, a day, a sentence."""
        if name.endswith("amount"):
            return "20000"
        if field.get_attribute("inputmode") in {"decimal", "numeric"}:
            row = re.search(r"-(\d+)-", name)
            return str(int(row[1]) + 1) if row and name.endswith("rank") else "85"
        if name == "signature":
            return self.page.locator(".me b").text_content() or ""
        return "2026-10-14" if field.get_attribute("type") == "date" else "已核实，情况属实。"
