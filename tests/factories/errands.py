"""A small process of its own, the errand, and the people who run it: what the machinery is tested on."""

from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domain.roles import RoleKey
from app.engine import Deliver
from app.services.accounts import hash_password
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.deploying import import_directory
from app.services.inbox import inbox
from app.services.people import Grant, add_holding, define_roles
from app.services.running import Begin, Party, StartedInstance, advance, start_instance
from app.services.tasks import Completed, complete_task
from app.services.unattended import let_time_pass
from app.services.units import import_units
from app.store.models import Authenticator, Instance, OpenTask, Person
from app.store.queries.organisation import personal_queue_id, units_by_code
from app.store.types import new_public_id
from tests.factories.acts import Stage
from tests.factories.kept import kept

MODELS = Path(__file__).parent / "errand"
PASSWORD = "Correct-horse-9"
TWO_FACTORS = ("sysadmin", "secadmin", "auditor", "publisher")
"""Who needs a second factor, and has one."""

UNITS = """code,name,kind,superior,governance
P,省委,province,,
C1,甲市,city,P,
C2,乙市,city,P,
D1,甲县,county,C1,
S1,甲校,school,D1,county_run
B1,甲支部,branch,S1,
U1,甲大学,university,P,provincial
"""


@action("errand_note", {"word": "what was asked"})
def note(context: ActionContext) -> dict[str, object]:
    """Note what was asked; the word "fail" makes it fail."""
    if context.params["word"] == "fail":
        raise ZeroDivisionError("the note cannot be written")
    return {"noted": len(str(context.params["word"]))}


@dataclass(frozen=True)
class People:
    """Everybody by name; the ids of persons and units."""

    host: int
    checker: int
    second: int
    other: int
    judges: tuple[int, ...]
    judge_ids: tuple[str, ...]
    sysadmin: int
    secadmin: int
    auditor: int
    designer: int
    publisher: int
    units: dict[str, int]


@cache
def _hashed() -> str:
    """Everybody's password, hashed once: hashing is slow on purpose."""
    return hash_password(PASSWORD)


def found(stage: Stage, *, models: bool = True) -> People:
    """The programme, units, people and (unless left out) the errand's model."""
    return kept(stage, f"errands {models}", partial(_built, models=models))


def _built(stage: Stage, *, models: bool) -> People:
    with stage.acting() as act:
        define_roles(act)
        import_units(act, content=UNITS.encode())
        units = {code: unit.id for code, unit in units_by_code(act.session).items()}

        def person(login: str, role: RoleKey, unit: str) -> tuple[int, str]:
            row = Person(login=login, name=f"{login}先生", password_hash=_hashed(), password_changed_at=act.real_now)
            act.session.add(row)
            act.session.flush()
            personal_queue_id(act.session, row.id)
            add_holding(act, row.id, Grant(role, units[unit], date(2020, 1, 1)))
            return row.id, row.public_id

        judges = [person(f"judge{number}", RoleKey.EXPERT, "P") for number in range(3)]
        people = People(
            host=person("host", RoleKey.HOST, "B1")[0],
            checker=person("checker", RoleKey.PRELIM, "C1")[0],
            second=person("second", RoleKey.PRELIM, "C1")[0],
            other=person("other", RoleKey.PRELIM, "C2")[0],
            judges=tuple(judge[0] for judge in judges),
            judge_ids=tuple(judge[1] for judge in judges),
            sysadmin=person("sysadmin", RoleKey.SYSADMIN, "P")[0],
            secadmin=person("secadmin", RoleKey.SECADMIN, "P")[0],
            auditor=person("auditor", RoleKey.AUDITOR, "P")[0],
            designer=person("designer", RoleKey.DESIGNER, "P")[0],
            publisher=person("publisher", RoleKey.PUBLISHER, "P")[0],
            units=units,
        )
        for person_id in (people.sysadmin, people.secadmin, people.auditor, people.publisher):
            act.session.add(Authenticator(person_id=person_id, sealed=b"a test's", confirmed_at=act.real_now))
        if models:
            import_directory(act, root=MODELS)
    return people


def begin(stage: Stage, people: People, *, judges: int = 3) -> StartedInstance:
    """An errand of the host, checked by the first city."""
    key = new_public_id()
    parties = [Party(RoleKey.HOST, person_id=people.host), Party(RoleKey.PRELIM, unit_id=people.units["C1"])]
    data = {"errand": {"id": key}, "judges": list(people.judge_ids[:judges])}
    with stage.acting() as act:
        return start_instance(
            act, begin=Begin(process_key="errand", business_key=key, title="一件事", data=data, parties=parties)
        )


def open_tasks(act: Act, case: StartedInstance) -> list[OpenTask]:
    """The case's open tasks in the order they were opened."""
    query = select(OpenTask).where(OpenTask.instance_id == case.id).order_by(OpenTask.opened_at, OpenTask.id)
    return list(act.session.scalars(query))


def finish(
    stage: Stage, person_id: int, case: StartedInstance, element_id: str, data: dict[str, Any], *, revision: int = 0
) -> Completed:
    """Let a person complete the task of an element that waits for them."""
    with stage.acting(person_id) as act:
        waiting = inbox(act).items
        task_id = next(
            it.task_id for it in waiting if it.element_id == element_id and it.case_public_id == case.public_id
        )
        return complete_task(act, task_id=task_id, data=data, revision=revision)


def reach_judges(stage: Stage, people: People, case: StartedInstance) -> None:
    """Lead a case from its beginning to its judges."""
    go_to(stage, people, case, "go_on")
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        advance(act, instance_id=case.id, command=Deliver("go_on", {"case": key}))
    stage.clock.move(hours=1)
    with stage.acting() as act:
        let_time_pass(act, instance_id=case.id)


def go_to(stage: Stage, people: People, case: StartedInstance, element_id: str) -> None:
    """Lead a case from its beginning to ``check``, ``countersign`` or ``go_on``."""
    finish(stage, people.host, case, "ask", {"what": "茶"})
    if element_id in {"countersign", "go_on"}:
        finish(stage, people.checker, case, "check", {"decision": "approve"})
    if element_id == "go_on":
        finish(stage, people.second, case, "countersign", {})
