"""A page's form as a browser without JavaScript would send it."""

import io
from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.integration.web.conftest import Visitor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 2/Kids[]>>endobj\n%%EOF\n"


class Page:
    """An answer, read as a document."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.root = html.fromstring(answer.text)

    def words(self, name: str) -> str:
        """The words of the element with this id, with single spaces."""
        return " ".join(self.root.get_element_by_id(name).text_content().split())

    def has(self, name: str) -> bool:
        return self.root.get_element_by_id(name, None) is not None

    def value(self, name: str) -> Any:
        return self.root.get_element_by_id(name).value

    def buttons(self) -> list[str]:
        """The buttons of the action bar, left to right."""
        found = self.root.xpath("//div[@class='actions']//button[not(ancestor::details)]")
        return [" ".join(button.text_content().split()) for button in found]

    def values(self, form: str = "work") -> MultiDict[str, Any]:
        """What the form with this id would send without a button."""
        found = self.root.get_element_by_id(form)
        return MultiDict((name, value) for name, value in found.form_values())


def send(
    visitor: Visitor, page: Page, button: str, argument: str = "", typed: dict[str, Any] | None = None
) -> TestResponse:
    """Press a button of the page's form after typing; a value None unticks, a list ticks several, bytes are a file."""
    data = page.values()
    for name, value in (typed or {}).items():
        data.poplist(name)
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            data.add(name, (io.BytesIO(each), "证明.pdf") if isinstance(each, bytes) else each)
    data[button] = argument
    address = page.root.get_element_by_id("work").get("action")
    return visitor.client.post(address, data=data, content_type="multipart/form-data")


def follow(visitor: Visitor, answer: TestResponse) -> Page:
    """Go where a redirect points."""
    assert answer.status_code == 302, answer.text
    return Page(visitor.get(answer.headers["Location"]))
