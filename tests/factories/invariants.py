"""What must hold of the store whatever has happened: checked after every fault."""

import hashlib
from collections import Counter

from sqlalchemy import func, select

from app.domain.states import InstanceState
from app.engine import task_data
from app.services import audit
from app.services.deployed import definition_of
from app.store.models import (
    AuditEvent,
    Evidence,
    FormSubmission,
    Instance,
    Message,
    OpenTask,
    StoredState,
    Trail,
)
from tests.factories.acts import Stage


def check(stage: Stage) -> None:
    """Chains whole; state, tasks, history and submissions of one revision; every step and file told of, and there."""
    with stage.reading() as act:
        session = act.session
        assert audit.verify(session).findings == ()
        instances = {row.id: row for row in session.scalars(select(Instance))}
        stored = {row.instance_id: row for row in session.scalars(select(StoredState))}
        steps = Counter(session.scalars(select(AuditEvent.case_id).where(AuditEvent.action.in_(STEPS))))
        last = dict(
            session.execute(select(Trail.instance_id, func.max(Trail.revision)).group_by(Trail.instance_id)).all()
        )
        for instance_id, row in instances.items():
            assert row.revision == stored[instance_id].revision == steps[instance_id] == last[instance_id]
        for task in session.scalars(select(OpenTask)):
            instance = instances[task.instance_id]
            assert instance.state is InstanceState.ACTIVE
            definition = definition_of(session, *instance.model)
            task_data(definition, stored[task.instance_id].blob, task.id)
        told = Counter(session.scalars(select(AuditEvent.case_id).where(AuditEvent.action == "complete_task")))
        assert told == Counter(session.scalars(select(FormSubmission.instance_id)))
        delivered = Counter(session.scalars(select(Message.delivered_to_id).where(Message.delivered_at.is_not(None))))
        assert delivered == Counter(
            session.scalars(select(AuditEvent.case_id).where(AuditEvent.action == "deliver_message"))
        )
        for sha256 in session.scalars(select(Evidence.sha256)):
            assert hashlib.sha256(stage.ports.files.get(sha256)).hexdigest() == sha256


STEPS = ("start_case", "complete_task", "deliver_message", "pass_time")
