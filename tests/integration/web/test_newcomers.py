"""A newcomer signs in as each demonstration role on a phone and finishes what waits: by what the pages say alone."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.domain.roles import POLICIES, Duty, RoleKey
from app.services.demonstration import PASSWORD
from app.services.demonstration.accounts import HOLDINGS, LATER, SHOWN
from app.services.demonstration.papers import paper
from tests.conftest import sqlite_copy
from tests.factories.demonstrations import Office, open_office

PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36"
AT_THE_DESK = {RoleKey.PANEL_CHAIR}
"""Whose task is finished at the defense desk, not on a task's page alone."""

ROLES = {login: RoleKey(HOLDINGS[login][0][0]) for login in SHOWN}
WORKING = [
    login
    for login, role in ROLES.items()
    if POLICIES[role].duty is Duty.CASE and role not in AT_THE_DESK and login not in LATER
]
_GOOD = ("yes", "met", "agree", "recommend", "approve", "pass", "confirm", "release", "true")
_ROUNDS = 30


@pytest.fixture(scope="module")
def office(demonstration, tmp_path_factory) -> Iterator[Office]:
    """A copy of the demonstration that these newcomers share."""
    folder = tmp_path_factory.mktemp("newcomers")
    database = sqlite_copy(demonstration / "test.sqlite3", folder)
    yield open_office(database, folder)
    database.close()


class Newcomer:
    """Somebody with a phone who knows nothing but what the page before them says."""

    def __init__(self, office: Office, login: str) -> None:
        self.client = office.web.test_client()
        self.environ = {"REMOTE_ADDR": f"10.0.0.{SHOWN.index(login) + 1}", "HTTP_USER_AGENT": PHONE}
        self.get("/sign-in")
        for form in self.page.forms:
            if form.fields.get("login") == login and form.fields.get("password") == PASSWORD:
                self.send(form.action, form.form_values())
                return
        raise AssertionError(f"the sign-in page does not offer {login}")

    def get(self, path: str) -> None:
        self.read(self.client.get(path, environ_base=self.environ, follow_redirects=True))

    def send(self, path: str, fields: Any, **button: str) -> bool:
        """Send fields and a button; tell whether the page let go of them."""
        data = MultiDict(fields)
        data.update(button)
        sent = {"data": data, "content_type": "multipart/form-data", "environ_base": self.environ}
        answer = self.client.post(path, **sent)
        is_taken = answer.status_code == 302
        self.read(self.client.get(answer.location, environ_base=self.environ) if is_taken else answer)
        return is_taken

    def read(self, answer: TestResponse) -> None:
        assert answer.status_code < 500
        self.page = html.fromstring(answer.text)

    def words(self) -> str:
        return " ".join(self.page.get_element_by_id("main").text_content().split())

    # a task

    def press(self, name: str, value: str = "", **typed: Any) -> bool:
        """Press a button of the task's form, after typing."""
        form = self.page.get_element_by_id("work")
        fields = MultiDict(form.form_values())
        for field, given in typed.items():
            fields.poplist(field)
            fields.add(field, given)
        return self.send(form.get("action"), fields, **{name: value})

    def complaints(self) -> list[tuple[str, str]]:
        """What the page says is to be mended: the step it is on, and its place."""
        found = [urlsplit(link) for link in self.page.xpath("//*[@id='errors']//a/@href")]
        return [(each.query.removeprefix("step="), each.fragment) for each in found]

    def mend(self, places: list[str]) -> dict[str, Any]:
        """Sensible values for these places of the page, and for whatever stands in a list that is one of them."""
        typed: dict[str, Any] = {}
        for place in places:
            for control in self.page.xpath("//*[@form='work' or ancestor::form[@id='work']][@name]"):
                name, file = control.get("name"), f"_file-{place}"
                if name in {place, file} or name.startswith((f"{place}-", f"{file}-")):
                    typed |= self.value_of(control, name)
        return typed

    def value_of(self, control: Any, name: str) -> dict[str, Any]:
        kind = control.get("type") or control.tag
        if kind == "hidden" or control.tag == "button":
            return {}
        if kind == "file":
            return {name: (io.BytesIO(paper(name)), "证明.pdf")}
        if kind in {"radio", "checkbox"}:
            values = self.page.xpath("//input[@name=$name][@type=$kind]/@value", name=name, kind=kind)
            return {name: next((each for each in _GOOD if each in values), values[0])}
        if kind == "select":
            return {name: next(each for each in control.value_options if each)}
        return {name: self.written(control, name)}

    def written(self, control: Any, name: str) -> str:
        """What is typed into a field: a place in a ranking, a score, an amount, a day, one's name, a sentence."""
        if name.endswith("amount"):
            return "20000"
        if control.get("inputmode") in {"decimal", "numeric"}:
            row = name.partition("-")[2].partition("-")[0]
            return str(int(row) + 1) if name.endswith("rank") else "85"
        if name == "signature":
            return str(self.page.xpath("string(//*[@class='me']//b)"))
        return "2026-10-14" if control.get("type") == "date" else "已核实，情况属实。"

    def ways(self) -> list[tuple[str, str]]:
        """What completes the task, the page's own proposal first."""
        path = "//div[@class='actions']/div/button[not(starts-with(@name, '_')) or @name='_complete']"
        return [(each.get("name"), each.get("value", "")) for each in reversed(self.page.xpath(path))]

    def finish(self, address: str) -> bool:
        """Work on a task until the page takes it; false where it must wait for something else."""
        self.get(address)
        steps = self.page.xpath("//*[contains(@class, 'stp')]//button/@value")[-1:]
        for step in steps:
            self.press("_step", step)
        ways = self.ways()
        for _ in range(_ROUNDS):
            if not ways or self.press(*ways[0]):
                return bool(ways)
            found = self.complaints()
            if not found:  # the page says that this cannot be decided in this way
                ways.pop(0)
            self.mend_all(found)
            for step in steps:
                self.press("_step", step)
        return False

    def mend_all(self, found: list[tuple[str, str]]) -> None:
        """Go to each step with a complaint and mend what it names there."""
        for step in dict.fromkeys(step for step, _ in found):
            if step:
                self.press("_step", step)
            self.press("_draft", **self.mend([place for at, place in found if at == step]))


@pytest.mark.parametrize("login", WORKING)
def test_a_newcomer_finishes_what_waits(office, login):
    newcomer = Newcomer(office, login)
    newcomer.get("/inbox")
    waiting = newcomer.page.xpath("//li[@class='task']//h4/a/@href")
    assert waiting, newcomer.words()
    assert any(newcomer.finish(each) for each in waiting), newcomer.words()
    assert newcomer.page.xpath("//*[contains(@class, 'flash')]"), newcomer.words()


@pytest.mark.parametrize("login", sorted(LATER))
def test_who_has_nothing_to_do_yet_is_told_so_before_and_after_signing_in(office, login):
    newcomer = Newcomer(office, login)
    newcomer.get("/inbox")
    assert newcomer.page.xpath("//li[@class='task']") == []
    assert "没有待办" in newcomer.words()
    page = html.fromstring(office.web.test_client().get("/sign-in").text)
    (line,) = page.xpath("//tr[.//input[@name='login'][@value=$login]]", login=login)
    assert "后续环节" in line.text_content()
