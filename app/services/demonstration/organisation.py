"""The demonstration's organisation: the province's units, made-up schools and branches, people in every role."""

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path

from app.domain.identity import DEMONSTRATION
from app.domain.notices import Medium
from app.domain.periods import add_years
from app.domain.recusal import TieKind
from app.domain.time import SHANGHAI
from app.domain.units import UnitKind
from app.domain.workdays import DayOverride, OverrideSource
from app.services.accounts import hash_password
from app.services.acting import Act
from app.services.clock import enter_days
from app.services.demonstration import names
from app.services.demonstration.accounts import HOLDINGS, HOST_BRANCHES, LEAVING, MOVED_TO, PASSWORD, WORKPLACES
from app.services.people import Grant, add_holding
from app.services.units import import_units
from app.store.models import Contact, Expert, ExpertWork, Person, PersonFile, Tie, Unit, UnitContact
from app.store.queries.organisation import personal_queue_id, units_by_code

_UNITS = Path(__file__).parent / "units.csv"
_SEED = 2026
FOUNDED = datetime(2019, 9, 1, tzinfo=SHANGHAI)
"""When the made-up province began: units and terms of office are older than every cycle."""
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3), (10, 4), (10, 5), (10, 6), (10, 7))
_PROVISIONAL_YEARS = range(2027, 2032)
_SHORT_FORMS = {"U01": "甘农大", "U02": "西北师大", "U03": "兰理工", "U04": "兰交大"}
_FIELDS = ("党建理论", "思想政治教育", "基层组织建设", "教育管理")


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody's row by login, every unit by code; ``branches``: the code of the branch a host is secretary of."""

    people: dict[str, Person]
    units: dict[str, Unit]
    branches: Mapping[str, str]

    def branch_of(self, login: str) -> Unit:
        """Return the branch whose secretary ``login`` is."""
        return self.units[self.branches[login]]


def build_organisation(act: Act) -> Cast:
    """Write units, people, holdings and the provisional calendar. Roles are defined already."""
    enter_days(act, days=list(provisional_days()))
    import_units(act, content=_as_csv(made_up_units()))
    units = units_by_code(act.session)
    for code, short in _SHORT_FORMS.items():
        units[code].short_forms = [{"text": short, "but": []}]
    people = _write_people(act)
    for login, held in HOLDINGS.items():
        for role, code in held:
            add_holding(act, people[login].id, Grant(role, units[code].id, FOUNDED.date(), _last_day(act, login)))
    moved = PersonFile(person_id=people[LEAVING].id, unit_id=units[MOVED_TO].id)
    act.session.add(moved)
    for number, (login, code) in enumerate(WORKPLACES.items()):
        fields_of = [_FIELDS[number % len(_FIELDS)]]
        expert = Expert(person_id=people[login].id, unit_id=units[code].id, fields=fields_of, post="教授")
        title = f"{fields_of[0]}若干问题研究（{number + 1}）"
        written = {"published_on": FOUNDED.date(), "authors": people[login].name}
        act.session.add_all([expert, ExpertWork(person_id=people[login].id, title=title, **written)])
    known = {"kind": TieKind.ADVISER, "note": "硕士研究生导师", "at": act.now}
    act.session.add(Tie(person_id=people["expert6"].id, other_id=people["host_university9"].id, **known))
    act.session.add_all(_contacts(units.values()))
    act.session.flush()
    return Cast(people, units, HOST_BRANCHES)


def _last_day(act: Act, login: str) -> date | None:
    """The host who leaves holds office for less than the three years of the studio: the radar shows it."""
    return add_years(act.real_now.astimezone(SHANGHAI).date(), 1) if login == LEAVING else None


def _contacts(units: Iterable[Unit]) -> Iterator[UnitContact]:
    """Yield whom to ask at the province, cities, counties and universities: offices, no one person's number."""
    offices = {
        UnitKind.PROVINCE: "组织处",
        UnitKind.CITY: "党建工作科",
        UnitKind.COUNTY: "党建办公室",
        UnitKind.UNIVERSITY: "党委组织部",
    }
    for number, unit in enumerate((unit for unit in units if unit.kind in offices), start=1):
        phone, mail = f"0931-000 {number:04}", f"dangjian{number}@example.edu.cn"
        yield UnitContact(unit_id=unit.id, office=offices[unit.kind], phone=phone, mail=mail)


def made_up_units() -> Iterator[names.MadeUpUnit]:
    """Yield the province's own units, then schools, faculties and branches made up for them."""
    chance = random.Random(_SEED)  # noqa: S311 - the same schools at every first start
    known = [names.MadeUpUnit(**row) for row in csv.DictReader(_UNITS.read_text(encoding="utf-8-sig").splitlines())]
    yield from known
    for unit in known:
        if unit.kind == "county":
            yield from names.schools_of(unit.code, unit.name, chance)
        elif unit.kind == "city":
            yield from names.city_school(unit.code, unit.name, 1)
            yield from names.city_school(unit.code, unit.name, 2)
        elif unit.kind == "university":
            yield from names.university_parts(unit.code, unit.name)
            yield from names.attached_school(unit.code, unit.name)


def provisional_days() -> Iterator[DayOverride]:
    """Yield a provisional calendar for the years nobody has announced: fixed holidays only, weekends as usual."""
    for year in _PROVISIONAL_YEARS:
        for month, day in _FIXED_HOLIDAYS:
            yield DayOverride(
                date(year, month, day), is_working=False, source=OverrideSource.PROVISIONAL, note="法定节日（暂定）"
            )


def last_known_day() -> date:
    """Return the last day up to which the demonstration's calendar reaches."""
    return date(_PROVISIONAL_YEARS.stop, 1, 1) - timedelta(days=1)


def _as_csv(units: Iterable[names.MadeUpUnit]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([field.name for field in fields(names.MadeUpUnit)])
    writer.writerows(astuple(unit) for unit in units)
    return target.getvalue().encode()


def _write_people(act: Act) -> dict[str, Person]:
    """One password for all is hashed once: forty hashes would take seconds of every first start."""
    hashed = hash_password(PASSWORD, policy=DEMONSTRATION)
    made_up = names.people_names(_SEED)
    people = {
        login: Person(login=login, name=next(made_up), password_hash=hashed, password_changed_at=act.real_now)
        for login in HOLDINGS
    }
    act.session.add_all(people.values())
    act.session.flush()
    for person in people.values():
        personal_queue_id(act.session, person.id)
        # where nothing is really sent, everybody has an address: the list of outgoing messages shows what would be
        address = f"{person.login.replace('_', '.')}@example.edu.cn"
        proved = Contact(person_id=person.id, medium=Medium.MAIL, address=address, verified_at=act.now)
        act.session.add(proved)
    return people
