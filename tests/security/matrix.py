"""Who may do what: each door tried by each role, on what is theirs, on what is not, and on what there is not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.tokens import Scope
from app.services.accounts import load_actor
from app.services.acting import Act, Actor
from app.services.papers.reading import readable_by
from app.services.seeing import visible_to
from app.services.tokens import WantedToken, issue_own_token
from app.store import Database
from app.store.models import (
    Cycle,
    Evidence,
    EvidenceUse,
    InboxRow,
    Instance,
    ModelVersion,
    Objection,
    OpenTask,
    Paper,
    Person,
    PublicityWindow,
    TaskExclusion,
    Unit,
)
from app.web.access import access_of
from app.web.addresses import API
from tests.factories.demonstrations import Guest, Office
from tests.security.doors import Door, Route, Service

PEOPLE = {
    "public": None,
    "host": "host_university",
    "superior_party": "superior_university",
    "school_party": "school_university",
    "discipline": "discipline_university",
    "prelim": "prelim_university",
    "county": "county",
    "secretariat": "secretariat",
    "expert": "expert1",
    "panel_chair": "panel_chair",
    "province_committee": "province_committee",
    "designer": "designer",
    "publisher": "publisher",
    "sysadmin": "sysadmin",
    "secadmin": "secadmin",
    "auditor": "auditor",
    "unit_admin": "unit_admin",
    "host+prelim": "two_desks",
    "host+province_committee": "two_rooms",
}
"""Column → login; the last two hold two roles in one person, and the second over a case of their own."""

OBJECTS = ("own", "barred", "foreign", "nothing")
"""What a door is tried on: what lies on the person's desk or in their sight, what an exclusion keeps them out of though
it lies on their desk, what is others' only, and what there is not."""

DONE, REFUSED_LATER, REFUSED, HIDDEN, SIGN_IN, NONE = "yes", "yes*", "no", "hidden", "sign-in", "-"
_KINDS = {Kind.FORBIDDEN: REFUSED, Kind.NOT_FOUND: HIDDEN}
_STATUS = {401: SIGN_IN, 403: REFUSED, 404: HIDDEN}


@dataclass
class Someone:
    """A column of the table: somebody's browser, their act, and one object of each kind and relation."""

    office: Office
    actor: Actor
    guest: Guest
    bearer: str = ""

    @cached_property
    def objects(self) -> dict[str, dict[str, str]]:
        """Relation → kind → id; a kind is missing where the person has no such object."""
        shared = _shared(self.office)
        found: dict[str, dict[str, str]] = {relation: dict(shared) for relation in OBJECTS}
        kinds = {"task": self._tasks(), "case": self._cases(), "evidence": self._files(), "paper": self._papers()}
        for kind, one in kinds.items():
            for relation, value in one.items():
                found[relation][kind] = value
        found["nothing"] |= {"task": "0" * 32, "case": "nothing", "evidence": "nothing", "paper": "nothing"}
        return found

    def _tasks(self) -> dict[str, str]:
        on_desk = select(InboxRow.task_id).where(InboxRow.queue_id.in_(self.actor.queue_ids))
        barred = select(TaskExclusion.task_id).where(TaskExclusion.person_id == (self.actor.person_id or 0))
        tasks = select(OpenTask.id).join(Instance, Instance.id == OpenTask.instance_id)
        tasks = tasks.order_by(OpenTask.element_id, Instance.title, OpenTask.item, Instance.id)
        return self._firsts(
            own=tasks.where(OpenTask.id.in_(on_desk), OpenTask.id.not_in(barred)),
            barred=tasks.where(OpenTask.id.in_(on_desk), OpenTask.id.in_(barred)),
            foreign=tasks.where(OpenTask.id.not_in(on_desk)),
        )

    def _cases(self) -> dict[str, str]:
        cases = select(Instance.public_id).order_by(Instance.process_key, Instance.title, Instance.id)
        seen = visible_to(self.actor)
        return self._firsts(own=cases.where(seen), foreign=cases.where(~seen))

    def _files(self) -> dict[str, str]:
        mine = Evidence.uploaded_by_id == (self.actor.person_id or 0)
        files = select(Evidence.public_id).order_by(Evidence.file_name, Evidence.sha256, Evidence.id)
        used = select(EvidenceUse.evidence_id).join(Instance, Instance.id == EvidenceUse.instance_id)
        seen = Evidence.id.in_(used.where(visible_to(self.actor)))
        return self._firsts(own=files.where(mine | seen), foreign=files.where(~mine, ~seen))

    def _papers(self) -> dict[str, str]:
        papers = select(Paper.public_id).join(Instance, Instance.id == Paper.instance_id).order_by(Paper.kind, Paper.id)
        seen = visible_to(self.actor) & readable_by(self.actor)
        return self._firsts(own=papers.where(seen), foreign=papers.where(~seen))

    def _firsts(self, **queries: object) -> dict[str, str]:
        with self.office.database.reading() as session:
            found = {relation: session.scalar(query.limit(1)) for relation, query in queries.items()}
        return {relation: value for relation, value in found.items() if value is not None}

    def knock(self, door: Door, relation: str) -> str:
        """Try a door and say in one word what came of it."""
        chosen = self.objects[relation]
        if set(door.objects.values()) & {"case", "task", "evidence", "paper"} - set(chosen):
            return NONE
        return self._open(door, chosen) if isinstance(door, Route) else self._ask(door, chosen)

    def _open(self, door: Route, chosen: Mapping[str, str]) -> str:
        answer = (self._call if door.rule.rule.startswith(API) else self._visit)(door, door.address(chosen))
        answer.close()
        assert answer.status_code in {*range(200, 500), 503}, (door.name, self.actor.name)
        if answer.status_code == 302 and "/sign-in" in answer.location and door.rule.endpoint != "identity.sign_out":
            return SIGN_IN
        return DONE if answer.status_code < 400 else _STATUS.get(answer.status_code, REFUSED_LATER)

    def _visit(self, door: Route, path: str) -> TestResponse:
        token = {"csrf_token": self.guest.token()} if door.method != "GET" else None
        return self.guest.client.open(path, method=door.method, data=token, headers={"HX-Request": "true"})

    def _call(self, door: Route, path: str) -> TestResponse:
        """As a program would, with a token that is good for everything and the least that any body must hold."""
        headers = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        body = None if door.method == "GET" else {"data": {}, "revision": 0}
        return self.guest.client.open(path, method=door.method, json=body, headers=headers)

    def _ask(self, door: Service, chosen: Mapping[str, str]) -> str:
        office = self.office
        try:
            with office.database.transaction() as session:
                act = Act(session, self.actor, office.clock.now(), office.clock.real_now(), office.ports)
                result = door.call(act, chosen)
        except DomainError as refusal:
            return _KINDS.get(refusal.kind, REFUSED_LATER)
        if result is None and door.may_find_nothing:
            return HIDDEN
        return REFUSED if result is False else DONE


