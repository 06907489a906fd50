"""Every transition table over the full product of its states."""

from itertools import product

import pytest

from app.domain.states import (
    CYCLE,
    DISPATCH,
    INSTANCE,
    MOVE,
    OBJECTION,
    SLOT,
    STUDIO,
    TABLES,
    VERSION,
    CycleStatus,
    DispatchState,
    IllegalTransition,
    InstanceState,
    MoveState,
    ObjectionState,
    SlotState,
    StudioState,
    VersionState,
)

LEGAL = {
    InstanceState: "active>suspended active>ended active>cancelled suspended>active suspended>cancelled",
    CycleStatus: (
        "draft>released draft>cancelled released>open released>cancelled open>closed open>cancelled"
        " closed>announced closed>cancelled"
    ),
    StudioState: (
        "building>suspended building>in_acceptance building>ended_early building>revoked"
        " suspended>building suspended>ended_early suspended>revoked"
        " in_acceptance>deferred in_acceptance>accepted in_acceptance>failed in_acceptance>ended_early"
        " in_acceptance>revoked deferred>accepted deferred>failed deferred>ended_early deferred>revoked"
        " accepted>revoked ended_early>revoked"
    ),
    VersionState: "draft>released draft>retired released>retired",
    MoveState: "asked>released asked>declined",
    ObjectionState: "received>screened received>inadmissible screened>ruled",
    DispatchState: (
        "waiting>sending waiting>dropped sending>sent sending>waiting sending>failed sending>unknown"
        " failed>waiting failed>dropped unknown>waiting unknown>sent unknown>failed unknown>dropped"
    ),
    SlotState: ("waiting>called called>presenting called>absent presenting>questions questions>scoring scoring>held"),
}


def test_every_state_type_has_its_table():
    tables = {
        InstanceState: INSTANCE,
        CycleStatus: CYCLE,
        StudioState: STUDIO,
        VersionState: VERSION,
        MoveState: MOVE,
        ObjectionState: OBJECTION,
        DispatchState: DISPATCH,
        SlotState: SLOT,
    }
    assert tables == dict(TABLES)


@pytest.mark.parametrize("states", TABLES, ids=lambda states: states.__name__)
def test_a_table_allows_what_is_written_here_and_nothing_else(states):
    allowed = {f"{one}>{two}" for one, two in product(states, repeat=2) if TABLES[states].allows(one, two)}
    assert allowed == set(LEGAL[states].split())


@pytest.mark.parametrize("states", TABLES, ids=lambda states: states.__name__)
def test_moving_agrees_with_the_table(states):
    table = TABLES[states]
    for one, two in product(states, repeat=2):
        if table.allows(one, two):
            assert table.moved(one, two) is two
        else:
            with pytest.raises(IllegalTransition) as refusal:
                table.moved(one, two)
            assert refusal.value.params == {"state": one.value, "target": two.value}


@pytest.mark.parametrize("states", TABLES, ids=lambda states: states.__name__)
def test_final_states_lead_nowhere_and_every_state_can_end(states):
    table = TABLES[states]
    reached = {state for state in states if table.is_final(state)}
    while grown := {state for state in set(states) - reached if table.moves[state] & reached}:
        reached |= grown
    assert reached == set(states)
