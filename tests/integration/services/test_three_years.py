"""Studios through three leap-crossing years (C6): whatever happens, after each day everything still agrees."""

import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import func, or_, select

from app.domain.states import InstanceState, StudioState
from app.domain.studios import FIRST_DOCUMENTS, YEARS, DocumentKind, begins, ends, term_of, years_of
from app.domain.time import SHANGHAI
from app.engine.codec import decode
from app.engine.runtime import READING
from app.engine.timing import EPOCH, moment_of
from app.services import audit
from app.services.construction.obligations import ObligationState, Wanted, obligations, state_of
from app.services.construction.reading import view_studio
from app.services.deployed import definition_of
from app.services.outside import ports_of
from app.store import Database
from app.store.migrating import upgrade
from app.store.models import (
    Acceptance,
    AuditEvent,
    FormerHost,
    HostChange,
    InboxRow,
    Instance,
    InstanceParty,
    MoneyKind,
    OpenTask,
    Queue,
    StoredState,
    Studio,
    StudioDocument,
    StudioEvent,
    StudioMoney,
    Trail,
)
from app.store.queries.studios import balance_of_case
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import create_database
from tests.factories.kept import lay
from tests.factories.lives import Life, Lives
from tests.factories.living_work import WORK

FILING, FUNDING, REPORT = timedelta(days=30), timedelta(days=90), timedelta(days=30)
ASSESSMENT = timedelta(days=30)
STEPS = [timedelta(days=10 * step) for step in range(3)]
TIMERS = (
    "year_begins", "year_ends", "activities_end", "money_ends", "funds_due", "term_ends",
    "escalate_documents", "escalate_year_plan", "escalate_report",
)  # fmt: skip
HAPPENS = {
    *("suspended", "resumed", "new_fact", "fact_cleared", "revoked", "ended_early", "member_joined"),
    *("renamed", "reorganised", "taken_over"),
    *("effective", "refused", "withdrawn", "lapsed"),
    *("accepted", "failed", "deferred once"),
    *("escalate", "miss_funds", "strike_money", "ask_to_rename"),
}
"""What happens in a long run, of each at least once: deeds and facts, changes of host, conclusions, lapses."""

OVER = {StudioState.ACCEPTED, StudioState.FAILED, StudioState.ENDED_EARLY, StudioState.REVOKED}
MANY = int(os.environ.get("LIVES", "300"))
STORY = settings(max_examples=1, phases=[Phase.generate])
STORIES = st.integers(0, 2**32).filter(bool)
"""Hypothesis tries the simplest first: nought, which is no story."""


def sqlite_stage(template, database, folder):
    """Each story begins on an empty database: one that fails is told once more."""
    lay(template, database)
    return Stage(database, ports_of(database, evidence_root=folder / "evidence"), SetClock())


@contextmanager
def postgres_stage(socket, folder):
    database = Database(create_database(socket, folder.name))
    upgrade(database)
    yield Stage(database, ports_of(database, evidence_root=folder / "evidence"), SetClock())
    database.close()


@given(seed=STORIES)
@STORY
def test_a_few_studios_through_three_years(migrated_sqlite, kept_sqlite, tmp_path_factory, seed):
    note(f"story {seed}")
    stage = sqlite_stage(migrated_sqlite, kept_sqlite, tmp_path_factory.mktemp("lives"))
    live(Lives(stage, seed, 2, pace=10))


@pytest.mark.long
@given(seed=STORIES)
@STORY
def test_three_hundred_studios_through_three_years(migrated_sqlite, kept_sqlite, tmp_path_factory, seed):
    note(f"story {seed}")
    stage = sqlite_stage(migrated_sqlite, kept_sqlite, tmp_path_factory.mktemp("lives"))
    live_eventfully(Lives(stage, seed, MANY))


