"""Chinese first, English second: which one a request is answered in, and the switch between them."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, redirect, request
from flask_babel import Babel, get_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.web.access import PUBLIC, access
from app.web.addresses import is_api, safe_next

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
"""The short word in addresses and in the cookie → the catalogue."""

_COOKIE = "language"

bp = Blueprint("languages", __name__)


def set_languages(web: Flask) -> None:
    """Choose a language for each request: the cookie's, else Chinese; a program says it in a header."""
    web.config.update(BABEL_DEFAULT_LOCALE=LANGUAGES["zh"], BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    Babel(web, locale_selector=_wanted)


def _wanted() -> str:
    if is_api():
        return LANGUAGES[request.accept_languages.best_match(LANGUAGES, "zh")]
    return LANGUAGES.get(request.cookies.get(_COOKIE, "zh"), LANGUAGES["zh"])


def language() -> str:
    """Return ``zh`` or ``en``: what the current request is answered in."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


@bp.get("/language/<word>")
@access(PUBLIC)
def switch(word: str) -> Response:
    """Keep the chosen language and go back to the page the link stood on."""
    if word not in LANGUAGES:
        raise NotFound
    response = redirect(safe_next(request.args.get("next")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(_COOKIE, word, max_age=timedelta(days=365), samesite="Lax", httponly=True, secure=secure)
    return response
