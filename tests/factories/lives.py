"""Studios that live their three years: everybody does what waits for them, early or late, as chance has it (C6)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, or_, select

from app.domain.amounts import yuan_of
from app.domain.roles import RoleKey
from app.domain.roster.studios import WantedStudio
from app.domain.states import STUDIO, InstanceState, StudioState
from app.domain.studios import FIRST_DOCUMENTS, DocumentKind, term_of, years_of
from app.domain.succession import FixedByPlan
from app.domain.time import SHANGHAI
from app.jobs.worker import Worker
from app.services.construction.bookkeeping import LineShown, Strike, strike_line, view_book
from app.services.construction.problems import begin_problem_report
from app.services.construction.reading import StudioUnknown
from app.services.outbox import kinds_that_may_wait
from app.services.people import Grant, add_holding
from app.services.programme.studio_life.deeds import Deed, ask_to_rename, change_team, do_deed
from app.services.programme.studio_life.facts import report_studio_fact
from app.services.programme.succession.wishing import wish_change
from app.services.taking_over import open_earlier
from app.services.units import import_units
from app.store.models import ChangeState, HostChange, Instance, OpenTask, Studio
from app.store.models import StudioEventKind as K
from app.store.queries.organisation import units_by_code
from tests.factories.acts import Stage
from tests.factories.living_work import WORK
from tests.factories.programme import add_person
from tests.factories.studios import Building

OPENINGS = (date(2028, 2, 29), date(2027, 3, 1), date(2028, 2, 28))
"""Days of approval: terms that begin on a leap day, that a leap day falls into, that a leap day follows."""

SCHOOLS = ("S3", "S1", "U2F", "S2")
"""Where the studios stand: approved and paid by whom a person names, a county, a university (the province), a city."""

OFFICES: Mapping[str, Mapping[str, str]] = {
    "S1": {"school_party": "school_s", "superior_party": "superior_s"},
    "S2": {"school_party": "school_s", "superior_party": "superior_s"},
    "S3": {"school_party": "school_s", "superior_party": "superior_s"},
    "U2F": {"school_party": "school_u", "superior_party": "superior_u"},
}
_OTHERS = {"county": "county", "prelim": "prelim_c1", "province_committee": "province"}
_EVENTS: Mapping[str, int] = {
    "host_change": 8, "suspend": 8, "fact": 4, "problem": 4, "team": 4, "rename": 2, "strike": 6, "end_early": 1,
    "rename_by_document": 2, "reorganise": 2, "lapse": 1,
}  # fmt: skip
"""What may happen to a studio, and how often in proportion."""

_ALWAYS: Mapping[int, tuple[str, ...]] = {
    0: tuple(event for event in _EVENTS if event not in {"end_early", "lapse"}),
    2: ("lapse",),
}
"""What happens to some of them, whatever chance says; to the others a few of all."""

_TERM_DAYS = 3 * 365
_TAKEN_OVER = 5
"""One in so many is taken over from the time before, late in its term or even after it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task: of which case's subject, at which element."""

    id: str
    case: str
    element: str
    title: str
    lane: str


