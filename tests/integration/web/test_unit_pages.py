"""A unit's history page and its changes by document; the list of terms that end soon."""

from datetime import timedelta

import pytest
from flask import Flask

from app.domain.roles import RoleKey
from app.services.people import Grant, add_holding
from app.store.queries.organisation import units_by_code
from tests.factories.acts import Stage
from tests.factories.errands import People, found
from tests.integration.web.conftest import Visitor


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage, models=False)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


def place(stage: Stage, code: str) -> str:
    with stage.reading() as act:
        return f"/admin/units/{units_by_code(act.session)[code].public_id}"


def test_a_rename_is_written_down_and_read_by_all_administrators(web: Flask, stage: Stage) -> None:
    sysadmin, where = as_one(web, "sysadmin"), place(stage, "S1")
    sent = {"name": "甲一校", "document": "甘教〔2026〕1号", "on": "2026-03-01"}
    assert as_one(web, "secadmin").post(f"{where}/name", sent).status_code == 403
    assert sysadmin.post(f"{where}/name", {**sent, "document": ""}).status_code == 400
    assert sysadmin.post(f"{where}/name", {**sent, "on": "2026-02-30"}).status_code == 400
    assert sysadmin.post(f"{where}/name", sent).status_code == 302
    page = as_one(web, "auditor").get(f"{where}/history").text
    assert "更名，原名甲校" in page
    assert "甘教〔2026〕1号" in page
    assert "依文件变更" not in page


def test_superiors_mergers_splits_and_ends_through_the_page(web: Flask, stage: Stage) -> None:
    stage.clock.move(days=1)
    sysadmin, document = as_one(web, "sysadmin"), {"document": "甘教〔2026〕2号"}
    assert sysadmin.post(f"{place(stage, 'D1')}/superior", {"superior": "X", **document}).status_code == 404
    assert sysadmin.post(f"{place(stage, 'D1')}/superior", {"superior": "C2 乙市", **document}).status_code == 302
    split = {"code": "S2", "name": "乙校", "below": "B1", **document}
    assert sysadmin.post(f"{place(stage, 'S1')}/split", split).status_code == 302
    assert sysadmin.post(f"{place(stage, 'S1')}/end", document).status_code == 302
    assert sysadmin.post(f"{place(stage, 'C1')}/merger", {"into": "D1", **document}).status_code == 422
    assert sysadmin.post(f"{place(stage, 'C1')}/merger", {"into": "C2", **document}).status_code == 302
    page = sysadmin.get(f"{place(stage, 'C1')}/history").text
    assert "甲市并入乙市" in page
    assert "已合并或撤销" in page


def test_terms_that_end_soon_are_listed(web: Flask, stage: Stage, people: People) -> None:
    assert "30 天内没有任期届满" in as_one(web, "secadmin").get("/admin/terms").text
    with stage.acting() as act:
        grant = Grant(RoleKey.PRELIM, people.units["C2"], act.today, act.today + timedelta(days=9))
        add_holding(act, people.judges[0], grant)
    page = as_one(web, "secadmin").get("/admin/terms").text
    assert "judge0先生" in page
    assert "9 天" in page
    assert as_one(web, "host").get("/admin/terms").status_code == 403
