"""Running cases looked at before they are brought over to the newest release: which can go, which cannot and why."""

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.engine import Definition, Element, EngineIncident
from app.engine.findings import Finding, finding
from app.engine.moving import CannotMove, Crossing, MovePlan, Release
from app.services.acting import Act
from app.services.deployed import current_deployment, definition_of, sources_of
from app.services.workshop import ModelUnknown
from app.store.models import Deployment, ModelKind
from app.store.queries import deployment as deployments
from app.store.queries import moving as queries
from app.store.queries import workshop
from app.store.queries.moving import Ground

PLANNERS = (RoleKey.DESIGNER, RoleKey.PUBLISHER)
"""The roles that may ask what bringing cases over would come to."""

_EXAMPLES = 5
_MAPPED = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, slots=True)
class Wish:
    """How cases are to be brought over: old element id → new one, and whether the decision tables come along."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    takes_rules: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Cases alike: on which version they run, at which elements they are, what forbids the move and what changes.

    ``examples``: public ids of a few; whoever draws models need not know whose cases they are.
    """

    version: int
    standing: tuple[str, ...]
    obstacles: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An element that the new model lacks, and what it may be called there: ids and names; ``chosen``: one of them.

    ``is_stood_at``: cases are there now.
    """

    element: str
    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str
    is_stood_at: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a process's cases over would come to; nothing was touched.

    ``deployment``: the number of the newest, ``version`` that of the process in it; ``current``: running cases that
    need no move; those that can go come first among the ``groups``.
    """

    key: str
    name: str
    deployment: int
    version: int
    current: int
    groups: tuple[Group, ...]
    choices: tuple[Choice, ...]
    wish: Wish

    @property
    def ready(self) -> int:
        """How many cases can go."""
        return sum(group.cases for group in self.groups if not group.obstacles)

    @property
    def hindered(self) -> int:
        """How many cannot."""
        return sum(group.cases for group in self.groups if group.obstacles)


def plan_move(act: Act, *, key: str, wish: Wish) -> Plan:
    """Look at every running case of a process. Raises ``NotAllowed``, ``ModelUnknown``, ``NothingDeployed``."""
    act.require(*PLANNERS)
    model = workshop.model(act.session, ModelKind.BPMN, key)
    target = current_deployment(act.session)
    if model is None or (ModelKind.BPMN, key) not in deployments.snapshot(act.session, target):
        raise ModelUnknown(key=key)
    numbers = {row[0].id: row[0].number for row in workshop.versions(act.session, model.id)}
    running = queries.grounds(act.session, key)
    wanted = lagging(act, key, wish, running)
    looking = _Looking(act, key, wish, numbers)
    for row in queries.running_on(act.session, key, wanted):
        looking.take(row[0], row[1], (row[2], row[3]), row[4])
    return Plan(
        key=key,
        name=model.name,
        deployment=act.session.get_one(Deployment, target).number,
        version=numbers[deployments.snapshot(act.session, target)[ModelKind.BPMN, key]],
        current=sum(count for ground, count in running.items() if ground not in wanted),
        groups=looking.groups(),
        choices=_choices(act, key, wish, wanted, looking.stood_at),
        wish=wish,
    )


def lagging(act: Act, key: str, wish: Wish, running: Collection[Ground]) -> tuple[Ground, ...]:
    """Return on what cases run that the newest release does differently: processes, forms and, if wanted, tables."""
    target = (current_deployment(act.session), None)
    wanted = [ground for ground in running if _held(act, key, wish, ground) != _held(act, key, wish, target)]
    return tuple(sorted(wanted, key=lambda ground: (ground[0], ground[1] or 0)))


def _held(act: Act, key: str, wish: Wish, ground: Ground) -> dict[tuple[ModelKind, str], int]:
    """The versions that a case on ``ground`` goes by, as far as the move would change them."""
    deployment, rules = ground
    definition = definition_of(act.session, deployment, key, rules)
    processes = {element.process_id for element in definition.elements.values()}
    held = {
        place: version
        for place, version in deployments.snapshot(act.session, deployment).items()
        if place[0] is not ModelKind.DMN and place[1].partition("/")[0] in processes
    }
    if wish.takes_rules:
        tables = deployments.snapshot(act.session, rules or deployment)
        held |= {place: version for place, version in tables.items() if place[0] is ModelKind.DMN}
    return held


