"""A small province: units, people in every role, the project's own models deployed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.identity import DENGBAO
from app.domain.roles import RoleKey
from app.services.deploying import import_directory
from app.services.people import Grant, add_holding, define_roles
from app.services.units import import_units
from app.store.models import Authenticator, Expert, Person, Unit
from app.store.queries.organisation import personal_queue_id, units_by_code
from tests.factories.acts import Stage
from tests.factories.kept import kept

PROJECT = Path(__file__).resolve().parents[2]
UNITS = """code,name,kind,superior,governance
P,省委教育工委,province,,
C1,金城市教育局,city,P,
D1,河口县教育局,county,C1,
U1,承办大学,university,P,provincial
U2,陇原理工大学,university,P,provincial
U2F,陇原理工大学材料学院党委,faculty,U2,
U2B1,陇原理工大学材料学院教工第一党支部,branch,U2F,
U2B2,陇原理工大学材料学院教工第二党支部,branch,U2F,
U2B3,陇原理工大学机关第三党支部,branch,U2F,
U1B1,承办大学图书馆党支部,branch,U1,
S1,河口县第一中学,school,D1,county_run
S1B1,河口县第一中学数学组党支部,branch,S1,
S2,金城市实验小学,school,C1,city_run
S2B1,金城市实验小学语文组党支部,branch,S2,
S3,承办大学附属中学,school,U1,university_attached
S3B1,承办大学附属中学理科党支部,branch,S3,
U3,外省来甘大学,university,P,ministry
"""
_R = RoleKey
HOLDINGS: dict[str, list[tuple[RoleKey, str]]] = {
    "host_u1": [(_R.HOST, "U2B1")],
    "host_u2": [(_R.HOST, "U2B2")],
    "host_u3": [(_R.HOST, "U2B3")],
    "host_own": [(_R.HOST, "U1B1")],
    "host_s1": [(_R.HOST, "S1B1")],
    "host_s2": [(_R.HOST, "S2B1")],
    "host_s3": [(_R.HOST, "S3B1")],
    "superior_u": [(_R.SUPERIOR_PARTY, "U2F"), (_R.SUPERIOR_PARTY, "U1")],
    "school_u": [(_R.SCHOOL_PARTY, "U2"), (_R.SCHOOL_PARTY, "U1")],
    "discipline_u": [(_R.DISCIPLINE, "U2"), (_R.DISCIPLINE, "U1")],
    "prelim_u1": [(_R.PRELIM, "U2")],
    "prelim_u2": [(_R.PRELIM, "U2")],
    "prelim_o1": [(_R.PRELIM, "U1")],
    "prelim_o2": [(_R.PRELIM, "U1")],
    "superior_s": [(_R.SUPERIOR_PARTY, code) for code in ("S1", "S2", "S3")],
    "school_s": [(_R.SCHOOL_PARTY, code) for code in ("S1", "S2", "S3")],
    "discipline_s": [(_R.DISCIPLINE, "C1"), (_R.DISCIPLINE, "S3")],
    "county": [(_R.COUNTY, "D1")],
    "prelim_c1": [(_R.PRELIM, "C1")],
    "prelim_c2": [(_R.PRELIM, "C1")],
    "secretariat": [(_R.SECRETARIAT, "U1")],
    "province": [(_R.PROVINCE_COMMITTEE, "P")],
    "province2": [(_R.PROVINCE_COMMITTEE, "P")],
    "chair": [(_R.PANEL_CHAIR, "P")],
    **{f"expert{number}": [(_R.EXPERT, "P")] for number in range(1, 8)},
    "secretariat2": [(_R.SECRETARIAT, "U1")],
}
WORKPLACES = {"expert1": "U2", "expert2": "U1", **{f"expert{number}": "U3" for number in range(3, 8)}}


@dataclass(frozen=True)
class Province:
    """Everybody's id by login, every unit by code."""

    people: dict[str, int]
    public_ids: dict[str, str]
    units: dict[str, Unit]


def build_province(stage: Stage) -> Province:
    """Deploy the project's models and fill the programme with units and people."""
    return kept(stage, "province", _built)


def _built(stage: Stage) -> Province:
    with stage.acting() as act:
        define_roles(act)
        import_units(act, content=UNITS.encode())
        units = units_by_code(act.session)
        people = {login: add_person(act, login) for login in HOLDINGS}
        for login, held in HOLDINGS.items():
            for role, code in held:
                add_holding(act, people[login].id, Grant(role, units[code].id, date(2020, 1, 1)))
            if DENGBAO.needs_factor(role for role, _ in held):
                act.session.add(
                    Authenticator(person_id=people[login].id, sealed=b"a test's", confirmed_at=act.real_now)
                )
        for login, code in WORKPLACES.items():
            act.session.add(Expert(person_id=people[login].id, unit_id=units[code].id, fields=["党建"]))
        import_directory(act, root=PROJECT)
        ids = {login: person.id for login, person in people.items()}
        return Province(ids, {login: person.public_id for login, person in people.items()}, units)


def add_person(act, login: str) -> Person:
    """Nobody signs in here, so that no password is hashed."""
    row = Person(login=login, name=f"人员{login}", password_hash="-", password_changed_at=act.real_now)
    act.session.add(row)
    act.session.flush()
    personal_queue_id(act.session, row.id)
    return row
