"""A stage done in error is annulled by two persons and done again; both results stay (C5.2a, C5.3a)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.services.acting import NotAllowed
from app.services.annulments import AnnulmentRefused, Grounds, ask_annulment, may_annul
from app.services.cases import view_case
from app.services.tasks import NotYourTask
from app.store.models import CohortMember, FormSubmission, Instance, RoleHolding
from tests.factories.playing import Play
from tests.integration.services.test_panel import FIVE, checked

GROUNDS = Grounds("原件核对有误。", "甘教工委〔2026〕20号")
ANNUL = {"opinion": "同意。", "decision": "annul"}


@pytest.fixture
def play(stage):
    return Play(stage)


def ask(play, case, person="province", grounds=GROUNDS):
    with play.stage.acting(play.province.people[person]) as act:
        return ask_annulment(act, case=play.case_page(case), grounds=grounds)


def offered(play, case):
    with play.stage.reading(play.province.people["province"]) as act:
        found = may_annul(act, case=play.case_page(case))
        return [name for _, name in found.stages] if found else []


def annul(play, case):
    key = ask(play, case)
    assert offered(play, case) == []
    with pytest.raises(AnnulmentRefused):
        ask(play, case)
    with pytest.raises(NotYourTask):
        play.do("province", "confirm_annulment", ANNUL, key)
    play.do("province2", "confirm_annulment", ANNUL, key)


def results(play, case, element):
    with play.stage.database.reading() as session:
        query = select(FormSubmission.data).join(Instance, Instance.id == FormSubmission.instance_id)
        query = query.where(Instance.business_key == case, FormSubmission.element_id == element)
        return [data["decision"] for data in session.scalars(query.order_by(FormSubmission.id))]


def stuck(play, case):
    """For each task that waits, whether whoever holds its office is kept out of it."""
    with play.stage.reading(play.province.people["province"]) as act:
        return [each.is_stuck for each in view_case(act, public_id=play.case_page(case)).waiting]


def office_of(act, play, login):
    return act.session.scalars(select(RoleHolding).where(RoleHolding.person_id == play.province.people[login])).one()


def end_office(play, login):
    with play.stage.acting() as act:
        office_of(act, play, login).valid_to = act.today - timedelta(days=1)


def give_office(play, login):
    with play.stage.acting() as act:
        office_of(act, play, login).valid_to = None


def test_a_recommendation_is_annulled_and_reviewed_by_somebody_else(play):
    case = play.apply("host_u1", "U2B1", play.open_cycle())
    play.attest(case, "u")
    with pytest.raises(AnnulmentRefused):
        ask(play, case)
    play.review("prelim_u1", case, "recommend")
    assert offered(play, case) == ["初评"]
    for stranger in ("secretariat", "prelim_u1", "host_u1"):
        with pytest.raises(NotAllowed):
            ask(play, case, stranger)
    with pytest.raises(AnnulmentRefused):
        ask(play, case, grounds=Grounds("理由。", " "))
    annul(play, case)
    assert play.open_elements(case) == ["initial_review"]
    with pytest.raises(NotYourTask):
        play.review("prelim_u1", case, "recommend")
    play.review("prelim_u2", case, "recommend")
    assert results(play, case, "initial_review") == ["recommend", "recommend"]
    key = ask(play, case)
    play.do("province2", "confirm_annulment", {"opinion": "不同意。", "decision": "keep"}, key)
    assert offered(play, case) == ["初评"]


def test_a_format_check_is_annulled_until_experts_are_assigned(play):
    (case,) = checked(play, ("host_u1", "U2B1"))
    assert offered(play, case) == ["形式审查"]
    annul(play, case)
    assert play.open_elements(case) == ["format_check"]
    with play.stage.database.reading() as session:
        stages = session.scalars(select(CohortMember.stage).join(Instance, Instance.id == CohortMember.case_id))
        assert list(stages) == ["selection"]
    with pytest.raises(NotYourTask):
        play.format_check("secretariat", case, "complete")
    assert stuck(play, case) == [False]
    end_office(play, "secretariat2")
    assert stuck(play, case) == [True]  # one person is left, who did the check before: the page says so
    give_office(play, "secretariat2")
    assert stuck(play, case) == [False]
    play.format_check("secretariat2", case, "complete")
    assert results(play, case, "format_check") == ["complete", "complete"]
    play.form_panel(FIVE)
    assert set(play.open_elements(case)) == {"material_review"}
    assert offered(play, case) == []
