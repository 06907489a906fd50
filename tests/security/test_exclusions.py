"""Exclusions: one mechanism for own case, four eyes, recusal and the wall of C6.5, and no way around it over HTTP."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select

from app.services.accounts import load_actor
from app.services.acting import Act, Actor
from app.services.cases import view_case
from app.store.models import (
    Application,
    Evidence,
    EvidenceUse,
    ExclusionReason,
    FormSubmission,
    InboxRow,
    Instance,
    OpenTask,
    Person,
    Queue,
    RoleHolding,
    Score,
    TaskExclusion,
)
from tests.factories.demonstrations import Guest, Office

TOLD = {
    ExclusionReason.OWN_CASE: "这是您本人的申报，须回避",
    ExclusionReason.FOUR_EYES: "前一步是您办的",
    ExclusionReason.RECUSED: "您须回避本件",
    ExclusionReason.UNDERTAKING_WALL: "您单位承办申报工作",
}
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(params=list(ExclusionReason))
def reason(request: pytest.FixtureRequest) -> ExclusionReason:
    return request.param


@pytest.fixture
def barred(tried_office: Office, reason: ExclusionReason) -> Iterator[tuple[Guest, str, str, str]]:
    """Somebody with a task on their desk that they must keep out of: the task, its case, a file of it."""
    office = tried_office
    with office.database.reading() as session:
        did = select(FormSubmission.instance_id).where(FormSubmission.by_id == Person.id)
        query = select(OpenTask.id, Instance.public_id, Person.id, Person.login)
        query = query.join(Instance, Instance.id == OpenTask.instance_id)
        query = query.join(InboxRow, InboxRow.task_id == OpenTask.id).join(Queue, Queue.id == InboxRow.queue_id)
        query = query.join(RoleHolding, RoleHolding.unit_id == Queue.unit_id)
        query = query.where(RoleHolding.role_id == Queue.role_id).join(Person, Person.id == RoleHolding.person_id)
        query = query.where(OpenTask.element_id == "initial_review", Person.login.like("prelim%"))
        query = query.where(OpenTask.instance_id.not_in(did)).order_by(Person.login, Instance.title)
        task, case, person_id, login = session.execute(query.limit(1)).one()
        files = select(Evidence.public_id).join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
        files = files.join(Instance, Instance.id == EvidenceUse.instance_id).where(Instance.public_id == case)
        file = session.scalars(files.order_by(Evidence.id).limit(1)).one()
    guest = office.enter(login)
    assert [guest.get(path).status_code for path in (f"/tasks/{task}", f"/cases/{case}", f"/evidence/{file}")] == [
        200
    ] * 3
    row = {"task_id": task, "person_id": person_id, "reason": reason}
    with office.database.engine.begin() as connection:
        connection.execute(insert(TaskExclusion).values(**row))
    yield guest, task, case, file
    with office.database.engine.begin() as connection:
        kept = (TaskExclusion.task_id == task, TaskExclusion.person_id == person_id)
        connection.execute(delete(TaskExclusion).where(*kept))


def test_who_must_keep_out_is_refused_at_every_door_and_told_why(
    barred: tuple[Guest, str, str, str], reason: ExclusionReason
) -> None:
    guest, task, case, file = barred
    doors = {
        "read": guest.get(f"/tasks/{task}"),
        "case": guest.get(f"/cases/{case}"),
        "download": guest.get(f"/evidence/{file}"),
        "autosave": guest.post(f"/tasks/{task}/draft", {"opinion": "x"}),
        "self-check": guest.post(f"/tasks/{task}/self-check"),
        "upload": guest.post(f"/tasks/{task}/evidence", {"_file-seal_doc": (io.BytesIO(PDF), "章.pdf")}),
        **{deed: guest.post(f"/tasks/{task}", {f"_{deed}": "1"}) for deed in ("claim", "release", "draft", "complete")},
    }
    assert {door: answer.status_code for door, answer in doors.items()} == dict.fromkeys(doors, 403)
    assert [door for door, answer in doors.items() if TOLD[reason] not in answer.text] == []
    for page in ("/inbox", "/cases"):
        assert task not in guest.get(page).text
        assert case not in guest.get(page).text


def test_nobody_is_kept_out_by_anything_else(tried_office: Office) -> None:
    """Every reason is a row of the one table: the state of each open task says who must keep out of it."""
    with tried_office.database.reading() as session:
        rows = set(session.execute(select(OpenTask.element_id, TaskExclusion.reason).join(TaskExclusion)))
    assert ("initial_review", ExclusionReason.OWN_CASE) in rows
    assert ("format_check", ExclusionReason.FOUR_EYES) in rows
    assert ("format_check_committee", ExclusionReason.UNDERTAKING_WALL) in rows
    assert {reason for _, reason in rows} <= set(ExclusionReason)


def test_a_host_never_reads_who_reviews_their_case_whatever_office_they_hold(tried_office: Office) -> None:
    office = tried_office
    with office.database.reading() as session:
        scored = select(Instance.public_id, Application.host_id, Person.name)
        scored = scored.join(Application, Application.instance_id == Instance.id)
        scored = scored.join(Score, Score.application_id == Application.id).join(Person, Person.id == Score.expert_id)
        rows = session.execute(scored).all()
        committee = session.scalars(select(Person.id).where(Person.login == "province_committee")).one()
        officer = load_actor(session, committee, office.clock.now())
        hosts = {row[1]: load_actor(session, row[1], office.clock.now()) for row in rows}
    assert rows
    for case, host_id, reviewer in rows:
        host = replace(hosts[host_id], held=(*hosts[host_id].held, *officer.held))
        assert reviewer in told(office, officer, case)
        assert reviewer not in told(office, host, case)


def told(office: Office, actor: Actor, case: str) -> str:
    """Everything that the case's page is made from."""
    with office.database.reading() as session:
        act = Act(session, actor, office.clock.now(), office.clock.real_now(), office.ports)
        view = view_case(act, public_id=case)
    return repr((view.course, view.ledger, view.waiting))
