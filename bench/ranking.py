"""What the ranking page costs with 2,000 applications and five experts each (C5.3d): statements, seconds."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from app.domain.cycle import CycleSettings, settings_to_json
from app.domain.roles import RoleKey
from app.domain.states import CycleStatus, InstanceState
from app.domain.units import Track
from app.services.acting import Actor, Held
from app.services.ranking import PAGE, view_ranking
from app.store.adding import add_rows
from app.store.models import Application, ApplicationState, Cycle, DefenseRecord, Instance, Person, Score
from app.store.queries import organisation
from app.store.types import new_public_id
from bench.figure import Figure, aimed, at_most
from bench.stores import KINDS, settle, stages
from tests.factories.acts import Stage
from tests.factories.errands import begin, found

CASES, EXPERTS, EACH = 2000, 40, 5
NOW = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)


def figures() -> Iterator[Figure]:
    """Statements and seconds of a page, with both databases."""
    for kind in KINDS:
        with stages(kind, "ranking") as (stage,):
            cycle, reader = fill(stage)
            settle(stage)
            with stage.reading_as(reader) as act, stage.database.statements() as counted:
                begun = time.perf_counter()
                view = view_ranking(act, cycle=cycle, track=Track.UNIVERSITY)
                seconds = time.perf_counter() - begun
            if (view.total, len(view.rows)) != (CASES, PAGE):
                raise AssertionError(f"{view.total} ranked, {len(view.rows)} shown")
            yield at_most(f"ranking_statements_{kind}", len(counted.statements), "statements", 20)
            yield aimed(f"ranking_seconds_{kind}", seconds, "s", 2)


def fill(stage: Stage) -> tuple[str, Actor]:
    """Put a cycle with every case reviewed and defended into the store; return it and who reads its ranking."""
    people = found(stage)
    pattern = begin(stage, people)
    chance = random.Random(1)  # noqa: S311 - repeatable scores
    with stage.acting() as act:
        like = act.session.get_one(Instance, pattern.id)
        cycle = Cycle(
            programme_id=organisation.programme_id(act.session),
            title="2026年度申报",
            year=2026,
            status=CycleStatus.CLOSED,
            settings=settings_to_json(CycleSettings(places={Track.UNIVERSITY: 200})),
            opens_at=NOW,
        )
        act.session.add(cycle)
        act.session.flush()
        first = (act.session.query(Instance.id).order_by(Instance.id.desc()).first() or (0,))[0] + 1
        add_rows(act.session, Instance, [_instance(like, cycle, first + n, n) for n in range(CASES + 1)])
        experts = _experts(act.session, act.real_now)
        cases = [_application(cycle, first + 1 + n, n, people.host, people.units["B1"]) for n in range(CASES)]
        add_rows(act.session, Application, cases)
        scores, defenses = _scores(chance, experts, people.checker)
        add_rows(act.session, Score, scores)
        add_rows(act.session, DefenseRecord, defenses)
    held = (Held(RoleKey.PANEL_CHAIR, people.units["P"], "省委", 0),)
    return cycle.public_id, Actor(people.checker, "组长", held)


def _instance(like: Instance, cycle: Cycle, key: int, number: int) -> dict[str, Any]:
    """The first is the cycle's own."""
    return {
        "id": key,
        "public_id": new_public_id(),
        "programme_id": like.programme_id,
        "cycle_id": cycle.id,
        "process_key": "application" if number else "cycle",
        "business_key": f"a{number}" if number else cycle.public_id,
        "title": f"工作室{number}",
        "deployment_id": like.deployment_id,
        "model_version_id": like.model_version_id,
        "state": InstanceState.ACTIVE,
        "started_at": NOW,
        "revision": 0,
    }


def _experts(session: Any, at: datetime) -> list[tuple[int, str]]:
    rows = [Person(login=f"e{n}", name=f"专家{n}", password_hash="-", password_changed_at=at) for n in range(EXPERTS)]  # noqa: S106 - nobody signs in
    session.add_all(rows)
    session.flush()
    return [(row.id, row.public_id) for row in rows]


def _application(cycle: Cycle, instance_id: int, number: int, host_id: int, branch_id: int) -> dict[str, Any]:
    return {
        "id": number + 1,
        "public_id": f"a{number + 1}",
        "instance_id": instance_id,
        "cycle_id": cycle.id,
        "host_id": host_id,
        "branch_id": branch_id,
        "track": Track.UNIVERSITY,
        "state": ApplicationState.NOT_SHORTLISTED,
        "settings_version": 1,
        "receipt_number": f"SQ-2026-{number + 1:04d}",
        "submitted_at": NOW,
        "snapshot": {},
    }


def _scores(
    chance: random.Random, experts: list[tuple[int, str]], recorder: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    scores: list[dict[str, Any]] = []
    defenses: list[dict[str, Any]] = []
    for case in range(1, CASES + 1):
        judges, worth = chance.sample(experts, EACH), chance.uniform(60, 80)
        given = [str(round(worth + chance.gauss(0, 4), 1)) for _ in judges]
        scores += [
            {
                "application_id": case,
                "expert_id": person_id,
                "task_id": f"{case}-{person_id}",
                "criteria": {},
                "total": total,
                "opinion": "",
                "submitted_at": NOW,
            }
            for (person_id, _), total in zip(judges, given, strict=True)
        ]
        heard = [{"expert": public_id, "score": score} for (_, public_id), score in zip(judges, given, strict=True)]
        defenses.append(
            {
                "application_id": case,
                "attended": True,
                "scores": heard,
                "total": given[0],
                "note": "",
                "recorded_by_id": recorder,
                "recorded_at": NOW,
            }
        )
    return scores, defenses
