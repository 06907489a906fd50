"""A reviewing unit's board in a cycle: quota, cases where they stand, what was said of them, the list (C5.2a)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.programme.subjects import settings_of
from app.services.publicity import last_day
from app.services.seeing import visible_to
from app.services.studios import school_of
from app.store.models import Application, ApplicationState, Cycle, FormSubmission, Instance, OpenTask, Person, Unit
from app.store.queries import board as rows
from app.store.queries import lines

_SPOKEN = ("county_countersign", "initial_review")


class NothingToReview(DomainError):
    """The unit reviews nothing in this cycle, or the actor does not work there. Params: ``cycle``."""

    code = "nothing_to_review"
    kind = Kind.NOT_FOUND


_CORRECTING = frozenset({"correct", "correct_paper"})


class Column(StrEnum):
    """Where a case stands for its unit, in the order of the board."""

    REVIEW = "review"
    RETURNED = "returned"
    CANDIDATE = "candidate"
    ON_LIST = "on_list"
    BEYOND = "beyond"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Choice:
    """A cycle in which one of the actor's units reviews."""

    cycle: str
    cycle_title: str
    unit: str
    unit_name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody wrote of a case, with the decision it came with."""

    element_id: str
    decision: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BoardCase:
    """A case on the board. ``rank``: its place on the ranked list; ``task_id``: what waits at this unit."""

    case: str
    receipt_number: str
    studio: str
    host: str
    school: str
    state: ApplicationState
    reason: str | None
    column: Column
    is_from_paper: bool
    rank: int | None
    returns: int
    opinions: tuple[Opinion, ...]
    waiting: str
    due_at: datetime | None
    task_id: str | None


@dataclass(frozen=True, slots=True)
class BoardList:
    """The unit's list. ``step``: the task that waits in it, ``task_id`` where it is this desk's."""

    case: str | None
    opens_at: datetime
    released_at: datetime | None
    public_until: date | None
    window: str | None
    step: str
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """A unit's board. ``quota`` None: no limit; ``returns_allowed``: returns for correction a case may have."""

    choices: tuple[Choice, ...]
    cycle: str
    cycle_title: str
    unit_name: str
    quota: int | None
    returns_allowed: int
    countersigned: bool
    list_cutoff: datetime | None
    cases: tuple[BoardCase, ...]
    listed: BoardList | None

    def count(self, *columns: Column) -> int:
        """Return how many cases stand in ``columns``."""
        return sum(case.column in columns for case in self.cases)


def board(act: Act, *, cycle: str = "", unit: str = "") -> Board | None:
    """Return the board of a unit in a cycle (public ids), the newest one by default; None where there is nothing yet.

    Nine statements. Raises ``NotAllowed``, ``NothingToReview``.
    """
    act.require(RoleKey.PRELIM)
    found = rows.cycles_of(act.session, list(act.actor.units_of(RoleKey.PRELIM)))
    shown = next((each for each in found if (cycle, unit) in {("", ""), (each[0].public_id, each[1].public_id)}), None)
    if shown is None:
        if cycle or unit:
            raise NothingToReview(cycle=cycle)
        return None
    choices = tuple(Choice(c.public_id, c.title, u.public_id, u.name, (c, u) == shown) for c, u in found)
    return _board(act, choices, shown[0], shown[1])


def _board(act: Act, choices: tuple[Choice, ...], cycle: Cycle, unit: Unit) -> Board:
    settings = settings_of(cycle)
    listed, ranks = _list(act, cycle, unit)
    return Board(
        choices=choices,
        cycle=cycle.public_id,
        cycle_title=cycle.title,
        unit_name=unit.name,
        quota=settings.quota_of(unit.code),
        returns_allowed=settings.correction_returns,
        countersigned=settings.county_countersign,
        list_cutoff=cycle.list_cutoff,
        cases=_cases(act, cycle, unit, ranks),
        listed=listed,
    )