@dataclass
class Life:
    """One studio as the test knows it, apart from what the product keeps."""

    number: int
    school: str
    opens_on: date
    chance: Random
    host: str
    branch: str
    arrives_on: date
    filed: frozenset[DocumentKind] = frozenset()
    years_done: int = 0
    key: str = ""
    name: str = ""
    studio_id: int = 0
    instance_id: int = 0
    held_since: datetime | None = None
    held_until: date | None = None
    changes: int = 0
    hosts: list[tuple[str, date]] = field(default_factory=list)
    money: Counter[tuple[int, str]] = field(default_factory=Counter)
    done: dict[str, Any] = field(default_factory=dict)
    open: dict[str, Waiting] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether it is known who approves and pays: a person says so for an attached school."""
        return self.school != "S3" or "settled" in self.done

    def person(self, lane: str) -> str:
        """The login of who plays a lane."""
        return self.host if lane == "host" else OFFICES[self.school].get(lane) or _OTHERS[lane]


class Lives(Building):
    """So many studios, with what chance will bring each of them; tasks are done on one day out of ``pace``."""

    def __init__(self, stage: Stage, seed: int, count: int, pace: int = 1) -> None:
        super().__init__(stage)
        self.pace = pace
        self.worker = Worker(stage.database, stage.ports, stage.clock, leaving=kinds_that_may_wait())
        self.lives = [self._life(seed, number) for number in range(count)]
        self._settle()
        self.by_instance: dict[int, Life] = {}
        self.due: dict[date, list[Callable[[], None]]] = defaultdict(list)
        self._seen: dict[int, tuple[int, InstanceState]] = {}
        self._moved: set[int] = set()
        for life in self.lives:
            self.at(life.arrives_on, life, self._begin)

    def _life(self, seed: int, number: int) -> Life:
        chance = Random(f"{seed}:{number}")  # noqa: S311 - a story that can be told again, no secret
        school, opens_on = SCHOOLS[number % len(SCHOOLS)], OPENINGS[number % len(OPENINGS)]
        life = Life(number, school, opens_on, chance, f"life{number}", f"L{number}", opens_on)
        if number % _TAKEN_OVER == _TAKEN_OVER - 1:
            life.arrives_on += timedelta(days=chance.randint(1, _TERM_DAYS + 60))
            life.filed = frozenset(kind for kind in FIRST_DOCUMENTS if chance.random() < 1 / 2)
            over = sum(year.period.last < life.arrives_on for year in years_of(term_of(opens_on)))
            life.years_done = chance.randint(0, over)
        return life

    def _settle(self) -> None:
        """Give each studio a branch with a serving secretary."""
        head = "code,name,kind,superior,governance"
        lines = [f"{life.branch},第{life.number}党支部,branch,{life.school}," for life in self.lives]
        with self.stage.acting() as act:
            import_units(act, content="\n".join([head, *lines]).encode())
            self.province.units.update(units_by_code(act.session))
        for life in self.lives:
            self._serve(life.host, life.branch, date(2020, 1, 1))

    def _serve(self, login: str, branch: str, since: date) -> None:
        with self.stage.acting() as act:
            person = add_person(act, login)
            self.province.people[login], self.province.public_ids[login] = person.id, person.public_id
            add_holding(act, person.id, Grant(RoleKey.HOST, self.province.units[branch].id, since))

    # time

    @property
    def today(self) -> date:
        return self.stage.clock.now().astimezone(SHANGHAI).date()

    def at(self, day: date, life: Life, what: Callable[[Life], None]) -> None:
        self.due[day].append(lambda: what(life))

    def next_day(self) -> date | None:
        """The next day on which somebody acts or a timer is due; None: nothing is to come."""
        timer = self._next_timer()
        fires = [] if timer is None else [max(timer.astimezone(SHANGHAI).date(), self.today + timedelta(days=1))]
        return min([*self.due, *fires], default=None)

    def _next_timer(self) -> datetime | None:
        with self.stage.database.reading() as session:
            return session.scalar(select(func.min(Instance.next_due_at)).where(Instance.state == InstanceState.ACTIVE))

    def live(self, day: date) -> list[Life]:
        """Let it be noon of a day and everybody do what they do on it; return whose cases moved."""
        now = self.stage.clock.time = datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)
        timer = self._next_timer()
        if timer is not None and timer <= now:
            self.work()
            self._note_moved()
        acts = self.due.pop(day, [])
        for act in acts:
            act()
        if acts:
            self.work()
            self._note_moved()
        moved, self._moved = self._moved, set()
        return [self.lives[number] for number in sorted(moved)]

    def _note_moved(self) -> None:
        """See whose cases moved, and plan when what newly waits is done."""
        query = select(Instance.id, Instance.parent_id, Instance.revision, Instance.state)
        moved: dict[int, Life] = {}
        with self.stage.database.reading() as session:
            for case_id, parent_id, revision, state in session.execute(query).all():
                life = self.by_instance.get(parent_id or case_id)
                if life is not None and self._seen.get(case_id) != (revision, state):
                    self._seen[case_id] = (revision, state)
                    moved[life.number] = life
            for life in moved.values():
                self._plan(life, self._waiting(session, life))
        self._moved |= set(moved)

    def _waiting(self, session: Any, life: Life) -> dict[str, Waiting]:
        query = (
            select(OpenTask.id, Instance.business_key, OpenTask.element_id, OpenTask.title, OpenTask.lane)
            .join(Instance, Instance.id == OpenTask.instance_id)
            .where(or_(Instance.id == life.instance_id, Instance.parent_id == life.instance_id))
            .order_by(OpenTask.element_id, OpenTask.title, OpenTask.item)
        )
        return {row[0]: Waiting(*row) for row in session.execute(query)}

    def _plan(self, life: Life, waiting: dict[str, Waiting]) -> None:
        for task in waiting.values():
            if task.id not in life.open:
                day = self.today + timedelta(days=WORK[task.element].days(life.chance))
                day += timedelta(days=-day.toordinal() % self.pace)
                self.at(day, life, lambda life, task=task: self._do(life, task))
        life.open = waiting

    # what is done

    def _do(self, life: Life, task: Waiting) -> None:
        state = self._case_of(task)
        if state is InstanceState.SUSPENDED:
            self.at((life.held_until or self.today) + timedelta(days=1), life, lambda life: self._do(life, task))
        elif state is not None:
            login, values = WORK[task.element].fill(self, life, task)
            self.complete(login, task.element, task.id, values)
            if task.element == "decide":
                self.work()  # from now on the new host acts

    def _case_of(self, task: Waiting) -> InstanceState | None:
        """The state of the case in which a task still waits, None where it does not."""
        with self.stage.database.reading() as session:
            query = select(Instance.state).join(OpenTask, OpenTask.instance_id == Instance.id)
            return session.scalars(query.where(OpenTask.id == task.id)).one_or_none()

    def still_open(self, life: Life) -> Mapping[str, Waiting]:
        with self.stage.database.reading() as session:
            return self._waiting(session, life)

    def _begin(self, life: Life) -> None:
        life.key = self._open(life) if life.arrives_on == life.opens_on else self._take_over(life)
        studio = self.studio(life.key)
        life.studio_id, life.instance_id, life.name = studio.id, studio.instance_id, studio.name
        self.by_instance[studio.instance_id] = life
        life.hosts.append((life.host, life.opens_on))
        chosen = life.chance.choices([*_EVENTS], [*_EVENTS.values()], k=life.chance.randint(2, 7))
        for event in _ALWAYS.get(life.number, chosen):
            day = life.opens_on + timedelta(days=life.chance.randint(5, _TERM_DAYS - 1))
            if day > life.arrives_on:
                self.at(day, life, getattr(self, f"_{event}"))

    def _open(self, life: Life) -> str:
        return self.open(life.host, life.branch, life.opens_on)

    def _take_over(self, life: Life) -> str:
        """Approved before the platform was there, it comes in at whatever stage it has reached."""
        promised = (("C2", "任务1"), ("C3.1", "任务2")) if DocumentKind.PLAN in life.filed else ()
        wanted = WantedStudio(
            branch=life.branch,
            host=life.host,
            direction="党建与业务融合",
            document="甘教工委〔2026〕18号",
            approved_on=life.opens_on,
            filed=tuple(kind for kind in FIRST_DOCUMENTS if kind in life.filed),
            years_done=life.years_done,
            commitments=promised,
        )
        with self.stage.acting(self.province.people["province"]) as act:
            key = open_earlier(act, wanted)
        self.work()
        return key

    def _deed(self, kind: K, **details: str) -> Deed:
        return Deed(kind, self.today, "甘教工委〔2028〕3号", "有关情况。", details)

    def _committee(self, life: Life, kind: K, **details: str) -> None:
        with self.stage.acting(self.province.people["province"]) as act:
            do_deed(act, studio=life.key, deed=self._deed(kind, **details))
        self.work()

    def _suspend(self, life: Life) -> None:
        if self.studio(life.key).state is StudioState.BUILDING:
            self._committee(life, K.SUSPENDED)
            life.held_since = self.stage.clock.now()
            life.held_until = self.today + timedelta(days=life.chance.randint(5, 70))
            self.at(life.held_until, life, self._resume)

    def _resume(self, life: Life) -> None:
        life.held_since = life.held_until = None
        self._committee(life, K.RESUMED)

    def _end_early(self, life: Life) -> None:
        if self.studio(life.key).state is StudioState.BUILDING:
            self._committee(life, K.ENDED_EARLY)

    def _fact(self, life: Life) -> None:
        if life.is_settled and self.studio(life.key).state is StudioState.BUILDING:
            with self.stage.acting(self.province.people[life.person("school_party")]) as act:
                report_studio_fact(act, studio=life.key, text="收到反映。")

    def _problem(self, life: Life) -> None:
        if not STUDIO.is_final(self.studio(life.key).state):
            with self.stage.acting(self.province.people[life.host]) as act:
                begin_problem_report(act, studio=life.key)

    def _team(self, life: Life) -> None:
        deed = self._deed(K.MEMBER_JOINED, member=f"第{life.chance.randint(1, 99)}名成员")
        if self.studio(life.key).state in {StudioState.FAILED, StudioState.ENDED_EARLY, StudioState.REVOKED}:
            return
        with self.stage.acting(self.province.people[life.host]) as act:
            change_team(act, studio=life.key, deed=deed)

    def _strike(self, life: Life) -> None:
        """Somebody finds a wrong line in the book; at times only its amount was wrong."""
        for login in (life.host, life.person("school_party"), life.person("superior_party"), "county", "prelim_c1"):
            if found := self._wrong_lines(life, login):
                year, line = life.chance.choice(found)
                fen = life.chance.choice((0, line.fen // 2))
                with self.stage.acting(self.province.people[login]) as act:
                    wrong = Strike(line.line, "录入有误。", yuan_of(fen).replace(",", "") if fen else "")
                    strike_line(act, studio=life.key, strike=wrong)
                life.money[year, line.kind] += fen - line.fen
                self._moved.add(life.number)
                return

    def _wrong_lines(self, life: Life, login: str) -> list[tuple[int, LineShown]]:
        """The lines that somebody may strike, each with its year."""
        try:
            with self.stage.reading(self.province.people[login]) as act:
                book = view_book(act, public_id=life.key)
        except StudioUnknown:
            return []
        return [(year.number, line) for year in book.years for line in year.lines if line.may_strike]

    def _rename(self, life: Life) -> None:
        try:
            with self.stage.acting(self.province.people[life.host]) as act:
                ask_to_rename(act, studio=life.key, what="name")
        except FixedByPlan:
            return
        raise AssertionError("a studio started a change of its name")

    def _rename_by_document(self, life: Life) -> None:
        """The branch is called otherwise by a document; so is its studio from then on."""
        self._call(life, K.RENAMED, f"第{life.number}党支部更名{life.chance.randint(1, 99)}工作室")

    def _reorganise(self, life: Life) -> None:
        self._call(life, K.REORGANISED, f"第{life.number}党支部重组{life.chance.randint(1, 99)}工作室")

    def _call(self, life: Life, kind: K, name: str) -> None:
        if not STUDIO.is_final(self.studio(life.key).state):
            life.name = name
            self._committee(life, kind, name=name)
            self._moved.add(life.number)

    def _lapse(self, life: Life) -> None:
        """The studio comes to its end while its host is about to change."""
        self._host_change(life)
        self._end_early(life)

    def _host_change(self, life: Life) -> None:
        """The host asks to be followed by a secretary who serves the branch from this day."""
        if not self.in_term(life) or self.pending(life) is not None:
            return
        life.changes += 1
        successor = f"{life.branch}-{life.changes}"
        self._serve(successor, life.branch, self.today)
        life.done["successor"] = successor
        with self.stage.acting(self.province.people[life.host]) as act:
            wish_change(act, studio=life.key)

    def pending(self, life: Life) -> HostChange | None:
        """The change of host that is under way."""
        with self.stage.database.reading() as session:
            query = select(HostChange).where(
                HostChange.studio_id == life.studio_id, HostChange.state == ChangeState.OPEN
            )
            return session.scalars(query).one_or_none()

    def in_term(self, life: Life) -> bool:
        """Whether the host may change today."""
        studio: Studio = self.studio(life.key)
        return (
            studio.state in {StudioState.BUILDING, StudioState.SUSPENDED}
            and studio.starts_on <= self.today <= studio.ends_on
        )