@pytest.mark.long
@given(seed=STORIES)
@STORY
def test_a_tenth_as_many_on_postgres(postgres_socket, tmp_path_factory, seed):
    note(f"story {seed}")
    with postgres_stage(postgres_socket, tmp_path_factory.mktemp("lives")) as stage:
        live(Lives(stage, seed, max(2, MANY // 10)))


def live_eventfully(world):
    """Live on; of everything that may be asked of people, and of everything that may happen, there was some."""
    live(world)
    assert set(WORK) - set(world.costs) == set()
    assert HAPPENS - set(happened(world)) == set()


def live(world):
    """Live on until nothing is to come; a day on which nobody acts and no timer is due changes nothing."""
    while (day := world.next_day()) is not None:
        agrees(world, world.live(day))
    agrees(world, world.lives)  # what others did afterwards has touched nobody's
    for life in world.lives:
        studio = world.studio(life.key)
        assert studio.state in OVER, (life.number, studio.state)
        assert world.still_open(life) == {}
    with world.stage.reading() as act:
        assert audit.verify(act.session).findings == ()
    costs_are_kept(world.costs)


def happened(world):
    """How often each kind of event came, as the product keeps it."""
    found = Counter({"deferred once": sum("deferred" in life.done for life in world.lives)})
    with world.stage.database.reading() as session:
        for column in (StudioEvent.kind, HostChange.state, Studio.state, AuditEvent.action):
            found.update(dict(session.execute(select(column, func.count()).group_by(column)).all()))
    return found


def costs_are_kept(costs):
    """Whoever completes a task waits for at most 14 statements and one commit; the first reads form and tables."""
    warm = {element: max(found[1:]) for element, found in costs.items() if found[1:]}
    assert {element: cost for element, cost in warm.items() if cost[0] > 14} == {}
    assert {commits for found in costs.values() for _, commits in found} == {1}


def agrees(world, moved):
    with world.stage.reading(world.province.people["province"]) as act:
        for life in moved:
            cases = cases_of(act.session, life)
            timers_are_kept(act.session, life, cases, act.now)
            obligations_are_the_open_tasks(act, life, cases)
            has_one_host(world, act.session, life)
            is_called_as_recorded(act.session, life)
            if life.done.get("shown") != life.money:
                life.done["shown"] = life.money.copy()
                funds_add_up(act, life)
        total_is_of_all(act)


@dataclass(frozen=True)
class Held:
    """A case as the store has it, and what its state says waits: tasks with their due dates, timers."""

    row: Instance
    tasks: dict[str, datetime | None]
    timers: list[datetime]


def cases_of(session, life: Life):
    query = (
        select(Instance, StoredState.blob)
        .join(StoredState, StoredState.instance_id == Instance.id)
        .where(or_(Instance.id == life.instance_id, Instance.parent_id == life.instance_id))
        .order_by(Instance.id)
    )
    return [held(session, row, blob) for row, blob in session.execute(query)]


def held(session, row, blob):
    case = decode(blob, definition_of(session, *row.model), EPOCH, READING)
    deadlines = {token.id: token.internal_data.get("deadline") for token in case.tokens.values() if token.is_open}
    return Held(
        row,
        {key: None if due is None else moment_of(due) for key, due in deadlines.items()},
        [moment_of(token.internal_data["due"]) for token in case.due()],
    )


def timers_are_kept(session, life, cases, now):
    """Each case knows its earliest timer, nothing due was left, and what should have fired has, once."""
    for each in cases:
        assert each.row.next_due_at == (each.timers[0] if each.timers else None)
        assert each.row.state is not InstanceState.ACTIVE or not each.timers or each.timers[0] > now
        is_over = each.row.state is InstanceState.ENDED
        assert not (is_over and (each.tasks or each.timers))
    fired = select(Trail.element_id, func.count()).where(
        Trail.instance_id == life.instance_id, Trail.state == "completed"
    )
    times = dict(session.execute(fired.group_by(Trail.element_id)).all())
    construction = next(each.row for each in cases if each.row.id == life.instance_id)
    stops = (now, life.held_since, life.done.get("concluded"), construction.ended_at)
    until = min(moment for moment in stops if moment is not None)
    wanted = due_by(session, life, until)
    assert {element: times.get(element, 0) for element in wanted} == wanted
    for each in cases:
        if each.row.process_key == "acceptance":
            assessment_is_asked_for(session, life, each.row, now)


def assessment_is_asked_for(session, life, row, now):
    """An acceptance asks its studio for the self-assessment, and goes up with what is late, step by step."""
    opened_at = session.scalars(select(Acceptance.opened_at).where(Acceptance.instance_id == row.id)).one()
    due_at = ends(opened_at.astimezone(SHANGHAI).date() + ASSESSMENT)
    fired = select(func.count()).where(
        Trail.instance_id == row.id, Trail.state == "completed", Trail.element_id == "escalate_assessment"
    )
    times = session.scalar(fired.select_from(Trail))
    assert times == late(due_at, life.done.get("assessed"), min(now, row.ended_at or now))


def due_by(session, life, until):
    """How often each timer must have fired by then: told from the term and from what was handed in when."""
    if not life.is_settled:
        return dict.fromkeys(TIMERS, 0)
    term, numbers = term_of(life.opens_on), range(life.years_done + 1, YEARS + 1)
    years = [year.period for year in years_of(term)][life.years_done :]
    filed = filed_at(session, life)
    first = [filed.get((kind, 0)) for kind in FIRST_DOCUMENTS if kind not in life.filed]
    plans = [filed.get((DocumentKind.YEAR_PLAN, number)) for number in numbers]
    reports = [life.done.get(("report", number)) for number in numbers]
    over = sum(ends(year.last) <= until for year in years)
    return {
        "year_begins": sum(begins(year.first) <= until for year in years),
        "year_ends": over,
        "activities_end": over,
        "money_ends": over,
        "funds_due": sum(ends(year.first + FUNDING) <= until for year in years),
        "term_ends": int(ends(term.last) <= until),
        "escalate_documents": late(
            ends(life.opens_on + FILING), None if None in first else max(first, default=begins(life.opens_on)), until
        ),
        "escalate_year_plan": sum(
            late(ends(year.first + FILING), plan, until) for year, plan in zip(years, plans, strict=True)
        ),
        "escalate_report": sum(
            late(ends(year.last + REPORT), report, until) for year, report in zip(years, reports, strict=True)
        ),
    }


def filed_at(session, life):
    query = select(StudioDocument.kind, StudioDocument.year, StudioDocument.filed_at)
    found = session.execute(query.where(StudioDocument.studio_id == life.studio_id))
    return {(kind, year): at for kind, year, at in found}


def late(due_at, done_at, until):
    """How many of the three steps up were taken before it was done."""
    return sum(due_at + step <= min(until, done_at or until) for step in STEPS)


def obligations_are_the_open_tasks(act, life, cases):
    """What the clock shows of a studio is what its running cases wait for, each with its date, each in an inbox."""
    waiting = {key: due for each in cases for key, due in each.tasks.items()}
    query = select(OpenTask.id, OpenTask.due_at).where(OpenTask.instance_id.in_([each.row.id for each in cases]))
    assert dict(act.session.execute(query).all()) == waiting
    delivered = select(InboxRow.task_id).where(InboxRow.task_id.in_(waiting))
    assert set(act.session.scalars(delivered)) == set(waiting)
    running = [each for each in cases if each.row.state is InstanceState.ACTIVE]
    owed = {key: due for each in running for key, due in each.tasks.items()}
    clock = obligations(act, wanted=Wanted(studio=life.key))
    assert {item.task_id: item.due_at for item in clock.items} == owed
    states = Counter(state_of(act.now, due) for due in owed.values())
    shown = (clock.overdue, clock.at_risk, clock.open)
    assert shown == tuple(
        states[each] for each in (ObligationState.OVERDUE, ObligationState.AT_RISK, ObligationState.OPEN)
    )
    return owed


def total_is_of_all(act):
    """The whole province owes exactly what waits in its running cases."""
    clock = obligations(act, wanted=Wanted(), most=1)
    query = select(func.count()).select_from(OpenTask).join(Instance).where(Instance.state == InstanceState.ACTIVE)
    assert clock.overdue + clock.at_risk + clock.open == act.session.scalar(query)


def has_one_host(world, session, life):
    """One host at a time, their times without gap or overlap; the term never moved; the host's work lies with them."""
    studio = session.get_one(Studio, life.studio_id)
    term = term_of(life.opens_on)
    assert (studio.starts_on, studio.ends_on) == (term.first, term.last)
    former = session.scalars(
        select(FormerHost).where(FormerHost.studio_id == studio.id).order_by(FormerHost.from_on)
    ).all()
    told = [(row.person_id, row.from_on) for row in former] + [(studio.host_id, studio.host_since)]
    assert told == [(world.province.people[login], since) for login, since in life.hosts]
    nexts = [since for _, since in told[1:]]
    assert [row.to_on + timedelta(days=1) for row in former] == nexts
    mine = or_(Instance.id == life.instance_id, Instance.parent_id == life.instance_id)
    alive = Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    parts = select(InstanceParty.person_id).join(Instance).where(mine, alive, InstanceParty.person_id.is_not(None))
    assert set(session.scalars(parts)) <= {studio.host_id}
    inboxes = (
        select(Queue.person_id)
        .join(InboxRow, InboxRow.queue_id == Queue.id)
        .join(OpenTask, OpenTask.id == InboxRow.task_id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .where(mine, OpenTask.lane == "host")
    )
    assert set(session.scalars(inboxes)) <= {studio.host_id}
    opened = session.scalars(select(Acceptance).where(Acceptance.studio_id == studio.id)).all()
    has_begun = studio.state in {
        StudioState.IN_ACCEPTANCE, StudioState.DEFERRED, StudioState.ACCEPTED, StudioState.FAILED,
    }  # fmt: skip
    assert not has_begun or len(opened) == 1


def is_called_as_recorded(session, life):
    """Nothing but a document of 省委教育工委 has changed the name, and its case is called the same."""
    query = select(Studio.name, Instance.title).join(Instance, Instance.id == Studio.instance_id)
    assert session.execute(query.where(Studio.id == life.studio_id)).one() == (life.name, life.name)


def funds_add_up(act, life):
    """The book of the test, the lines in the store, the studio's page and the form say the same to the fen."""
    kept = select(StudioMoney.year, StudioMoney.kind, func.sum(StudioMoney.fen))
    by = (StudioMoney.year, StudioMoney.kind)
    counted = StudioMoney.struck_at.is_(None)
    lines = act.session.execute(kept.where(StudioMoney.studio_id == life.studio_id, counted).group_by(*by))
    book = {key: fen for key, fen in life.money.items() if fen}
    assert {(year, kind): fen for year, kind, fen in lines} == book
    for year in view_studio(act, public_id=life.key).years:
        number = year.row.number
        pledged, received, spent = (
            book.get((number, kind), 0) for kind in (MoneyKind.PLEDGE, MoneyKind.RECEIPT, MoneyKind.SPENDING)
        )
        money = year.money
        shown = (sum(money.pledged.values()), sum(money.received.values()), sum(money.spent.values()), money.left)
        assert shown == (pledged, received, spent, received - spent)
        assert balance_of_case(act.session, life.instance_id, number) == received - spent
