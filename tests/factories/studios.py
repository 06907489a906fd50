"""Studios under construction: opened as an approval opens them, their steps done by the people whose tasks they are."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from app.domain.cycle import CycleSettings, settings_to_json
from app.domain.states import CycleStatus
from app.domain.time import SHANGHAI
from app.services.clock import enter_days
from app.services.construction.opening import Approved, open_studio
from app.services.demonstration.organisation import provisional_days
from app.services.viewing import view_task
from app.store.models import Cycle, Instance, OpenTask, Studio
from app.store.queries.organisation import programme_id
from tests.factories.acts import Stage
from tests.factories.playing import Play

BEGUN = date(2026, 3, 2)


class Building(Play):
    """The province with an announced cycle; studios are opened on the present day."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        with stage.acting() as act:
            enter_days(act, days=list(provisional_days()))
            cycle = Cycle(
                programme_id=programme_id(act.session),
                title="2026年度申报",
                year=2026,
                status=CycleStatus.ANNOUNCED,
                settings=settings_to_json(CycleSettings()),
                announced_at=act.now,
            )
            act.session.add(cycle)
            act.session.flush()
            self.cycle = cycle

    def open(
        self,
        host: str = "host_s1",
        branch: str = "S1B1",
        approved_on: date = BEGUN,
        application_id: int | None = None,
    ) -> str:
        """Open a studio; return its public id."""
        with self.stage.acting() as act:
            approved = Approved(
                cycle=self.cycle,
                branch_id=self.province.units[branch].id,
                host_id=self.province.people[host],
                direction="党建与业务融合",
                document="甘教工委〔2026〕18号",
                approved_on=approved_on,
                application_id=application_id,
            )
            key = open_studio(act, approved=approved).public_id
        self.work()
        return key

    def studio(self, key: str) -> Studio:
        with self.stage.database.reading() as session:
            return session.scalars(select(Studio).where(Studio.public_id == key)).one()

    def rows(self, table: type[Any]) -> list[Any]:
        """Every row of a table, in order."""
        with self.stage.database.reading() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def waiting(self, key: str) -> list[str]:
        """What waits in a studio, by title."""
        with self.stage.database.reading() as session:
            query = select(OpenTask.title).join(Instance, Instance.id == OpenTask.instance_id)
            return sorted(session.scalars(query.where(Instance.business_key == key)))

    def step(self, person: str, title: str, key: str, values: Mapping[str, Any], **files: str) -> None:
        """Complete the task of a title; ``files``: field → owner of what is uploaded for it first."""
        task_id = self.titled(title, key)
        with self.stage.acting(self.province.people[person]) as act:
            given = dict(values) | {field: [self.upload(act, task_id, owner)] for field, owner in files.items()}
        self.complete(person, title, task_id, given)
        self.work()

    def titled(self, title: str, key: str) -> str:
        with self.stage.database.reading() as session:
            query = select(OpenTask.id).join(Instance, Instance.id == OpenTask.instance_id)
            return session.scalars(query.where(Instance.business_key == key, OpenTask.title == title)).one()

    def seen(self, person: str, title: str, key: str) -> Mapping[str, Any]:
        """What a task's form shows and starts with."""
        with self.stage.reading(self.province.people[person]) as act:
            view = view_task(act, task_id=self.titled(title, key))
            return {**view.context, **view.draft.data}

    def on(self, day: date) -> None:
        """Let it be noon of a day, everything due by then done."""
        self.go_to(datetime.combine(day, time(12), SHANGHAI).astimezone(UTC))

    def filed(self, key: str, what: str, host: str, approver: str, **more: Any) -> None:
        """Draft, approve and file a document."""
        self.step(host, f"起草{what}", key, {"title": what, "text": "正文。", **more})
        self.step(approver, f"批准{what}", key, {"decision": "approve", "opinion": None})
        self.step("province", f"备案{what}", key, {"decision": "file", "faults": [], "opinion": None})
