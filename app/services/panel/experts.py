"""The register of experts: fields, unit, publications, and the ties on record (C5.3a)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.recusal import TieKind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.panel.ties import NewTie
from app.services.panel.viewing import READERS
from app.store.models import Expert, ExpertWork, InvitationState, Person, Tie, Unit
from app.store.queries import forming

__all__ = ["InvitationState", "Registered", "Wanted", "keep_expert", "tie_by_login", "view_register"]

_WORK_PARTS = 3


class ExpertIncomplete(DomainError):
    """What the register is to say of an expert cannot be read. Params: ``field``."""

    code = "expert_incomplete"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expert as typed: login, code of the unit, fields with commas, post, a publication a line.

    A publication is ``title | 2025-03-01 | authors``.
    """

    login: str
    unit: str
    fields: str
    post: str
    works: str
    is_available: bool = True


@dataclass(frozen=True, slots=True)
class Registered:
    """An expert of the register with the publications on their list and what ties them."""

    expert: Expert
    person: Person
    unit: Unit | None
    works: tuple[ExpertWork, ...]
    ties: tuple[tuple[Tie, str], ...]

    @property
    def works_text(self) -> str:
        """The publications as they are typed."""
        return "\n".join(f"{work.title} | {work.published_on.isoformat()} | {work.authors}" for work in self.works)


def view_register(act: Act) -> tuple[Registered, ...]:
    """Return the register. Raises ``NotAllowed``."""
    act.require(*READERS)
    found = forming.register(act.session)
    people = [person.id for _, person, _ in found]
    works: dict[int, list[ExpertWork]] = {}
    for work in forming.works_of(act.session, people):
        works.setdefault(work.person_id, []).append(work)
    ties: dict[int, list[tuple[Tie, str]]] = {}
    for tie, other in forming.ties_on_record(act.session, people):
        ties.setdefault(tie.person_id, []).append((tie, other))
    return tuple(
        Registered(expert, person, unit, tuple(works.get(person.id, ())), tuple(ties.get(person.id, ())))
        for expert, person, unit in found
    )


def keep_expert(act: Act, *, wanted: Wanted) -> None:
    """Enter an expert or change what is known of one. Raises ``NotAllowed``, ``ExpertIncomplete``."""
    act.require(RoleKey.SECRETARIAT)
    person = forming.person_by_login(act.session, wanted.login)
    unit_id = forming.unit_by_code(act.session, wanted.unit) if wanted.unit else None
    if person is None or (wanted.unit and unit_id is None):
        raise ExpertIncomplete(field="login" if person is None else "unit")
    works = list(_works(person.id, wanted.works))
    expert = act.session.get(Expert, person.id)
    if expert is None:
        expert = Expert(person_id=person.id, fields=[])
        act.session.add(expert)
    expert.unit_id, expert.post, expert.available = unit_id, wanted.post, wanted.is_available
    expert.fields = [each for each in wanted.fields.replace("、", ",").replace("，", ",").split(",") if each.strip()]
    forming.clear_works(act.session, person.id)
    act.session.add_all(works)
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="keep_expert", object=f"person/{person.public_id}")


def _works(person_id: int, text: str) -> Iterator[ExpertWork]:
    for line in filter(str.strip, text.splitlines()):
        parts = [part.strip() for part in line.split("|")]
        try:
            day = date.fromisoformat(parts[1])
        except (IndexError, ValueError) as error:
            raise ExpertIncomplete(field="works") from error
        if not parts[0] or len(parts) > _WORK_PARTS:
            raise ExpertIncomplete(field="works")
        yield ExpertWork(person_id=person_id, title=parts[0], published_on=day, authors="".join(parts[2:]))


def tie_by_login(act: Act, tie: NewTie, other: str) -> NewTie:
    """Return a tie with the other person found by their login, empty where there is nobody."""
    found = forming.person_by_login(act.session, other)
    return replace(tie, other=found.public_id if found else "", kind=TieKind(tie.kind))
