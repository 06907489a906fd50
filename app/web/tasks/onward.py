"""What happens once a task is done, in words: the next steps as drawn, by verdict where one is asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext

from app.engine import Definition
from app.web.diagrams.chart import SUBPROCESS, Chart, Flow, Node
from app.web.english import said
from app.web.forms.blocks import Control
from app.web.tasks.page import Afterwards
from app.web.tasks.reasons import listed


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a task: the condition under which it is taken (None: otherwise), and the steps reached first.

    ``tasks`` are people's, ``waits`` what the case then waits for, ``ends`` how it ends, or, where the task ``is_part``
    of a process that the case's own calls, how that one ends.
    """

    name: str
    condition: str | None
    tasks: tuple[str, ...]
    waits: tuple[str, ...]
    ends: tuple[str, ...]
    is_part: bool = False


def ways_on(definition: Definition, chart: Chart, element_id: str) -> tuple[Way, ...]:
    """Return the ways on from a task: of the gateways that ask what was entered in it, if there are any behind it.

    ``chart`` draws the process that the task is of, be it the case's own or one that it calls.
    """
    gateway = _gateway_behind(definition, chart, element_id)
    if gateway is None:
        ways = tuple(_way(chart, flow, None) for flow in chart.flows_from(element_id))
    else:
        ways = tuple(_ways_from(definition, chart, gateway, _asks(element_id)))
    is_part = chart.process_id != definition.process_id
    return tuple(replace(way, is_part=True) for way in ways) if is_part else ways


def _ways_from(definition: Definition, chart: Chart, gateway: str, asks: re.Pattern[str]) -> Iterator[Way]:
    """Yield a gateway's ways; where "otherwise" leads to another that asks for the same form, that one's instead."""
    conditions = {way.name: way.condition for way in definition.after(gateway)}
    for flow in chart.flows_from(gateway):
        condition = conditions.get(flow.name)
        later = _asking(definition, chart, flow.target, asks) if condition is None else None
        if later is None:
            yield _way(chart, flow, condition)
        else:
            yield from _ways_from(definition, chart, later, asks)


def _asking(definition: Definition, chart: Chart, at: str, asks: re.Pattern[str]) -> str | None:
    """The gateway that asks for the form, reached on the one way that goes by itself from there."""
    seen: set[str] = set()
    while at not in seen:
        seen.add(at)
        node = chart.nodes[at]
        if _is_work(node) or _is_wait(node) or _is_end(node):
            return None
        if _asks_here(definition, node, asks):
            return at
        following = list(_onward(chart, node))
        if len(following) != 1:
            return None
        at = following[0]
    return None


def _asks(element_id: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(element_id)}\.")


def _asks_here(definition: Definition, node: Node, asks: re.Pattern[str]) -> bool:
    is_gateway = node.kind == "exclusiveGateway"
    return is_gateway and any(asks.search(way.condition or "") for way in definition.after(node.id))


def _gateway_behind(definition: Definition, chart: Chart, element_id: str) -> str | None:
    """The first exclusive gateway straight behind a task (joins apart) whose conditions ask for the task's form.

    Where several tasks' decisions are taken over by one step between, it asks for what that step makes of them.
    """
    at, asks = element_id, _asks(element_id)
    while len(flows := list(chart.flows_from(at))) == 1:
        at = flows[0].target
        node = chart.nodes[at]
        if node.kind == "serviceTask":
            asks = _taken_over(chart)
        elif node.kind != "exclusiveGateway":
            return None
        if _asks_here(definition, node, asks):
            return at
    return None


def _taken_over(chart: Chart) -> re.Pattern[str]:
    """A decision that no task of the process has made itself."""
    made = "|".join(re.escape(each) for each in chart.nodes)
    return re.compile(rf"\b(?!(?:{made})\.)\w+\.decision\b")


