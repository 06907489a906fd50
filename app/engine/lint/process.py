"""All checks of a BPMN file, in order."""

from collections.abc import Callable, Iterator

from app.engine.findings import Finding, finding
from app.engine.lint import (
    activities,
    events,
    expressions,
    gateways,
    identity,
    lanes,
    languages,
    loops,
    recursion,
    soundness,
    structure,
)
from app.engine.lint.graph import Model, read_model
from app.engine.lint.options import Surroundings
from app.engine.xml import Element

MAX_SIZE = 6000
"""Flow nodes and sequence flows that a file may have."""

Check = Callable[[Model, Surroundings], Iterator[Finding]]

# what must hold for the flow of tokens to make sense at all
_STRUCTURE: tuple[Check, ...] = (
    identity.check_ids,
    structure.check_processes,
    structure.check_contents,
    structure.check_flows,
    structure.check_reachability,
    events.check_events,
    events.check_boundaries,
    gateways.check_conditions,
    gateways.check_event_gateways,
)
_CONTENTS: tuple[Check, ...] = (
    events.check_throwers,
    events.check_errors,
    languages.check_languages,
    languages.check_extensions,
    activities.check_activities,
    activities.check_repetition,
    expressions.check_expressions,
    expressions.check_timers,
    expressions.check_own_parameters,
    lanes.check_lanes,
    lanes.check_starters,
    identity.check_names,
    identity.check_diagram,
)
# what reads every condition once more
_BEHAVIOUR: tuple[Check, ...] = (
    gateways.check_constants,
    loops.check_loops,
    recursion.check_recursion,
    soundness.check_soundness,
)
_UNREADABLE = "feel_limit"


def lint_bpmn(root: Element, around: Surroundings) -> Iterator[Finding]:
    """Findings about a BPMN ``definitions`` element; its behaviour is played only where its structure holds."""
    model = read_model(root)
    size = sum(len(scope.nodes) + len(scope.flows) for scope in model.scopes())
    if size > MAX_SIZE:
        yield finding(None, "too_large", size=size, limit=MAX_SIZE)
        return
    structural = [found for check in _STRUCTURE for found in check(model, around)]
    yield from structural
    contents = [found for check in _CONTENTS for found in check(model, around)]
    yield from contents
    is_sound = not any(found.severity == "error" for found in structural)
    if model.processes and is_sound and all(found.code != _UNREADABLE for found in contents):
        for check in _BEHAVIOUR:
            yield from check(model, around)
