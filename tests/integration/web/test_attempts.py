"""What somebody tried and was refused stays in the trail, for the auditor to find; it changes nothing else."""

from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import select

from app.domain.time import SHANGHAI
from app.services.applications import start_application
from app.store.models import AuditEvent, RoleHolding
from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor


def attempts(play):
    with play.stage.database.reading() as session:
        found = select(AuditEvent).where(AuditEvent.action == "attempt").order_by(AuditEvent.id)
        return [(event.person_id, event.object) for event in session.scalars(found)]


def test_a_case_opened_by_its_address_and_a_task_of_others(web, stage):
    play = Play(stage)
    people = play.province.people
    with stage.acting(people["host_u1"]) as act:
        begun = start_application(act, cycle=play.open_cycle(), branch=play.province.units["U2B1"].public_id)
    stranger, public = people["host_s1"], Visitor(web.test_client())
    page = Visitor(web.test_client()).enter(stranger)
    assert page.get(f"/cases/{begun.case}").status_code == HTTPStatus.NOT_FOUND
    assert page.post(f"/tasks/{begun.task_id}", {"_complete": "", "_revision": "0"}).status_code == HTTPStatus.FORBIDDEN
    assert public.get("/publicity/no-such-list").status_code == HTTPStatus.NOT_FOUND
    assert attempts(play) == [
        (stranger, f"GET /cases/<public_id> case/{begun.case}"),
        (stranger, f"POST /tasks/<task_id> task/{begun.task_id}"),
    ]


def test_a_page_of_a_role_that_has_expired(web, stage):
    play = Play(stage)
    prelim = play.province.people["prelim_u1"]
    page = Visitor(web.test_client()).enter(prelim)
    assert page.get("/board").status_code == HTTPStatus.OK
    yesterday = stage.clock.now().astimezone(SHANGHAI).date() - timedelta(days=1)
    with stage.database.transaction() as session:
        for holding in session.scalars(select(RoleHolding).where(RoleHolding.person_id == prelim)):
            holding.valid_to = max(holding.valid_from, yesterday)
    assert Visitor(web.test_client()).get("/board").status_code == HTTPStatus.FOUND
    page = Visitor(web.test_client()).enter(prelim)
    assert page.get("/board").status_code == HTTPStatus.FORBIDDEN
    assert attempts(play) == [(prelim, "GET /board")]
