"""What somebody tried and was refused stays in the trail, for the auditor to find; it changes nothing else."""

from http import HTTPStatus

from sqlalchemy import select

from app.services.applications import start_application
from app.store.models import AuditEvent
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
