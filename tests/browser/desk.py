"""Somebody's desk: the inbox, the page of a task and what one does on it, as a person at a browser would."""

import itertools
import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from app.services.demonstration.papers import paper

_NUMBERS = itertools.count(1)
_PATIENCE_MS = 20_000
_LOOK_AGAIN_MS = 500


def document(name: str) -> dict[str, object]:
    """A one-page PDF to choose in a file field; no two are alike."""
    content = paper(f"{name} {next(_NUMBERS)}")
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content}


class Desk:
    """What a signed-in person does at ``page``."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def name(self) -> str:
        """The name of the person who has signed in."""
        return self.page.locator(".me b").inner_text()

    # the inbox

    def rows(self, task: str, case: str) -> Locator:
        """The inbox rows of a task, by the words the person reads: the task's name and a part of the case's."""
        stage = self.page.locator(".stage", has_text=re.compile(rf"^{re.escape(task)}"))
        return self.page.locator("li.task", has=stage).filter(has_text=case)

    def open(self, task: str, case: str) -> None:
        """Open a task from the inbox, where it may arrive while one waits: work is handed on in the background."""
        self.see(task, case)
        self.rows(task, case).first.locator("h4 a").click()
        expect(self.page.locator("h1")).to_be_visible()

    def see(self, task: str, case: str) -> None:
        """Look into the inbox until the task is there."""
        waited = 0
        self.page.goto("/inbox?sort=opened")
        while not self.rows(task, case).count():
            assert waited < _PATIENCE_MS, f"no {task} of {case} in the inbox: {self.page.locator('main').inner_text()}"
            self.page.wait_for_timeout(_LOOK_AGAIN_MS)
            waited += _LOOK_AGAIN_MS
            self.page.reload()

    # the page of a task

    def fill(self, values: Mapping[str, object], within: str = "") -> None:
        """Fill in fields by their names; ``within``: the row they stand in."""
        for key, value in values.items():
            name = f"{within}-{key}" if within else key
            field = self.page.locator(f"[name='{name}']:not([type=hidden])").first
            kind = field.get_attribute("type") or field.evaluate("each => each.tagName.toLowerCase()")
            if kind == "radio":
                self.page.locator(f"input[name='{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.set_checked(bool(value))
            elif kind == "select":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def upload(self, field: str, name: str) -> None:
        """Choose a file; it is sent at once and its name then stands in the field."""
        self.page.set_input_files(f"[id='{field}-file']", [document(name)])
        expect(self.page.locator(f"fieldset[id='{field}'] .thumb", has_text=name).first).to_be_visible()

    def add_row(self, key: str, values: Mapping[str, object], proof: str) -> None:
        """Add a row to a list, fill it in and upload what proves it."""
        listed = self.page.locator(f"[id='{key}']")
        if listed.locator("> summary").count() and listed.get_attribute("open") is None:
            listed.locator("summary").click()
        row = f"{key}-{listed.locator('.row-set').count()}"
        listed.locator("button[name=_add]").click()
        expect(self.page.locator(f"[id='{row}']")).to_be_visible()
        self.write_row(row, values, proof)

    def write_row(self, row: str, values: Mapping[str, object], proof: str) -> None:
        """Fill in a row that is there and upload what proves it."""
        self.fill(values, within=row)
        self.upload(f"{row}-doc", proof)

    def lines(self, key: str) -> list[str]:
        """The names of the rows of a table that the server has filled."""
        found = self.page.locator(f"[id='{key}'] input[type=hidden][name$='-row_key']")
        names = [each.get_attribute("name") or "" for each in found.all()]
        return [name.removesuffix("-row_key") for name in names]

    def line_of(self, key: str, text: str) -> str:
        """The name of the row that shows ``text``."""
        found = [row for row in self.lines(key) if text in self.page.locator(f"tr[id='{row}']").inner_text()]
        assert len(found) == 1, f"{len(found)} rows of {key} show {text}"
        return found[0]

    def next_step(self) -> None:
        """Go on to the next step of a long form."""
        before = self.page.locator(".stp [aria-current=step]").inner_text()
        self.page.click("button.btn-main[name=_step]")
        expect(self.page.locator(".stp [aria-current=step]")).not_to_have_text(before)

    def go_to(self, step: str) -> None:
        """Go to a step of a long form by its name."""
        self.page.locator(".stp button", has_text=step).click()
        expect(self.page.locator(".stp [aria-current=step]")).to_contain_text(step)

    def save_draft(self) -> None:
        """Press the button that keeps what was typed."""
        self.page.locator("button.btn-line[name=_draft]:visible").click()

    def complete(self) -> str:
        """Hand the task in; return what the page answers."""
        return self._hand_in("button.btn-main[name=_complete]")

    def decide(self, verdict: str, key: str = "decision") -> str:
        """Press a verdict's button, which hands the task in; return what the page answers."""
        return self._hand_in(f"button[name={key}][value={verdict}]")

    def _hand_in(self, button: str) -> str:
        with self.page.expect_navigation():  # which may begin later: a draft on its way is waited for
            self.page.click(button)
        complaints = self.page.locator("#errors, .note-red, .refused")
        assert not complaints.count(), complaints.first.inner_text()
        return self.page.locator(".flash").inner_text()
