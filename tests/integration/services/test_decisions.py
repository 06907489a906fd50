"""The decision tables beside the models: their rows carry the clauses, and they cover what the programme knows."""

from itertools import product
from pathlib import Path

import pytest

from app.domain.clauses import CLAUSES, clause
from app.domain.eligibility import FACTS, Reason, Verdict
from app.domain.units import GOVERNANCE_OF, Acting, Governance, Track
from app.engine.dmn import HitPolicy, load_decisions
from app.services.eligibility import DECISIONS, rulebook

FOLDER = Path(__file__).resolve().parents[3] / "bpmn" / "decisions"
ROUTING = {
    "provincial": ("own", "none", "own", "province"),
    "ministry": ("own", "none", "own", "none"),
    "private": ("own", "none", "own", "none"),
    "municipal": ("own", "none", "own", "city"),
    "county_run": ("city", "county", "county", "county"),
    "city_run": ("city", "none", "city", "city"),
    "university_attached": ("person", "none", "person", "person"),
}


def decision(key):
    return load_decisions((FOLDER / f"{key}.dmn").read_bytes())[key]


@pytest.mark.parametrize("governance", Governance)
def test_every_governance_is_routed_as_the_rules_say(governance):
    outputs = decision("routing").evaluate({"unit": {"governance": governance.value}}).outputs
    names = ("initial_review", "countersign", "plan_approval", "payer")
    assert tuple(outputs[name] for name in names) == ROUTING[governance.value]
    assert {Acting(word) for word in outputs.values()} <= set(Acting)


def test_no_governance_is_routed_twice_or_left_out():
    table = decision("routing").logic
    assert (table.hit_policy, len(table.rules)) == (HitPolicy.UNIQUE, len(Governance))
    assert set(ROUTING) == {word.value for words in GOVERNANCE_OF.values() for word in words}


def test_an_unknown_governance_is_routed_nowhere():
    outputs = decision("routing").evaluate({"unit": {"governance": "foreign"}}).outputs
    assert set(outputs.values()) == {None}


@pytest.mark.parametrize("key", ["routing", "award_level", *DECISIONS.values()])
def test_every_row_names_the_clauses_it_serves(key):
    for rule in decision(key).logic.rules:
        named = [word for word in rule.annotations[0].split() if word.startswith("C")]
        assert named
        assert [clause(word).id for word in named] == named


@pytest.mark.parametrize("track", Track)
def test_the_table_of_a_track_has_rows_for_each_of_its_clauses(track):
    other = "C4.4" if track is Track.UNIVERSITY else "C4.3"
    wanted = {key for key in CLAUSES if key.startswith("C4") and not key.startswith(other)}
    rules = decision(DECISIONS[track]).logic.rules
    assert {rule.annotations[0].split()[0] for rule in rules} == wanted
    assert all(rule.tests[0] == f'"{rule.annotations[0].split()[0]}"' for rule in rules)


@pytest.mark.parametrize("track", Track)
def test_the_table_reads_the_facts_that_are_handed_in(track):
    assert tuple(column.text for column in decision(DECISIONS[track]).logic.inputs) == FACTS


@pytest.mark.parametrize("track", Track)
def test_every_reason_of_a_table_is_one_that_pages_know(track):
    reasons = {rule.results[1].strip('"') for rule in decision(DECISIONS[track]).logic.rules}
    assert reasons - {""} <= set(Reason)


ISSUERS = ("party_org", "government", "department_party_org", "department", "other")
LEVELS = ("school", "county", "city", "province", "nation", "unknown")
YEARS = (-1, 0, 3, 4)


@pytest.mark.parametrize("track", Track)
def test_every_combination_of_facts_has_an_answer(track):
    rules = rulebook(track, (FOLDER / f"{DECISIONS[track]}.dmn").read_bytes())
    first, second, third, fourth, fifth, sixth = rules.items
    asked = [
        *(
            rules.ask(item, holder=holder, kind=kind, level=level, years_back=years)
            for item, holder, kind, level, years in product(
                (first, fifth), ("branch", "secretary"), ISSUERS, LEVELS, YEARS
            )
        ),
        *(
            rules.ask(second, kind=kind, role=role, level=level, years_back=years)
            for kind, role, level, years in product(
                ("paper", "book"),
                ("first_author", "editor_in_chief", "author", "other"),
                ("city", "province", "nation", "unknown"),
                YEARS,
            )
        ),
        *(
            rules.ask(third, years_back=years, appraisal_years=setting)
            for years, setting in product((0, 1, 2, 3, 9), ("latest_two", "any_two_in_three", "any_two"))
        ),
        *(
            rules.ask(fourth, kind=kind, status=status, role=role, years_back=years)
            for kind, status, role, years in product(
                ("project", "paper", "lecture", "integrity", "other"),
                ("completed", "open"),
                ("leader", "participant"),
                YEARS,
            )
        ),
        *(rules.ask(sixth, level=level, years_back=years) for level, years in product(LEVELS, YEARS)),
    ]
    assert {answer.verdict for answer in asked} == set(Verdict)
    assert [answer for answer in asked if answer.verdict is not Verdict.MET and not answer.reason] == []
    assert [answer for answer in asked if answer.verdict is not Verdict.NOT_MET and answer.needed < 1] == []
