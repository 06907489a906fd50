"""A cycle's settings and dates."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clauses import clause
from app.domain.cycle import (
    AgeReading,
    CycleDates,
    CycleSettings,
    DateNotLater,
    DatesOutOfOrder,
    SettingNote,
    notes,
    settings_from_json,
    settings_to_json,
)
from app.domain.cycle_fields import SettingInvalid
from app.domain.rubric import DEFAULT_RUBRIC, to_json
from app.domain.time import SHANGHAI
from app.domain.units import Schooling, Track

DEFAULTS = {
    "version": 1,
    "tenure_branch": "any",
    "age_reading": "completed_years",
    "appraisal_years": "latest_two",
    "admitted_schoolings": ["kindergarten", "secondary_vocational", "special"],
    "county_countersign": False,
    "correction_returns": 1,
    "correction_working_days": 5,
    "review_request_working_days": 5,
    "unit_quota": None,
    "unit_quotas": {},
    "publicity_working_days": 5,
    "completion_returns": 1,
    "invitation_working_days": 3,
    "reviewers_per_case": 5,
    "reviews_per_expert": None,
    "review_working_days": 10,
    "escalation_working_days": 3,
    "least_reviews": 5,
    "blind": False,
    "rubric": to_json(DEFAULT_RUBRIC),
    "presentation_minutes": 10,
    "question_minutes": 5,
    "material_weight": 60,
    "defense_weight": 40,
    "trim_extremes": True,
    "trim_from_scores": 5,
    "quorum": [2, 3],
    "majority": [1, 2],
    "places": {},
    "later_review_working_days": 3,
    "provincial_publicity": True,
    "provincial_working_days": 5,
    "document_numbers": "双优{类}〔{年}〕{号}号",
    "funding_days": 90,
    "report_days": 30,
    "filing_days": 30,
}


def test_the_defaults_are_those_of_the_rules():
    assert settings_to_json(CycleSettings()) == DEFAULTS
    assert settings_from_json({}) == CycleSettings()


def test_settings_survive_json():
    settings = settings_from_json(
        {
            "age_reading": "strict",
            "unit_quotas": {"U01": 3, "620100": 0},
            "unit_quota": 2,
            "places": {"university": 10, "school": 20},
            "admitted_schoolings": ["special"],
            "quorum": [3, 4],
            "blind": True,
            "rubric": [{"key": "a", "name": "甲", "weight": 100, "about": "要点"}],
        }
    )
    assert settings_from_json(json.loads(json.dumps(settings_to_json(settings)))) == settings
    assert (settings.age_reading, settings.places[Track.SCHOOL]) == (AgeReading.STRICT, 20)
    assert settings.admitted_schoolings == frozenset({Schooling.SPECIAL})
    assert [settings.quota_of(code) for code in ("U01", "620100", "U02")] == [3, 0, 2]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("publicity_days", 5),
        ("version", 0),
        ("version", True),
        ("age_reading", "lunar"),
        ("age_reading", None),
        ("age_reading", ["strict"]),
        ("publicity_working_days", 0),
        ("publicity_working_days", 61),
        ("publicity_working_days", 5.0),
        ("publicity_working_days", "5"),
        ("publicity_working_days", True),
        ("county_countersign", 1),
        ("unit_quota", 0),
        ("unit_quotas", {"U01": -1}),
        ("unit_quotas", {"": 1}),
        ("unit_quotas", [1]),
        ("material_weight", 70),
        ("defense_weight", 101),
        ("quorum", [3, 2]),
        ("quorum", [0, 2]),
        ("quorum", [1]),
        ("quorum", "1/2"),
        ("places", {"college": 3}),
        ("places", {"school": -3}),
        ("admitted_schoolings", ["undergraduate"]),
        ("admitted_schoolings", "special"),
    ],
)
def test_a_setting_no_cycle_may_have_is_refused(key, value):
    with pytest.raises(SettingInvalid):
        settings_from_json({key: value})


def test_a_change_is_the_next_version_and_leaves_the_old_one_alone():
    first = CycleSettings()
    second = first.revised(material_weight=70, defense_weight=30)
    assert (second.version, second.material_weight, second.defense_weight) == (2, 70, 30)
    assert first == CycleSettings()


def test_settings_cannot_be_changed_in_place():
    with pytest.raises(TypeError):
        CycleSettings().unit_quotas["U01"] = 3


def test_the_public_page_shows_every_setting_with_a_clause_that_exists():
    shown = notes(CycleSettings().revised(filing_days=20))
    assert {note.key for note in shown} == set(DEFAULTS) - {"version"}
    assert [clause(note.clause).id for note in shown] == [note.clause for note in shown]
    assert shown[-1] == SettingNote("filing_days", "C6.7", "报备期限（日）", 20, is_default=False)
    assert [note.key for note in shown if not note.is_default] == ["filing_days"]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def dates(**changes):
    usual = {
        "opens_at": at("2026-10-01T00:00"),
        "published_deadline": at("2026-11-30T17:00"),
        "deadline": at("2026-11-30T17:00"),
        "list_cutoff": at("2026-12-15T00:00"),
        "reporting_cutoff": at("2026-12-31T00:00"),
    }
    return CycleDates(**(usual | changes))


def test_as_of_is_the_day_of_the_deadline_first_published():
    assert dates().as_of == date(2026, 11, 30)
    assert dates().extended(deadline=at("2026-12-05T17:00")).as_of == date(2026, 11, 30)


def test_a_deadline_at_midnight_belongs_to_the_day_that_ends():
    midnight = at("2026-12-01T00:00")
    assert dates(published_deadline=midnight, deadline=midnight).as_of == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("now", "accepting"),
    [
        ("2026-09-30T23:59:59.999999", False),
        ("2026-10-01T00:00", True),
        ("2026-11-30T16:59:59.999999", True),
        ("2026-11-30T17:00", False),
    ],
)
def test_the_deadline_itself_is_too_late(now, accepting):
    assert dates().is_accepting(at(now)) is accepting


def test_dates_follow_each_other():
    with pytest.raises(DatesOutOfOrder) as refusal:
        dates(deadline=at("2026-12-20T00:00"))
    assert refusal.value.params == {"earlier": "deadline", "later": "list_cutoff"}


@given(st.integers(-(10**6), 0))
def test_no_extension_moves_a_date_back(seconds):
    with pytest.raises(DateNotLater):
        dates().extended(deadline=dates().deadline + timedelta(seconds=seconds))


def test_only_what_an_extension_may_move_moves():
    later = dates().extended(list_cutoff=at("2026-12-20T00:00"), deadline=at("2026-12-18T00:00"))
    assert (later.list_cutoff, later.deadline) == (at("2026-12-20T00:00"), at("2026-12-18T00:00"))
    with pytest.raises(TypeError):
        dates().extended(published_deadline=at("2026-12-18T00:00"))
