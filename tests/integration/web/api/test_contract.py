"""The document tells the truth: schemathesis calls every operation on a lived-in installation, as everybody."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from app.domain.tokens import Scope
from app.services.accounts import load_actor
from app.services.acting import Act
from app.services.deployed import form_of
from app.services.tokens import WantedToken, issue_own_token, my_tokens, revoke_token
from app.store import Database, Session
from app.store.models import Cycle, InboxRow, Instance, OpenTask, Person, Unit
from tests.conftest import sqlite_copy
from tests.factories.clusters import create_database
from tests.factories.demonstrations import Office, open_office
from tests.factories.errands import MODELS
from tests.security.matrix import PEOPLE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
TWO_ROLES = {"two_desks", "two_rooms"}
"""Made for the authorization table only."""

EVERYTHING = WantedToken("测试", tuple(Scope))
WAITING = (
    select(OpenTask, InboxRow.queue_id)
    .join(InboxRow, InboxRow.task_id == OpenTask.id)
    .where(OpenTask.form_version_id.is_not(None))
    .order_by(OpenTask.opened_at, OpenTask.id)
)
LIKELY = {"/audit": "auditor", "/models": "designer", "/cycles": "host_university", "/applications": "host_university"}
"""Whose business a call is, where it is not everybody's."""

MODEL = next(MODELS.glob("bpmn/*/errand.bpmn")).read_text()
UNREACHED = {
    "POST /api/v1/tokens",
    "POST /api/v1/cases",
    "POST /api/v1/cycles/{cycle_id}/applications",
    "POST /api/v1/evidence",
    "POST /api/v1/tasks/{task_id}/complete",
}
"""What nobody gets done by chance: no password is guessed, no form filled in; tests of their own do it on purpose."""


@dataclass(frozen=True)
class Waiting:
    """An open task: its form's keys, and the token of somebody on whose desk it lies."""

    id: str
    keys: tuple[str, ...]
    token: str


@dataclass
class World:
    """A lived-in installation: whom calls may come from, and what there is to be called."""

    tokens: dict[str, str]
    tasks: list[Waiting]
    others: dict[str, list[str]]
    calls: dict[str, list[st.SearchStrategy[Any]]]
    """How to call each operation: in shape, in shape again, and out of it."""
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)


def world_of(office: Office) -> World:
    with office.database.transaction() as session:
        acts = {login: act_of(office, session, login) for login in PEOPLE.values() if login and login not in TWO_ROLES}
        tokens = {login: issue_own_token(act, wanted=EVERYTHING).secret for login, act in acts.items()}
        revoke_token(acts["expert1"], public_id=my_tokens(acts["expert1"])[0].public_id)
        owners = {queue_id: tokens[login] for login, act in acts.items() for queue_id in act.actor.queue_ids}
        tasks = [
            Waiting(task.id, tuple(part.key for part in (form.fields + form.rows)), owners[queue_id])
            for task, queue_id in session.execute(WAITING)
            if queue_id in owners and (form := form_of(session, task.form_version_id))
        ]
        others = {
            "case_id": list(session.scalars(select(Instance.public_id).order_by(Instance.id))),
            "cycle_id": list(session.scalars(select(Cycle.public_id).order_by(Cycle.id))),
            "branch": list(session.scalars(select(Unit.public_id).where(Unit.kind == "branch").order_by(Unit.id))),
        }
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", office.web)
    operations = [found.ok() for found in schema.get_all_operations()]
    return World(
        tokens,
        tasks,
        others,
        {each.label: [each.as_strategy(generation_mode=mode) for mode in MODES] for each in operations},
    )


def act_of(office: Office, session: Session, login: str) -> Act:
    now = office.clock.now()
    actor = load_actor(session, session.scalars(select(Person.id).where(Person.login == login)).one(), now)
    assert actor is not None
    return Act(session, actor, now, now, office.ports)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The demonstration, lived up to its day; no call may stumble over anything."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("demonstration")
        database = sqlite_copy(folder / "test.sqlite3", tmp_path)
    else:
        folder, socket = (request.getfixturevalue(name) for name in ("postgres_demonstration", "postgres_socket"))
        database = Database(create_database(socket, tmp_path.name, template=folder.name))
    office = open_office(database, folder)
    yield world_of(office)
    database.close()
    assert office.failures == []


def make_real(case: Any, world: World, draw: Callable[[Any], Any]) -> str:
    """Let most calls mean something that there is; return the token of somebody whose business it is."""
    label = case.operation.label
    token = world.tokens[next((login for part, login in LIKELY.items() if part in label), "province_committee")]
    named = case.path_parameters or {}
    for name in named.keys() & world.others.keys():
        named[name] = draw(st.sampled_from([*world.others[name], named[name]]))
    if "task_id" in named and draw(st.sampled_from([True, True, True, False])):
        task = draw(st.sampled_from(world.tasks))
        named["task_id"], token = task.id, task.token
        if isinstance(case.body, dict) and draw(st.booleans()):
            values = st.dictionaries(st.sampled_from(task.keys), JSON) if task.keys else st.just({})
            case.body = {"data": draw(values), "revision": draw(st.integers(0, 2))}
    if label.endswith("/applications") and draw(st.booleans()):
        case.body = {"branch": draw(st.sampled_from(world.others["branch"]))}
    if label.endswith("/lint") and draw(st.sampled_from([True, True, True, False])):
        end = draw(st.integers(0, len(MODEL)))
        case.body = {"content": draw(st.sampled_from([MODEL, MODEL, MODEL[:end], MODEL[end:]])) or " "}
    return token


def call(world: World, data: st.DataObject) -> None:
    """Draw a call of any operation, in shape or out of it; make it as anybody, then as the person it concerns."""
    label = data.draw(st.sampled_from(sorted(world.calls)))
    case = data.draw(data.draw(st.sampled_from(world.calls[label])))
    concerned = make_real(case, world, data.draw)
    anybody = data.draw(st.sampled_from([*world.tokens.values(), "sy_made-up", ""]))
    for token in (anybody, concerned):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        world.answered[label, answer.status_code] += 1


def run(world: World, calls: int, *, derandomize: bool) -> None:
    profile = settings(
        max_examples=calls // 2,
        phases=[Phase.generate],
        database=None,
        derandomize=derandomize,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    profile(given(st.data())(lambda data: call(world, data)))()
    answered = {label for label, status in world.answered if status < 400}
    assert world.answered.total() >= calls * 0.9
    assert answered >= world.calls.keys() - UNREACHED


def test_answers_are_as_the_document_says(world: World) -> None:
    run(world, 1000, derandomize=True)


@pytest.mark.long
def test_answers_are_as_the_document_says_whatever_is_tried(world: World) -> None:
    run(world, 25_000, derandomize=False)
