"""A small process of its own, the errand, and the people who run it: what the machinery is tested on."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.roles import RoleKey
from app.services.actions import ActionContext, action
from app.services.deploying import import_directory
from app.services.people import Grant, NewPerson, add_holding, add_person, define_roles
from app.services.running import Begin, Party, StartedInstance, start_instance
from app.services.units import import_units
from app.store.queries.organisation import units_by_code
from app.store.types import new_public_id
from tests.factories.acts import Stage

MODELS = Path(__file__).parent / "errand"
PASSWORD = "Correct-horse-9"
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


def found(stage: Stage, *, models: bool = True) -> People:
    """The programme, units, people and (unless left out) the errand's model."""
    with stage.acting() as act:
        define_roles(act)
        import_units(act, content=UNITS.encode())
        units = {code: unit.id for code, unit in units_by_code(act.session).items()}

        def person(login: str, role: RoleKey, unit: str) -> tuple[int, str]:
            added = add_person(act, NewPerson(login, f"{login}先生", PASSWORD))
            add_holding(act, added.id, Grant(role, units[unit], date(2020, 1, 1)))
            return added.id, added.public_id

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
