"""Who may hold what beside what, and whose word is their own."""

from datetime import date
from itertools import product

import pytest

from app.domain.roles import (
    ORDINARY,
    POLICIES,
    Duty,
    Holding,
    RoleHeldAlready,
    RoleKey,
    RoleNotHeldHere,
    RolesIncompatible,
    TermReversed,
    check_grant,
    may_release,
)
from app.domain.units import UnitKind

ADMINS = {RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR}
WALL = {RoleKey.PRELIM, RoleKey.SECRETARIAT}
MODELS = {RoleKey.DESIGNER, RoleKey.PUBLISHER}
UNDERTAKING = {RoleKey.SECRETARIAT, RoleKey.PROVINCE_COMMITTEE}
FROM = date(2026, 1, 1)


def kind_for(role):
    return min(POLICIES[role].held_at)


def may_hold(held, granted, *, here):
    first = Holding("p", held, "u1", FROM)
    second = Holding("p", granted, "u1" if here else "u2", FROM)
    try:
        check_grant([first], second, kind_for(granted))
    except (RolesIncompatible, RoleHeldAlready):
        return False
    return True


def test_every_role_has_a_policy_with_names_and_a_place():
    assert list(POLICIES) == list(RoleKey)
    assert all(policy.name and policy.english and policy.held_at for policy in POLICIES.values())
    assert len({policy.name for policy in POLICIES.values()}) == len(RoleKey)


@pytest.mark.parametrize(("held", "granted"), list(product(RoleKey, repeat=2)))
@pytest.mark.parametrize("here", [True, False])
def test_what_one_person_may_hold(held, granted, here):
    is_admin_mix = held != granted and bool({held, granted} & ADMINS)
    is_wall = (here and {held, granted} == WALL) or {held, granted} == UNDERTAKING
    is_twice = here and held == granted
    assert may_hold(held, granted, here=here) == (
        not is_admin_mix and not is_wall and not is_twice and {held, granted} != MODELS
    )


def test_unit_administrators_give_the_ordinary_roles_only():
    assert sorted(ORDINARY) == ["county", "discipline", "host", "prelim", "school_party", "superior_party"]


def test_separation_binds_terms_that_share_a_day_only():
    held = Holding("p", RoleKey.SYSADMIN, "u", date(2025, 1, 1), date(2025, 12, 31))
    later = Holding("p", RoleKey.AUDITOR, "u", date(2026, 1, 1))
    check_grant([held], later, UnitKind.PROVINCE)
    touching = Holding("p", RoleKey.AUDITOR, "u", date(2025, 12, 31))
    with pytest.raises(RolesIncompatible):
        check_grant([held], touching, UnitKind.PROVINCE)


def test_separation_binds_one_person_only():
    held = Holding("p", RoleKey.SYSADMIN, "u", FROM)
    check_grant([held], Holding("q", RoleKey.AUDITOR, "u", FROM), UnitKind.PROVINCE)


def test_a_role_is_held_where_it_exists():
    with pytest.raises(RoleNotHeldHere):
        check_grant([], Holding("p", RoleKey.HOST, "u", FROM), UnitKind.COUNTY)


def test_a_term_does_not_end_before_it_starts():
    with pytest.raises(TermReversed):
        check_grant([], Holding("p", RoleKey.HOST, "u", FROM, date(2025, 12, 31)), UnitKind.BRANCH)


@pytest.mark.parametrize(
    ("day", "holds"), [("2025-12-31", False), ("2026-01-01", True), ("2026-06-30", True), ("2026-07-01", False)]
)
def test_a_term_includes_both_its_ends(day, holds):
    holding = Holding("p", RoleKey.HOST, "u", FROM, date(2026, 6, 30))
    assert holding.holds_on(date.fromisoformat(day)) is holds


def test_scoring_and_party_approval_never_change_hands():
    own_word = {
        RoleKey.HOST,
        RoleKey.SUPERIOR_PARTY,
        RoleKey.SCHOOL_PARTY,
        RoleKey.DISCIPLINE,
        RoleKey.EXPERT,
        RoleKey.PANEL_CHAIR,
        RoleKey.PROVINCE_COMMITTEE,
    }
    fixed = {
        key
        for key, policy in POLICIES.items()
        if policy.duty is Duty.CASE and not (policy.may_transfer or policy.may_substitute or policy.may_bulk)
    }
    assert fixed == own_word


def test_a_draft_is_released_by_another_person():
    assert (may_release("a", "b"), may_release("a", "a")) == (True, False)
