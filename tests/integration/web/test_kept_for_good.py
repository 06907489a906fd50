"""Invariants, by every way to the rows: a score stays as given, a window only grows, nobody tied is assigned."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.adapters.assigning import assign
from app.domain.assignment import Outcome
from app.domain.recusal import TieKind
from app.services.acting import Act
from app.services.panel.assigning import Table, table_of
from app.services.panel.ties import Entry, NewTie, record_tie
from app.services.tasks import NotYourTask, TaskNotOpen, complete_task, save_draft
from app.store.models import (
    AnnulledScore,
    DefenseScore,
    Expert,
    ExpertWork,
    Person,
    ProvincialWindow,
    PublicityWindow,
    Score,
    ScoreWay,
)
from app.store.queries.cycles import cycle_by_public_id
from tests.factories.objecting import approve, put_up
from tests.factories.playing import Play
from tests.integration.services.test_panel import ALL, FIVE, ONE, TWO, checked
from tests.integration.web.api.conftest import System, token_of

FEW = settings(max_examples=12)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


def rows(play: Play, table: Any) -> list[dict[str, Any]]:
    """Every row of a table, whole."""
    with play.stage.database.reading() as session:
        return [dict(row) for row in session.execute(select(table.__table__)).mappings()]


def sent(play: Play, *statements: Any) -> None:
    with play.stage.database.transaction() as session:
        for statement in statements:
            session.execute(statement)


def refuses(play: Play, *statements: Any) -> None:
    """The database itself refuses the last of these statements, whoever sends it; none of them has any effect."""
    with pytest.raises(IntegrityError):
        sent(play, *statements)


def with_attributes(play: Play, table: Any, values: dict[str, Any]) -> None:
    with play.stage.database.transaction() as session:
        row = session.query(table).one()
        for name, value in values.items():
            setattr(row, name, value)


def refuses_attributes(play: Play, table: Any, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        with_attributes(play, table, values)


def scored(play: Play) -> str:
    """The task in which an expert gave 83 points to the only case."""
    (case,) = checked(play, *ONE)
    play.form_panel(FIVE)
    task = play.task("material_review", case, "expert3")
    play.score("expert3", case, 83)
    return task


TEXTS = st.sampled_from(["99", "0", "", "83.0", "一百"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "total": TEXTS,
        "opinion": TEXTS.filter(bool),
        "task_id": TEXTS,
        "criteria": st.just({"leadership": 99}),
        "expert_id": st.just(1),
        "submitted_at": st.integers(-9, 9).filter(bool).map(lambda days: timedelta(days=days)),
    },
).filter(bool)


@on_sqlite
def test_a_score_handed_in_is_changed_by_nobody_through_service_or_api(play: Play, web: Flask) -> None:
    task = scored(play)
    before = rows(play, Score)
    again: dict[str, Any] = {"criteria": [], "comment": "改分。", "no_conflict": True}
    for login in ("expert3", "expert4", "chair", "province", "secretariat"):
        person = play.province.people[login]
        for way in (complete_task, save_draft):
            with play.stage.acting(person) as act, pytest.raises((TaskNotOpen, NotYourTask)):
                way(act, task_id=task, data=again, revision=0)
        system = System(web, token_of(play.stage, person))
        whole = {"data": again, "revision": 0}
        answers = (system.post(f"/tasks/{task}/complete", whole), system.put(f"/tasks/{task}/draft", whole))
        assert {answer.status_code for answer in answers} <= {403, 404, 409}
    assert rows(play, Score) == before


def test_a_score_handed_in_is_changed_by_no_statement(play: Play) -> None:
    scored(play)
    (before,) = rows(play, Score)

    @FEW
    @given(CHANGES)
    def no_update_is_taken(change: dict[str, Any]) -> None:
        if "submitted_at" in change:
            change = change | {"submitted_at": before["submitted_at"] + change["submitted_at"]}
        refuses(play, update(Score).values(**change))
        refuses_attributes(play, Score, change)

    no_update_is_taken()
    better = before | {"id": 77, "total": "99"}
    refuses(play, delete(Score))
    refuses(play, insert(Score).values(better))
    refuses(play, insert(Score).values(better | {"task_id": "another"}))
    if play.stage.database.engine.dialect.name == "sqlite":
        refuses(play, insert(Score).prefix_with("OR REPLACE").values(better))
    kept = {key: before[key] for key in ("application_id", "expert_id")} | {"stage": "materials", "content": {}}
    told = {"given_at": before["submitted_at"], "reason": "理由。", "at": before["submitted_at"]}
    refuses(play, insert(AnnulledScore).values(**kept, **told, total="99"), delete(Score))
    assert rows(play, Score) == [before]


def test_a_score_of_a_defense_is_changed_by_no_statement(play: Play) -> None:
    (case,) = checked(play, *ONE)
    people, application_id = play.province.people, play.application(case).id
    with play.stage.acting() as act:
        who = {"expert_id": people["expert3"], "by_id": people["expert3"]}
        score = DefenseScore(application_id=application_id, **who, score="90", way=ScoreWay.PHONE, at=act.now)
        act.session.add(score)
    before = rows(play, DefenseScore)
    for change in ({"score": "99"}, {"by_id": people["chair"]}, {"way": ScoreWay.SETTLED, "reason": "改。"}):
        refuses(play, update(DefenseScore).values(**change))
        refuses_attributes(play, DefenseScore, change)
    refuses(play, delete(DefenseScore))
    refuses(play, insert(DefenseScore).values(before[0] | {"score": "99"}))
    assert rows(play, DefenseScore) == before


@pytest.mark.parametrize("table", [PublicityWindow, ProvincialWindow])
def test_no_statement_shortens_a_publicity(play: Play, table: Any) -> None:
    """Whatever is tried in whatever order: the first day stays, the rest only grows (C5.2b, C5.3e)."""
    approve(play, put_up(play))
    tried = st.lists(st.tuples(st.integers(-3, 3), st.integers(-2, 2), st.integers(-1, 1)), min_size=1, max_size=4)

    @FEW
    @given(tried)
    def only_grows(changes: list[tuple[int, int, int]]) -> None:
        for later, more, moved in changes:
            (before,) = rows(play, table)
            wanted = {
                "ends_at": before["ends_at"] + timedelta(days=later),
                "working_days": before["working_days"] + more,
                "opens_on": before["opens_on"] + timedelta(days=moved),
            }
            grows = later >= 0 and more >= 0 and not moved
            if grows:
                sent(play, update(table).values(**wanted))
            else:
                refuses(play, update(table).values(**wanted))
            assert rows(play, table) == [before | wanted if grows else before]

    only_grows()
    refuses(play, delete(table))


class Undone(Exception):
    """Takes back what an example wrote."""


WAYS = st.sampled_from(["own unit", "publication", *TieKind])
TIED = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(ALL), WAYS), max_size=5)


@on_sqlite
def test_whoever_is_tied_in_whatever_way_is_never_assigned(play: Play) -> None:
    """The pairs are known from how they were made, not from what the product makes of them (C5.3a, C5.3b)."""
    cases = checked(play, *TWO)
    play.form_panel(ALL)
    key = play.cycle_of(cases[0])
    with play.stage.reading() as act:
        aside = table_of(act, cycle_by_public_id(act.session, key)).problem().tied

    @FEW
    @given(TIED)
    def never_assigned(tied: list[tuple[int, str, Any]]) -> None:
        with pytest.raises(Undone):
            assigned_with(play, key, tied, aside)

    never_assigned()


def assigned_with(play: Play, key: str, tied: list[tuple[int, str, Any]], aside: frozenset[tuple[str, str]]) -> None:
    """Make ties, assign, check, and take it all back."""
    with play.stage.acting(play.province.people["secretariat"]) as act:
        cycle = cycle_by_public_id(act.session, key)
        assert cycle is not None
        entries = table_of(act, cycle).entries
        made = {pair for each in tied for pair in tie(act, play, entries, each)}
        act.session.flush()
        check(table_of(act, cycle), aside | made)
        raise Undone


def tie(act: Act, play: Play, entries: tuple[Entry, ...], wanted: tuple[int, str, Any]) -> Iterable[tuple[str, str]]:
    """Tie an expert to the host of a case; the pairs that this makes, by public ids."""
    place, login, way = wanted
    entry, person = entries[place], act.session.get_one(Person, play.province.people[login])
    if way == "own unit":
        act.session.get_one(Expert, person.id).unit_id = entry.branch.id
    elif way == "publication":
        day = act.today - timedelta(days=400)
        act.session.add(
            ExpertWork(person_id=person.id, title=f"论{place}", published_on=day, authors=f"{entry.host.name}，甲")
        )
    else:
        record_tie(act, tie=NewTie(person.public_id, entry.host.public_id, way, "本人说明"))
    meant = entries if way == "own unit" else (entry,)  # both hosts are of one university
    return [(each.application.public_id, person.public_id) for each in meant]


def check(table: Table, aside: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> None:
    problem = table.problem()
    found = assign(problem)
    free = {case: [each for each in problem.experts if (case, each) not in aside] for case in problem.cases}
    assert (found.outcome is Outcome.IMPOSSIBLE) is any(len(each) < table.reviewers for each in free.values())
    given_to = {(case, expert) for case, experts in found.chosen.items() for expert in experts}
    assert given_to & aside == set()
    if found.outcome is Outcome.OPTIMAL:
        assert [len(set(found.chosen[case])) for case in problem.cases] == [table.reviewers] * len(problem.cases)
