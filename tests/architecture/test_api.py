"""Every call of the API declares a scope, and nothing but the API knows scopes."""

from pathlib import Path

from flask import Flask

from app.config import Settings
from app.services.outside import ports_of
from app.store import Database
from app.web import create_web
from app.web.access import access_of
from app.web.addresses import API
from tests.factories.acts import SetClock


def web_at(folder: Path) -> Flask:
    database = Database("sqlite://")
    settings = Settings(database_url="", instance=folder, secret_key="k" * 40)
    return create_web(settings, database, ports_of(database, evidence_root=folder), SetClock())


def test_a_call_is_public_or_needs_a_scope_and_a_page_needs_none(tmp_path: Path) -> None:
    web = web_at(tmp_path)
    declared = {rule.rule: access_of(web, rule.endpoint) for rule in web.url_map.iter_rules()}
    scoped = {path for path, access in declared.items() if access is not None and access.scope is not None}
    public = {path for path, access in declared.items() if access is not None and access.public}
    calls = {path for path in declared if path.startswith(API)}
    assert calls - scoped == {f"{API}v1/openapi.json", f"{API}v1/tokens"}
    assert calls - scoped <= public
    assert scoped <= calls
