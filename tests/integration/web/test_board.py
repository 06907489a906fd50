"""The unit's board and its ranking: by buttons without script, within the quota in force, never one's own case."""

from datetime import date, datetime

import pytest
from flask import Flask

from app.domain.cycle import settings_from_json
from app.domain.forms import FormInvalid
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.board import Column, NothingToReview, board
from app.services.people import Grant, add_holding
from app.services.programme.calls import keep_settings
from app.services.viewing import view_task
from app.store.queries.cycles import cycle_by_public_id
from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor

RANKING = datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def cycle(play: Play) -> str:
    return play.open_cycle(unit_quota=2)


def as_one(web: Flask, play: Play, login: str) -> Visitor:
    return Visitor(web.test_client()).enter(play.province.people[login])


def recommended(play: Play, cycle: str) -> list[str]:
    cases = [play.apply(host, code, cycle) for host, code in (("host_u1", "U2B1"), ("host_u2", "U2B2"))]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend", opinion="同意推荐，材料齐全。")
    return cases


def test_the_board_shows_where_each_case_stands(web: Flask, play: Play, cycle: str) -> None:
    first, _ = recommended(play, cycle)
    third = play.apply("host_u3", "U2B3", cycle)
    play.attest(third, "u")
    play.review("prelim_u1", third, "return", opinion="缺任职文件。")
    with play.stage.reading(play.province.people["prelim_u1"]) as act:
        found = board(act)
        assert found is not None
        with pytest.raises(NothingToReview):
            board(act, cycle=cycle, unit="nowhere")
    stand = [(case.studio[-11:-5], case.column, case.returns, case.opinions[0].text) for case in found.cases]
    assert [each[1:] for each in stand] == [
        (Column.RETURNED, 1, "缺任职文件。"),
        (Column.CANDIDATE, 0, "同意推荐，材料齐全。"),
        (Column.CANDIDATE, 0, "同意推荐，材料齐全。"),
    ]
    assert (found.quota, found.returns_allowed) == (2, 1)
    page = as_one(web, play, "prelim_u2").get("/board").text
    assert "目前已推荐 2 件" in page
    assert "缺任职文件。" in page
    assert as_one(web, play, "host_u1").get("/board").status_code == 403
    assert "还没有需要初评的申报" in as_one(web, play, "prelim_c1").get("/board").text
    assert play.application(first).prelim_unit_id == play.province.units["U2"].id


def test_who_applies_does_not_meet_their_own_case_there(play: Play, cycle: str) -> None:
    with play.stage.acting() as act:
        grant = Grant(RoleKey.PRELIM, play.province.units["U2"].id, date(2020, 1, 1))
        add_holding(act, play.province.people["host_u1"], grant)
    own, other = play.apply("host_u1", "U2B1", cycle), play.apply("host_u2", "U2B2", cycle)
    for case in (own, other):
        play.attest(case, "u")

    def seen(login: str) -> tuple[list[tuple[str, bool]], bool]:
        with play.stage.reading(play.province.people[login]) as act:
            found = board(act)
        assert found is not None
        assert found.listed is not None
        return [(case.host, case.task_id is not None) for case in found.cases], found.listed.task_id is not None

    assert seen("host_u1")[0] == [("人员host_u1", False), ("人员host_u2", True)]
    for case in (own, other):
        play.review("prelim_u1", case, "recommend")
    play.go_to(RANKING)
    assert (seen("host_u1")[1], seen("prelim_u1")[1]) == (False, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_list_is_put_in_order_without_script(web: Flask, play: Play, cycle: str) -> None:
    first, second = recommended(play, cycle)
    play.go_to(RANKING)
    task = play.task("rank_list")
    prelim = as_one(web, play, "prelim_u1")

    def typed() -> dict[str, str]:
        with play.stage.reading(play.province.people["prelim_u1"]) as act:
            view = view_task(act, task_id=task)
            rows = {row["row_key"]: row for row in view.draft.data.get("items") or ()}
            sent = {"_revision": str(view.draft.revision)}
            for place, row in enumerate(view.context["items"]):
                kept = rows.get(row["row_key"], {})
                sent[f"items-{place}-row_key"] = row["row_key"]
                sent[f"items-{place}-rank"] = str(kept.get("rank") or "")
                if kept.get("recommended"):
                    sent[f"items-{place}-recommended"] = "true"
        return sent

    def order() -> list[str]:
        page = prelim.get(f"/tasks/{task}").text
        return sorted((first, second), key=lambda key: page.index(f'data-key="{key}"'))

    for move in (f"items {second} up", f"items {first} up"):
        assert prelim.post(f"/tasks/{task}", {**typed(), "_move": move}).status_code == 302
    assert order() == [second, first]
    assert prelim.post(f"/tasks/{task}", {**typed(), "_move": f"items {first} up"}).status_code == 302
    assert order() == [first, second]
    for wrong in ("items nobody up", f"items {first} sideways", "other x up", ""):
        assert prelim.post(f"/tasks/{task}", {**typed(), "_move": wrong}).status_code == 403
    assert prelim.post(f"/tasks/{task}", {**typed(), "opinion": "同意。", "_complete": ""}).status_code == 302
    with play.stage.reading(play.province.people["prelim_u1"]) as act:
        found = board(act)
    assert found is not None
    assert [(case.rank, case.column) for case in found.cases] == [(1, Column.CANDIDATE), (2, Column.CANDIDATE)]


def test_the_quota_in_force_is_checked_when_the_list_is_ranked(play: Play, cycle: str) -> None:
    recommended(play, cycle)
    with play.stage.acting() as act:
        found = cycle_by_public_id(act.session, cycle)
        assert found is not None
        keep_settings(act, found, settings_from_json(found.settings).revised(unit_quotas={"U2": 1}), reason="核减")
    play.go_to(RANKING)
    with pytest.raises(FormInvalid) as refusal:
        play.rank("prelim_u1", "U2")
    assert [problem.message.zh for problem in refusal.value.errors.values()] == ["列入推荐的超过本单位限额"]