def crossing_of(act: Act, key: str, wish: Wish, ground: Ground, target: int) -> Crossing:
    """Return the way from what cases run on to the deployment ``target``, read once for all cases on that ground."""
    places = ((ground[0], ground[1]), (target, rules_after(wish, ground)))
    before, after = (definition_of(act.session, deployment, key, rules) for deployment, rules in places)
    known = (before, after, tuple(sorted(wish.renamed.items())))
    with _lock:
        found = _ways.get(known)
    if found is None:
        files = [sources_of(act.session, deployment, rules) for deployment, rules in places]
        found = Crossing(Release(before, files[0]), Release(after, files[1]), wish.renamed)
        with _lock:
            _ways.clear()
            _ways[known] = found
    return found


_lock = threading.Lock()
_ways: dict[tuple[Definition, Definition, tuple[tuple[str, str], ...]], Crossing] = {}
"""The way taken last: cases come ground by ground, and it holds whole drawings."""


def rules_after(wish: Wish, ground: Ground) -> int | None:
    """Return whose decision tables a case has after the move; None: those of the release it goes to."""
    return None if wish.takes_rules else ground[1] or ground[0]


def judge(act: Act, crossing: Crossing, state: InstanceState, blob: bytes) -> MovePlan:
    """Return what moving one case would come to, tried out where events are added or taken away."""
    try:
        plan = crossing.plan(blob)
    except EngineIncident as incident:
        return MovePlan((), (), (finding(None, "move_unreadable", reason=incident.reason),), ())
    if state is not InstanceState.ACTIVE:
        return replace(plan, obstacles=(finding(None, "move_held"), *plan.obstacles))
    if plan.notes and not plan.obstacles:
        plan = replace(plan, obstacles=hindered(act, crossing, blob))
    return plan


def hindered(act: Act, crossing: Crossing, blob: bytes) -> tuple[Finding, ...]:
    """Return what came of trying: nothing, or what forbids it."""
    try:
        crossing.carry(blob, now=act.now, calendar=act.ports.calendar)
    except CannotMove as refused:
        return refused.obstacles
    except DomainError as refused:
        return (finding(None, "move_no_rest", reason=refused.code),)
    return ()


class _Looking:
    """Gathers cases that are alike."""

    def __init__(self, act: Act, key: str, wish: Wish, numbers: Mapping[int, int]) -> None:
        self._act = act
        self._key = key
        self._wish = wish
        self._numbers = numbers
        self._target = current_deployment(act.session)
        self._cases: dict[Group, list[str]] = {}
        self.stood_at: set[str] = set()

    def take(self, public_id: str, state: InstanceState, ground: Ground, blob: bytes) -> None:
        """Look at one case."""
        crossing = crossing_of(self._act, self._key, self._wish, ground, self._target)
        plan = judge(self._act, crossing, state, blob)
        self.stood_at.update(plan.lost)
        elements = definition_of(self._act.session, ground[0], self._key, ground[1]).elements
        version = deployments.snapshot(self._act.session, ground[0])[ModelKind.BPMN, self._key]
        group = Group(
            version=self._numbers[version],
            standing=tuple(_name(elements, each) for each in plan.standing),
            obstacles=plan.obstacles,
            notes=plan.notes,
            cases=0,
            examples=(),
        )
        self._cases.setdefault(group, []).append(public_id)

    def groups(self) -> tuple[Group, ...]:
        """Those that can go first, then the largest."""
        found = [
            replace(group, cases=len(cases), examples=tuple(cases[:_EXAMPLES])) for group, cases in self._cases.items()
        ]
        found.sort(key=attrgetter("cases"), reverse=True)
        return tuple(sorted(found, key=lambda group: bool(group.obstacles)))


def _name(elements: Mapping[str, Element], element_id: str) -> str:
    return elements[element_id].name or element_id if element_id in elements else element_id


def _choices(
    act: Act, key: str, wish: Wish, wanted: Collection[Ground], stood_at: Collection[str]
) -> tuple[Choice, ...]:
    """Tasks that are gone, and whatever else cases stand at, each with what is new and of its kind."""
    after = definition_of(act.session, current_deployment(act.session), key)
    found: dict[str, Choice] = {}
    for ground in wanted:
        before = definition_of(act.session, ground[0], key, ground[1])
        for element in _gone(before, after, {*stood_at, *wish.renamed}):
            options = tuple(
                (each.id, each.name or each.id)
                for each in after.elements.values()
                if each.kind == element.kind and each.id not in before.elements
            )
            if options:
                chosen = wish.renamed.get(element.id, "")
                found[element.id] = Choice(
                    element.id, element.name or element.id, options, chosen, element.id in stood_at
                )
    return tuple(found.values())


def _gone(before: Definition, after: Definition, wanted: Collection[str]) -> Iterator[Element]:
    for element in before.elements.values():
        if element.id not in after.elements and (element.kind in _MAPPED or element.id in wanted):
            yield element
