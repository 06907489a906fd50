"""Browsers, systems and ways of signing in, in words people know."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.domain.identity import SignInWay

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("wxwork", "企业微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""The first that a browser says of itself; they all claim to be those further down."""

_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

WAYS = {
    SignInWay.PASSWORD: _l("Password"),
    SignInWay.PASSWORD_AND_CODE: _l("Password and code"),
    SignInWay.PASSWORD_AND_PASSKEY: _l("Password and passkey"),
    SignInWay.PASSKEY: _l("Passkey"),
    SignInWay.SINGLE_SIGN_ON: _l("The office's own sign-in"),
}


def device_name(agent: str) -> str:
    """Name a browser and its system from what it says of itself: Chrome · Windows."""
    found = [next((name for word, name in known if word in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or str(gettext("Unknown device"))


def way_name(way: SignInWay) -> str:
    """Name a way of signing in."""
    return str(WAYS[way])