def _list(act: Act, cycle: Cycle, unit: Unit) -> tuple[BoardList | None, Mapping[str, int]]:
    found = rows.unit_list(act.session, cycle.id, unit.id)
    if found is None:
        return None, {}
    unit_list, instance, window = found
    task, is_closed = (instance and rows.list_task(act.session, instance.id, act.person_id)) or (None, False)
    ranked = rows.ranking(act.session, instance.id) if instance and not is_closed else None
    listed = BoardList(
        case=instance.public_id if instance else None,
        opens_at=unit_list.opens_at,
        released_at=unit_list.released_at,
        public_until=last_day(window) if window else None,
        window=window.public_id if window else None,
        step=task.title if task else "",
        task_id=task.id if task and task.lane == RoleKey.PRELIM and not is_closed else None,
    )
    return listed, _ranks(ranked)


def _ranks(ranked: FormSubmission | None) -> dict[str, int]:
    items = ranked.data.get("items") or () if ranked else ()
    return {row["application"]: row["rank"] for row in items if row.get("recommended")}


def _cases(act: Act, cycle: Cycle, unit: Unit, ranks: Mapping[str, int]) -> tuple[BoardCase, ...]:
    found = rows.cases(act.session, visible_to(act.actor), cycle.id, unit.id)
    above = lines.lines_of(act.session, [branch.id for _, _, _, branch, _ in found], act.today)
    waiting: dict[int, list[OpenTask]] = defaultdict(list)
    for task in rows.waiting(act.session, cycle.id, unit.id, act.person_id):
        waiting[task.instance_id].append(task)
    said: dict[int, list[FormSubmission]] = defaultdict(list)
    for spoken in rows.said(act.session, cycle.id, unit.id, _SPOKEN):
        said[spoken.instance_id].append(spoken)
    cases = [
        _case((application, instance, host, above[branch.id]), stage, (waiting[instance.id], said[instance.id]), ranks)
        for application, instance, host, branch, stage in found
    ]
    order = list(Column)
    return tuple(sorted(cases, key=lambda each: (order.index(each.column), each.rank or len(cases) + 1)))


def _case(
    about: tuple[Application, Instance, Person, Sequence[Unit]],
    stage: str | None,
    around: tuple[Sequence[OpenTask], Sequence[FormSubmission]],
    ranks: Mapping[str, int],
) -> BoardCase:
    application, instance, host, line = about
    waiting, said = around
    own = next((task for task in waiting if task.lane == RoleKey.PRELIM), None)
    shown = own or next(iter(waiting), None)
    return BoardCase(
        case=instance.public_id,
        receipt_number=application.receipt_number or "",
        studio=instance.title,
        host=host.name,
        school=school_of(line).name,
        state=application.state,
        reason=application.state_reason,
        column=_column(application, stage, waiting),
        is_from_paper=application.entered_by_id is not None,
        rank=ranks.get(application.public_id),
        returns=sum(each.data.get("decision") == "return" for each in said),
        opinions=tuple(_opinion(each) for each in reversed(said)),
        waiting=shown.title if shown else "",
        due_at=shown.due_at if shown else None,
        task_id=own.id if own else None,
    )


def _opinion(said: FormSubmission) -> Opinion:
    return Opinion(said.element_id, str(said.data.get("decision") or ""), str(said.data.get("opinion") or ""), said.at)


def _column(application: Application, stage: str | None, waiting: Sequence[OpenTask]) -> Column:
    if application.state not in {ApplicationState.LIVE, ApplicationState.ANNOUNCED}:
        return Column.OUT
    if stage == Stage.PREPARATION:
        return Column.RETURNED if any(task.element_id in _CORRECTING for task in waiting) else Column.REVIEW
    if stage == Stage.LIST:
        return Column.CANDIDATE
    return Column.ON_LIST if stage == Stage.PUBLICITY else Column.BEYOND
