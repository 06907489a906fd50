"""Applications from their start to the reviewer's desk."""

import pytest

from tests.factories.playing import Play


@pytest.fixture
def play(stage):
    return Play(stage)


def test_an_application_reaches_the_reviewer(play):
    cycle = play.open_cycle()
    case = play.apply("host_u1", "U2B1", cycle)
    assert play.open_elements(case) == ["attest_superior", "declare_discipline", "declare_school"]
    play.attest(case, "u")
    assert play.open_elements(case) == ["initial_review"]
    play.review("prelim_u1", case, "recommend")
    assert play.open_elements(case) == []
