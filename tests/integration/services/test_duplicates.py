"""Duplicate evidence: found whichever of two applications comes first, shown to the format check, ruled there."""

from datetime import datetime

import pytest

from app.domain.forms import FormInvalid
from app.domain.time import SHANGHAI
from app.services.hooks import Case
from app.services.landing import case_of
from app.services.programme.duplicates import order_prints
from app.services.viewing import view_task
from app.store.models import Commendation, Instance
from tests.factories.playing import Play
from tests.factories.scans import certificate, put_in_place

OVER = datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI)
DONE = dict.fromkeys(("form_complete", "evidence_complete", "seals_complete", "publicity_complete"), "yes")


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def cases(play) -> tuple[str, str]:
    """Two cases at the format check; three papers of theirs are the same in different ways."""
    cycle = play.open_cycle()
    found = tuple(play.apply(person, code, cycle) for person, code in (("host_u1", "U2B1"), ("host_u2", "U2B2")))
    for case in found:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(OVER)
    for case, quality, number in zip(found, (90, 35), ("甘组发〔2025〕7号", "甘组发〔2025〕 7号"), strict=True):
        put_in_place(play.stage, case, "appointments", certificate("abc", quality=quality))
        put_in_place(play.stage, case, "titles", certificate("xyz"))
        put_in_place(play.stage, case, "appraisals", certificate(f"{quality}"))
        with play.stage.database.transaction() as session:
            application = play.application(case)
            rows = session.query(Commendation).filter_by(application_id=application.id)
            rows.update({"doc_number": number})
    compare(play, found[1])
    return found[0], found[1]


def case_at(play, case: str) -> Case:
    with play.stage.database.reading() as session:
        return case_of(session.query(Instance).filter_by(business_key=case).one())


def compare(play, case: str) -> None:
    with play.stage.acting(play.province.people["secretariat"]) as act:
        order_prints(act, case_at(play, case).id)
    play.catch_up()


def shown_at(play, case: str):
    with play.stage.reading(play.province.people["secretariat"]) as act:
        return view_task(act, task_id=play.task("format_check", case))


def check(play, case: str, decision: str, ruling: str) -> None:
    rows = [
        {"row_key": row["row_key"], "ruling": ruling, "note": "同一项目两人参与"}
        for row in shown_at(play, case).context["duplicates"]
    ]
    play.do("secretariat", "format_check", DONE | {"opinion": "核对", "decision": decision, "duplicates": rows}, case)


def test_what_is_the_same_is_found_for_both_whoever_came_first(play, cases):
    compare(play, cases[0])  # again, and from the other side: nothing is found twice
    for case, other in (cases, cases[::-1]):
        found = shown_at(play, case).panels["duplicates"]
        assert sorted(each.what.split("；")[0] for each in found) == ["文件完全相同", "证书或文号相同", "页面图像相近"]
        assert {each.other_case for each in found} == {play.case_page(other)}
        assert {bool(each.mine) for each in found} == {True, False}
    pairs = [{row["row_key"] for row in shown_at(play, case).context["duplicates"]} for case in cases]
    assert pairs[0] == pairs[1]


def test_a_duplicate_is_ruled_once_and_told_to_the_other_check(play, cases):
    first, second = cases
    with pytest.raises(FormInvalid) as refusal:
        check(play, first, "complete", "unexplained")
    assert set(refusal.value.errors) == {"decision"}
    with pytest.raises(FormInvalid) as refusal:
        play.do("secretariat", "format_check", DONE | {"opinion": "核对", "decision": "complete"}, first)
    assert {path.rpartition("-")[2] for path in refusal.value.errors} == {"ruling"}
    check(play, first, "complete", "legitimate")
    told = {row["before"] for row in shown_at(play, second).context["duplicates"]}
    assert told == {"同一成果，合理；同一项目两人参与"}
    check(play, second, "refer", "unexplained")
    assert play.open_elements(second) == ["decide_format"]
    assert max(play.costs["format_check"]) <= (14, 1)
