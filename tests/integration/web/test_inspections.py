"""Inspections on site over HTTP: pages without script, sheets sent later as JSON, each counted once (C6.2)."""

import io
import re

import pytest
from sqlalchemy import select

from app.store.models import AuditEvent, FormSubmission, Inspection, StudioEvent
from tests.factories.accepting import INSPECTORS, Accepting
from tests.factories.playing import pdf
from tests.integration.web.conftest import Visitor

LOGIN = INSPECTORS[0]


@pytest.fixture
def play(stage):
    play = Accepting(stage)
    play.self_assess()
    play.name(*INSPECTORS)
    return play


@pytest.fixture
def enter(web, play):
    return lambda login: Visitor(web.test_client()).enter(play.province.people[login])


def fields(page):
    """What a browser would send of the sheet's page: hidden fields, and every control filled in."""
    names = re.findall(r'name="([^"]+)"', page)
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    filled = {name: "80" for name in names if name.endswith("-score")}
    filled |= {name: "full" for name in names if name.endswith("-found")}
    one = {
        "visited_on": "2026-03-02",
        "office_area": "20.5",
        "opinion": "情况属实。",
        "no_conflict": "on",
        "signature": "甲",
    }
    return {**hidden, **filled, **one, "_complete": ""}


def send(visitor, task_id, name, **changes):
    sheet = {**fields(visitor.get(f"/inspections/{task_id}").text), **changes}
    sheet["csrf_token"] = visitor.get("/inspections/token").json["token"]
    return visitor.client.post(f"/inspections/{task_id}", data=sheet, headers={"X-Sheet": name})


def test_a_sheet_is_taken_once_and_told_what_is_wrong(play, enter):
    task_id, visitor = play.task("inspect", play.case, LOGIN), enter(LOGIN)
    assert play.studio(play.key).name in visitor.get("/inspections/").text
    kept = visitor.get("/inspections/worker.js")
    assert (kept.status_code, kept.mimetype) == (200, "text/javascript")
    kept.close()
    filled = fields(visitor.get(f"/inspections/{task_id}").text)

    wrong = send(visitor, task_id, "s1", opinion="", **{"dimensions-0-score": "101"})
    assert (wrong.status_code, wrong.json["state"]) == (422, "invalid")
    assert {each["name"] for each in wrong.json["problems"]} == {"opinion", "dimensions-0-score"}
    stale = visitor.client.post(
        f"/inspections/{task_id}", data=filled | {"csrf_token": "old"}, headers={"X-Sheet": "s1"}
    )
    assert (stale.status_code, stale.json["state"]) == (400, "expired")

    photo = {"_file-photos": (io.BytesIO(pdf("photo")), "照片.pdf")}
    token = {"csrf_token": visitor.get("/inspections/token").json["token"]}
    first = visitor.client.post(f"/inspections/{task_id}", data=filled | token | photo, headers={"X-Sheet": "s1"})
    assert (first.status_code, first.json["state"], first.json["again"]) == (200, "received", False)
    again = visitor.client.post(f"/inspections/{task_id}", data=filled | token, headers={"X-Sheet": "s1"})
    assert (again.status_code, again.json["state"], again.json["again"]) == (200, "received", True)
    other = visitor.client.post(f"/inspections/{task_id}", data=filled | token, headers={"X-Sheet": "s2"})
    assert (other.status_code, other.json["state"]) == (409, "conflict")
    assert "C6.2" in other.json["title"]
    one_sheet_is_kept_and_one_attempt(play, task_id)
    strangers_get_nothing(play, enter, task_id)


def one_sheet_is_kept_and_one_attempt(play, task_id):
    """What was sent again changed nothing; what came from another phone was refused and is in the trail."""
    with play.stage.database.reading() as session:
        assert session.scalars(select(Inspection.sent_as)).all() == ["s1"]
        handed_in = session.scalars(select(FormSubmission.task_id).where(FormSubmission.element_id == "inspect")).all()
        tried = select(AuditEvent.body).where(AuditEvent.action == "attempt").order_by(AuditEvent.id)
        last = session.scalars(tried).all()[-1].decode()
    assert handed_in == [task_id]
    assert task_id in last
    assert "refused sheet_differs" in last


def strangers_get_nothing(play, enter, task_id):
    assert enter("host_u1").get(f"/inspections/{task_id}").status_code == 403
    other = play.task("inspect", play.case, INSPECTORS[1])
    assert enter(LOGIN).get(f"/inspections/{other}").status_code in (403, 404)


def test_the_affairs_of_a_studio(play, enter):
    address = f"/studios/{play.key}/affairs"
    host, committee = enter("host_u1"), enter("province")
    assert "人员host_u1" in host.get(address).text
    assert enter("host_s1").get(address).status_code == 404
    refused = host.post(f"/studios/{play.key}/name")
    assert (refused.status_code, "C6.1b" in refused.text) == (403, True)
    outside = host.post(f"/studios/{play.key}/host-change")
    assert (outside.status_code, "C6.1b" in outside.text) == (409, True)
    deed = {"kind": "plaque_given", "on_day": "2026-03-02", "document": "甘教工委〔2026〕1号", "reason": "授牌仪式。"}
    incomplete = committee.post(f"/studios/{play.key}/deeds", {**deed, "document": ""})
    assert (incomplete.status_code, "授牌仪式。" in incomplete.text) == (400, True)
    assert committee.post(f"/studios/{play.key}/deeds", deed).status_code == 302
    with play.stage.database.reading() as session:
        assert [event.kind for event in session.scalars(select(StudioEvent))] == ["plaque_given"]
    assert "甘教工委〔2026〕1号" in committee.get(address).text
    figures_are_shown(enter)


def test_a_sheet_is_struck_from_the_page(play, enter):
    play.inspect({LOGIN: 90})
    committee, address = enter("province"), f"/studios/{play.key}"
    assert "作废考察表" in committee.get(f"{address}/affairs").text
    assert "作废考察表" not in enter("secretariat").get(f"{address}/affairs").text
    form = {"acceptance": play.case, "struck": play.province.public_ids[LOGIN], "struck_reason": " "}
    refused = committee.post(f"{address}/sheets/struck", form)
    assert (refused.status_code, "请写明专家退出的理由" in refused.text) == (400, True)
    assert committee.post(f"{address}/sheets/struck", {**form, "struck_reason": "系主持人亲属。"}).status_code == 302
    shown = committee.get(f"{address}/affairs").text
    assert ("系主持人亲属。" in shown, 'name="struck"' in shown) == (True, False)


def figures_are_shown(enter):
    whole, city = enter("province").get("/dashboard"), enter("prelim_c1").get("/dashboard")
    assert (whole.status_code, city.status_code) == (200, 200)
    assert "兰州" in whole.text
    assert enter("prelim_c1").get("/dashboard/figures.xlsx").mimetype.endswith("sheet")
    assert enter("host_u1").get("/dashboard").status_code == 403
