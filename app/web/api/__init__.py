"""The API of other systems, ``/api/v1``: the services of the pages behind bearer tokens, described in OpenAPI."""

from apiflask import APIBlueprint, APIFlask

from app.web.addresses import API
from app.web.api import cases, document, office, pages, rooms, tokens, work
from app.web.security import csrf
from app.web.strict_json import StrictJson

__all__ = ["add_api"]

_PARTS: tuple[APIBlueprint, ...] = (document.bp, tokens.bp, work.bp, cases.bp, office.bp, rooms.bp)

_whole = APIBlueprint("api", __name__, url_prefix=f"{API}v1")
for _part in _PARTS:
    _whole.register_blueprint(_part)


def add_api(web: APIFlask) -> None:
    """Add the API and the page of its tokens.

    A call needs no form's token: no cookie is read there, so no other site can speak for anybody.
    """
    web.json = StrictJson(web)
    web.register_blueprint(_whole)
    web.register_blueprint(pages.bp)
    for part in _PARTS:
        csrf.exempt(part)
    document.describe(web)
