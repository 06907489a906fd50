"""The sheet of an inspection, filled in as an inspector does on the spot (C6.2)."""

from datetime import datetime

from playwright.sync_api import Page, expect

from app.domain.time import SHANGHAI

_PHOTO = {
    "name": "现场.png",
    "mimeType": "image/png",
    "buffer": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    ),
}


def fill_sheet(page: Page, day: str = "") -> None:
    """Say everything the sheet asks for, with a photo; the visit was on a day, or today."""
    page.fill("[name=visited_on]", day or datetime.now(SHANGHAI).date().isoformat())
    page.fill("[name=office_area]", "21.5")
    for score in page.locator("input[name$='-score']").all():
        score.fill("88")
    for found in page.locator("input[name$='-found'][value=full]").all():
        found.check()
    page.fill("[name=opinion]", "现场没有信号时填写。")
    page.check("[name=no_conflict]")
    page.fill("[name=signature]", "甲")
    page.set_input_files("#photos-file", [_PHOTO])
    expect(page.locator("[data-photos] li")).to_have_count(1)
