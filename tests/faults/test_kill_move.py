"""kill -9 while running cases are brought over: each goes whole or not at all, and the rest goes on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.jobs.worker import LEASE, Worker
from app.services.moving_cases import ask_move, decide_move
from app.services.moving_plan import Wish
from app.store.models import AuditEvent, Instance, MovedCase, MovedState
from tests.factories.acts import Stage
from tests.factories.errands import begin, found, go_to
from tests.factories.invariants import check
from tests.factories.newer import RENAMED, release_newer
from tests.faults.victims import killed

POINTS = (
    "UPDATE instance SET",
    pytest.param("UPDATE instance_state", marks=pytest.mark.long),
    pytest.param("UPDATE open_task", marks=pytest.mark.long),
    pytest.param("INSERT INTO audit_event", marks=pytest.mark.long),
    "UPDATE moved_case",
)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_batch_goes_on(stage: Stage, tmp_path: Path, point: str) -> None:
    people = found(stage)
    cases = [begin(stage, people) for _ in range(3)]
    for case in cases:
        go_to(stage, people, case, "check")
    release_newer(stage, people, RENAMED)
    with stage.acting(people.designer) as act:
        move = ask_move(act, key="errand", wish=Wish({"check": "verify"}), reason="改名")
    with stage.acting(people.publisher) as act:
        decide_move(act, public_id=move, releases=True)
    killed(stage.database, tmp_path / "evidence", "work", point)
    check(stage)
    with stage.reading() as act:
        before = list(act.session.scalars(select(Instance.renamed).order_by(Instance.id)))
        assert before == [None] * 3
    stage.clock.time += LEASE * 2
    assert Worker(stage.database, stage.ports, stage.clock).run_until_quiet().failed == 0
    check(stage)
    with stage.reading() as act:
        assert list(act.session.scalars(select(MovedCase.state))) == [MovedState.MOVED] * 3
        told = act.session.scalars(select(AuditEvent.case_id).where(AuditEvent.action == "move_case")).all()
        assert sorted(told) == [case.id for case in cases]
