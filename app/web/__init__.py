"""The pages: Flask, Jinja and htmx. Routes parse, call one service, and present; everything else lies below."""

from apiflask import APIFlask
from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as Answer

from app.adapters.metering import PrometheusMeter
from app.config import Settings
from app.domain.ports import Clock
from app.services.acting import Ports
from app.store import Database
from app.web.access import Access, Answers, guard
from app.web.addresses import is_api
from app.web.api import add_api
from app.web.api.bearer import load_bearer, refuse_bearer
from app.web.areas import register_areas
from app.web.errors import register_errors
from app.web.identity.first import answer_due, answer_unconfirmed, answer_unknown
from app.web.identity.session import load_person
from app.web.identity.single_sign_on import set_single_sign_on
from app.web.languages import set_languages
from app.web.layout import furnish
from app.web.limiting import limit_storage
from app.web.observing import observe
from app.web.presenting import present
from app.web.security import configure, limit, secure
from app.web.wiring import Wiring, wire

__all__ = ["create_web"]


def create_web(
    settings: Settings, database: Database, ports: Ports, clock: Clock, meter: PrometheusMeter | None = None
) -> Flask:
    """Build the web application of one installation."""
    web = APIFlask(__name__, json_errors=False, enable_openapi=False)
    wire(web, Wiring(settings, database, ports, clock, meter or PrometheusMeter()))
    observe(web)
    configure(web, settings, lifetime=ports.sign_in.absolute)
    set_languages(web)
    login = LoginManager(web)
    login.session_protection = None  # the session's own record says whether it holds
    login.user_loader(load_person)
    login.request_loader(load_bearer)
    guard(web, Answers(_answer_unknown, answer_due, answer_unconfirmed))
    secure(web, settings)
    register_errors(web)
    set_single_sign_on(web, settings)
    register_areas(web)
    add_api(web)
    present(web)
    furnish(web)
    limit(web, limit_storage(settings, database, clock))
    if settings.proxies:
        web.wsgi_app = ProxyFix(web.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]  # as its documentation says
    return web


def _answer_unknown(declared: Access) -> Answer:
    """Ask a browser to sign in, and refuse a call of the API."""
    if is_api():
        refuse_bearer()
    return answer_unknown(declared)