def _shared(office: Office) -> dict[str, str]:
    """What belongs to nobody in particular."""
    return {
        "person": office.first(Person.public_id, Person.login == "expert7"),
        "window": office.first(PublicityWindow.public_id),
        "cycle": office.first(Cycle.public_id),
        "version": office.first(ModelVersion.public_id),
        "objection": office.first(Objection.public_id),
        "branch": office.first(Unit.public_id, Unit.kind == "branch"),
        "clause": "C5.1",
        "language": "en",
        "file": "theme.css",
        "person number": office.first(Person.id, Person.login == "expert7"),
        "process": "application",
        "model kind": "form",
        "model": "application/fill_in",
    }


def someone(office: Office, login: str | None, number: int) -> Someone:
    """One column's person, at an address of their own: attempts are counted by address."""
    guest = office.enter(login) if login else office.guest()
    guest.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
    actor = Actor(None, "公众")
    if login:
        person_id = office.first(Person.id, Person.login == login)
        with office.database.reading() as session:
            actor = load_actor(session, person_id, office.clock.now())
        assert actor is not None
    bearer = _token(office, actor) if login else ""
    return Someone(office, replace(actor, address="10.0.0.1"), guest, bearer)


def _token(office: Office, actor: Actor) -> str:
    """A token good for everything, kept in the database whatever else is undone there."""
    with Database.transaction(office.database) as session:
        act = Act(session, actor, office.clock.now(), office.clock.real_now(), office.ports)
        return issue_own_token(act, wanted=WantedToken("测试", tuple(Scope))).secret


def table(office: Office, doors: Iterable[Door]) -> Iterator[list[str]]:
    """The rows of some doors."""
    everybody = [someone(office, login, number) for number, login in enumerate(PEOPLE.values(), start=1)]
    for door in doors:
        for relation in OBJECTS if door.is_about_something else ("any",):
            tried = "own" if relation == "any" else relation
            cells = [each.knock(door, tried) for each in everybody]
            if set(cells) != {NONE}:
                yield [door.name, relation, _declared(office, door), *cells]


def _declared(office: Office, door: Door) -> str:
    if not isinstance(door, Route):
        return "service"
    declared = access_of(office.web, door.rule.endpoint)
    if declared is None:
        return "NOTHING"
    if declared.public:
        return "public"
    return "|".join(role for role in RoleKey if role in declared.roles) or "signed in"