def _way(chart: Chart, flow: Flow, condition: str | None) -> Way:
    found = list(dict.fromkeys(_reached(chart, flow.target, set())))
    joins = _joins(chart)
    tests = (_is_work, lambda each: _is_wait(each) or each.id in joins, _is_end)
    tasks, waits, ends = ([each.name for each in found if test(each)] for test in tests)
    return Way(flow.name, condition, tuple(tasks), tuple(waits), tuple(ends))


def _joins(chart: Chart) -> frozenset[str]:
    """Where the case waits for everything that goes on side by side."""
    arriving = Counter(flow.target for flow in chart.flows if not flow.is_exceptional)
    return frozenset(
        node.id for node in chart.nodes.values() if node.kind == "parallelGateway" and arriving[node.id] > 1
    )


def _reached(chart: Chart, first: str, seen: set[str]) -> Iterator[Node]:
    """Yield the people's tasks, waits and ends that come first, through everything that goes by itself.

    What everything else must come to first is a wait where nobody has anything to do behind it.
    """
    joins = _joins(chart)
    waiting = [first]
    while waiting:
        node = chart.nodes[waiting.pop(0)]
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.is_exceptional:
            continue
        if node.id in joins:
            behind = [each for at in _onward(chart, node) for each in _reached(chart, at, seen)]
            yield from behind if any(map(_is_work, behind)) else [node]
        elif _is_work(node) or _is_wait(node) or _is_end(node):
            yield node
        else:
            waiting += _onward(chart, node)


def _onward(chart: Chart, node: Node) -> Iterable[str]:
    """Into a sub-process by its start, out of it by its plain end, else along the flows."""
    if node.kind in SUBPROCESS:
        return [each.id for each in chart.nodes.values() if each.parent == node.id and each.kind == "startEvent"]
    leaves = node.parent if node.kind == "endEvent" and node.parent else node.id
    return [flow.target for flow in chart.flows_from(leaves)]


def _is_work(node: Node) -> bool:
    """A step of people's, or a called process that is."""
    return node.kind in {"userTask", "manualTask", "callActivity"}


def _is_wait(node: Node) -> bool:
    return node.kind in {"receiveTask", "intermediateCatchEvent"}


def _is_end(node: Node) -> bool:
    """An end of the whole process, or one that breaks off the stage it lies in."""
    return node.kind == "endEvent" and (node.parent is None or bool(node.trigger))


def afterwards(ways: Sequence[Way], verdict: Control | None) -> tuple[Afterwards, ...]:
    """Return what each button leads to, in their order; without verdicts, what each way leads to.

    A way belongs to the verdict that its condition names; the default takes every verdict that no other way names.
    """
    if verdict is None:
        return tuple(Afterwards(said(way.name) if len(ways) > 1 else "", _told(way)) for way in ways)
    default = [way for way in ways if way.condition is None]
    pairs = [
        (option.label, next(iter([way for way in ways if _names(way, option.text)] or default), None))
        for option in verdict.options
    ]
    return tuple(Afterwards(label, _told(way)) for label, way in pairs if way is not None)


def _names(way: Way, verdict: str) -> bool:
    return f'"{verdict}"' in (way.condition or "")


def _told(way: Way) -> str:
    parts = [gettext("next: %(tasks)s", tasks=listed(map(said, way.tasks)))] if way.tasks else []
    if way.waits:
        parts.append(gettext("then it waits for: %(waits)s", waits=listed(map(said, way.waits))))
    if way.ends:
        ends = listed(map(said, way.ends))
        parts.append(
            gettext("this part is done: %(ends)s", ends=ends)
            if way.is_part
            else gettext("the case ends: %(ends)s", ends=ends)
        )
    return str(gettext("; ")).join(parts)


def names_ahead(ways: Sequence[Way]) -> list[str]:
    """Return the names of what may come next, for the list of steps."""
    return list(dict.fromkeys(said(name) for way in ways for name in (*way.tasks, *way.waits)))
