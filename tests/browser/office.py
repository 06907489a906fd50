"""Everybody's desks at one server, the programme's clock, and what anybody can look up."""

import os
import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.desk import Desk

_LOOKS, _LOOK_AGAIN_MS = 40, 500


class Office:
    """Everybody's desks; each signs in when first needed."""

    def __init__(self, visit: Callable[..., Visitor]) -> None:
        self._visit = visit
        self._visitors: dict[str, Visitor] = {}
        self._desks: dict[str, Desk] = {}

    def desk(self, login: str) -> Desk:
        """Somebody's desk; a blank login: the public's."""
        if login not in self._desks:
            self._visitors[login] = self._visit(login or None)
            self._desks[login] = Desk(self._visitors[login].page)
        return self._desks[login]

    @property
    def public(self) -> Page:
        """What anybody sees."""
        return self.desk("").page

    def shoot(self, login: str, name: str) -> None:
        """Look at somebody's page at 1440 and 390 px: nothing is too wide; pictures are kept where asked for."""
        if os.environ.get("SHUANGYOU_SHOTS"):
            self._visitors[login].shoot(f"cohort-{name}")

    def move_clock(self, field: str, amount: int) -> date:
        """Move the programme's clock ahead as the administrator; return its new day."""
        page = self.desk("sysadmin").page
        page.goto("/admin/clock")
        page.fill(f"#{field}", str(amount))
        page.locator(".clock-step", has=page.locator(f"#{field}")).locator("button").click()
        expect(page.locator(".flash")).to_be_visible()
        return self.today()

    def today(self) -> date:
        """The day of the programme's clock, as every page shows it."""
        self.public.goto("/")
        shown = re.search(r"(\d+)年(\d+)月(\d+)日", self.public.locator(".clockline").inner_text())
        assert shown
        return date(*map(int, shown.groups()))

    def reference_day(self) -> date:
        """The day as of which the conditions are judged, as the public page says it."""
        self.public.goto("/")
        shown = re.search(r"以\s*(\d+)年(\d+)月(\d+)日\s*为基准日", self.public.locator("main").inner_text())
        assert shown
        return date(*map(int, shown.groups()))

    def looked_for(self, look: Callable[[], str | None], what: str) -> str:
        """What a page shows once work that goes on in the background has come that far."""
        for _ in range(_LOOKS):
            if (found := look()) is not None:
                return found
            self.public.wait_for_timeout(_LOOK_AGAIN_MS)
        raise AssertionError(what)

    def receipt_says(self, receipt: str) -> str:
        """What anybody learns who types a receipt's number."""
        self.public.goto("/receipt")
        self.public.fill("main input[name=number]", receipt)
        self.public.locator("main form button.btn-main").click()
        expect(self.public.locator("main dl.kv")).to_contain_text(receipt)
        return self.public.locator("main dl.kv").inner_text()

    def publicity(self, within: str, links: str) -> str | None:
        """The public list that shows ``within``, if one does already; it is then the public's page."""
        self.public.goto("/publicity")
        found = self.public.locator(f"main a{links}")
        for address in [each.get_attribute("href") or "" for each in found.all()]:
            self.public.goto(address)
            shown = self.public.locator("main").inner_text()
            if within in shown:
                return shown
        return None
