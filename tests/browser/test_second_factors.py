"""Proving who one is in a real browser: a passkey made and used, an app's code by keyboard alone."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import expect

from app.services.demonstration import PASSWORD
from tests.browser.test_keyboard import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_STEP_SECONDS = 30
_KEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A device with a lock of its own that its owner has opened."""


def test_a_passkey_is_made_and_lets_its_owner_in(visit, server):
    visitor = visit()
    page, named = visitor.page, server.replace("127.0.0.1", "localhost")
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": _KEYS})["authenticatorId"]

    page.goto(f"{named}/sign-in")
    page.fill("#login", "expert7")
    page.fill("#password", PASSWORD)
    page.click("form.stack button.btn-main")
    page.goto(f"{named}/profile/factor")
    page.fill("#name", "办公电脑")
    page.click("form[data-passkey=create] button")
    page.wait_for_url(lambda address: "/profile/factor" not in address or "passkey" in address)
    assert len(device.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]) == 1
    page.goto(f"{named}/profile/security")
    expect(page.locator("main")).to_contain_text("办公电脑")

    visitor.context.clear_cookies()
    page.goto(f"{named}/sign-in")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": False})
    page.click("form[data-passkey=get] button")
    expect(page.locator("[data-failed]")).to_be_visible()
    page.goto(f"{named}/inbox")
    expect(page).to_have_url(re.compile("/sign-in"))
    device.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": True})
    page.click("form[data-passkey=get] button")
    page.wait_for_url("**/inbox")
    page.goto(f"{named}/profile/security")
    expect(page.locator("main")).to_contain_text("通行密钥")


def test_an_apps_code_is_given_by_keyboard_alone(visit):
    page = visit("expert6").page
    page.goto("/profile/factor")
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    tab_to(page, "#code")
    page.keyboard.type(app.now())
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_have_count(0)
    page.context.clear_cookies()

    page.goto("/sign-in")
    tab_to(page, "#login")
    page.keyboard.type("expert6")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_visible()
    tab_to(page, "#code")
    page.keyboard.type(app.at(time.time() + _STEP_SECONDS))
    press(page, "button.btn-main")
    page.wait_for_url("**/inbox")
