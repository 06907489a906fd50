"""The workshop's pages of running cases: planned, asked for, released by another, followed."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.jobs.worker import Worker
from app.store.models import Instance, Move, StoredState
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, found, go_to
from tests.factories.newer import ARCHIVED, RENAMED, release_newer
from tests.integration.web.conftest import Visitor


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


def blobs(stage: Stage) -> list[bytes]:
    with stage.reading() as act:
        return list(act.session.scalars(select(StoredState.blob).order_by(StoredState.instance_id)))


def test_a_move_from_plan_to_result(stage: Stage, web: Flask, people: People) -> None:
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    release_newer(stage, people, RENAMED)
    designer, publisher, auditor = (as_one(web, login) for login in ("designer", "publisher", "auditor"))
    before = blobs(stage)
    page = designer.get("/workshop/running/errand").text
    assert "move_gone" not in page
    assert "案卷正停在“核对”，新版本里没有这一步" in page
    assert 'name="map.check"' in page
    mapped = designer.get("/workshop/running/errand?map.check=verify").text
    assert 'value="verify" selected' in mapped
    given = {"map.check": "verify", "reason": ""}
    refused = designer.post("/workshop/running/errand", data=given)
    assert (refused.status_code, 'value="verify" selected' in refused.text) == (400, True)
    asked = designer.post("/workshop/running/errand", data={**given, "reason": "改名"})
    address = asked.headers["Location"]
    assert re.fullmatch(r"/workshop/moves/[\w-]{22}", address)
    assert designer.post(address, data={"decision": "release"}).status_code == 403
    assert auditor.get(address).status_code == 200
    assert auditor.get("/workshop/running/errand").status_code == 403
    assert blobs(stage) == before
    assert publisher.post(address, data={"decision": "release"}).status_code == 302
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    done = publisher.get(address).text
    assert "check → verify" in done
    assert "hx-trigger" not in done
    with stage.reading() as act:
        row = act.session.get_one(Instance, case.id)
        assert (row.renamed, row.rules_id is not None) == ({"check": "verify"}, True)


def test_a_declined_move_touches_nothing(stage: Stage, web: Flask, people: People) -> None:
    begin(stage, people)
    release_newer(stage, people, ARCHIVED)
    before = blobs(stage)
    designer = as_one(web, "designer")
    address = designer.post("/workshop/running/errand", data={"reason": "试试"}).headers["Location"]
    assert designer.post(address, data={"decision": "decline"}).status_code == 302
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    assert blobs(stage) == before
    assert designer.get("/workshop/running/nothing").status_code == 404
    assert designer.get("/workshop/moves/nothing").status_code == 404
    with stage.reading() as act:
        assert act.session.scalar(select(func.count()).select_from(Move)) == 1
