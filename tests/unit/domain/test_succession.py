"""The radar for hosts who may not stay until the term ends (C6.1b)."""

from datetime import date

import pytest

from app.domain.succession import HostRisk, Risk, Standing, risks

ENDS = date(2029, 3, 1)
SAFE = {"is_secretary": True, "secretary_until": None, "born_on": date(1985, 5, 1), "is_elsewhere": False}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"born_on": None}, []),
        ({"secretary_until": ENDS}, []),
        ({"secretary_until": date(2029, 2, 28)}, [HostRisk(Risk.ROLE_ENDS, date(2029, 2, 28))]),
        ({"is_secretary": False}, [HostRisk(Risk.ROLE_ENDED, None)]),
        ({"is_elsewhere": True}, [HostRisk(Risk.MOVED, None)]),
        ({"born_on": date(1969, 3, 1)}, [HostRisk(Risk.RETIRES, ENDS)]),
        ({"born_on": date(1969, 3, 2)}, []),
        ({"born_on": date(1968, 2, 29)}, [HostRisk(Risk.RETIRES, date(2028, 2, 29))]),
        (
            {"is_secretary": False, "is_elsewhere": True, "born_on": date(1966, 1, 1)},
            [HostRisk(Risk.ROLE_ENDED, None), HostRisk(Risk.MOVED, None), HostRisk(Risk.RETIRES, date(2026, 1, 1))],
        ),
    ],
)
def test_what_may_take_a_host_away(changed, found):
    assert list(risks(Standing(**{**SAFE, **changed}), ENDS)) == found
