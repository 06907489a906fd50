"""Cases of the programme itself brought over: an application in its initial review, a studio in its year."""

from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.domain.roles import RoleKey
from app.services import audit
from app.services.deploying import DraftModel, release_version, save_draft_model
from app.services.moving_cases import ask_move, decide_move
from app.services.moving_plan import Wish
from app.services.moving_progress import view_move
from app.services.people import Grant, add_holding
from app.store.models import Authenticator, Instance, ModelKind, OpenTask, Person
from app.store.queries.organisation import personal_queue_id
from tests.factories.playing import Play
from tests.factories.studios import Building
from tests.integration.services.test_studios import PLAN

BPMN = Path(__file__).resolve().parents[3] / "bpmn"


def with_step(process: str, after: str, step: str, name: str, **renamed: str) -> bytes:
    """A process with a task added behind an element, in its lane, and with elements that have other ids."""
    text = (BPMN / process / f"{process}.bpmn").read_text("utf-8")
    here = text.index(f'sourceRef="{after}"')
    flow = text[text.rindex("<bpmn:sequenceFlow", 0, here) : text.index(">", here) + 1]
    moved = flow.replace(f'sourceRef="{after}"', f'sourceRef="{step}"')
    into = flow.split('id="')[1].split('"')[0]
    added = (
        f'<bpmn:userTask id="{step}" name="{name}" sy:clauses="C6.7"><bpmn:documentation>{name}（C6.7）。'
        f"</bpmn:documentation><bpmn:incoming>to_{step}</bpmn:incoming><bpmn:outgoing>{into}</bpmn:outgoing>"
        f'</bpmn:userTask><bpmn:sequenceFlow id="to_{step}" sourceRef="{after}" targetRef="{step}" />'
    )
    text = text.replace(flow, added + moved)
    text = text.replace(f"<bpmn:outgoing>{into}</bpmn:outgoing>", f"<bpmn:outgoing>to_{step}</bpmn:outgoing>", 1)
    lane = f"<bpmn:flowNodeRef>{after}</bpmn:flowNodeRef>"
    text = text.replace(lane, f"{lane}<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>", 1)
    for old, new in renamed.items():
        text = text.replace(f'"{old}"', f'"{new}"').replace(f">{old}<", f">{new}<")
    return text.encode()


def officer(play: Play, role: RoleKey) -> int:
    with play.stage.acting() as act:
        row = Person(login=role.value, name=role.value, password_hash="-", password_changed_at=act.real_now)
        act.session.add(row)
        act.session.flush()
        personal_queue_id(act.session, row.id)
        add_holding(act, row.id, Grant(role, play.province.units["P"].id, date(2020, 1, 1)))
        act.session.add(Authenticator(person_id=row.id, sealed=b"a test's", confirmed_at=act.real_now))
        return row.id


def brought_over(play: Play, key: str, model: str, content: bytes) -> tuple[int, int]:
    """Release the model, have the cases of ``key`` moved; return how many went and stayed."""
    designer, publisher = officer(play, RoleKey.DESIGNER), officer(play, RoleKey.PUBLISHER)
    stage = play.stage
    with stage.acting(designer) as act:
        draft = save_draft_model(act, draft=DraftModel(ModelKind.BPMN, model, "", content, "增加一步"))
        assert draft.checked.errors == ()
    with stage.acting(publisher) as act:
        release_version(act, version=draft.public_id)
    with stage.acting(designer) as act:
        move = ask_move(act, key=key, wish=Wish(), reason="增加一步")
    with stage.acting(publisher) as act:
        decide_move(act, public_id=move, releases=True)
    play.catch_up()
    with stage.reading(publisher) as act:
        row = view_move(act, public_id=move).row
        assert audit.verify(act.session).holds
    return row.moved, row.kept


def tasks_of(play: Play, process: str) -> list[tuple[str, str, object, int | None]]:
    with play.stage.database.reading() as session:
        query = select(OpenTask.id, OpenTask.element_id, OpenTask.due_at, OpenTask.form_version_id)
        query = query.join(Instance, Instance.id == OpenTask.instance_id).where(Instance.process_key == process)
        return [tuple(row) for row in session.execute(query.order_by(OpenTask.id))]


def test_an_application_in_its_initial_review(stage) -> None:
    play = Play(stage)
    case = play.apply("host_u1", "U2B1", play.open_cycle())
    play.attest(case, "u")
    before = tasks_of(play, "application")
    assert [each[1] for each in before] == ["initial_review"]
    newer = with_step("application", "initial_review", "second_reading", "复核初评", gw_initial="gw_verdict")
    assert brought_over(play, "application", "application", newer) == (1, 0)
    assert tasks_of(play, "application") == before
    play.review("prelim_u1", case, "recommend")
    assert play.open_elements(case) == ["second_reading"]
    play.do("prelim_u1", "second_reading", {}, case)
    assert "second_reading" not in play.open_elements(case)
    assert play.application(case).submitted_at is not None


def test_a_studio_in_its_year(stage) -> None:
    play = Building(stage)
    key = play.open()
    play.filed(key, "建设方案", "host_s1", "county", **PLAN)
    play.on(date(2026, 3, 3))
    before = tasks_of(play, "construction")
    assert {"record_activity", "record_money", "pledge_county"} <= {each[1] for each in before}
    newer = with_step("construction_year", "pledge_county", "second_look", "复核县区经费")
    assert brought_over(play, "construction", "construction_year", newer) == (1, 0)
    assert tasks_of(play, "construction") == before
    pledge = {"decision": "pledge", "amount": "20000", "document": "预算"}
    play.step("county", "落实第一年度支持经费", key, pledge, doc="pledges")
    assert "复核县区经费" in play.waiting(key)
    play.step("county", "复核县区经费", key, {})
    assert "复核县区经费" not in play.waiting(key)
