"""The demonstration's accounts: who holds which role where. Logins say the role; one password serves all."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.roles import RoleKey

PASSWORD = "Shuangyou-2026"  # noqa: S105 - shown on the demonstration's sign-in page, which is bound to loopback
"""Every made-up account's password; demonstration mode refuses to be reachable from elsewhere."""

_R = RoleKey
_U2, _U3, _OWN, _CITY, _ATTACHED = "U02", "U03", "U01", "620100", "U02-S1"
_COUNTY_SCHOOLS = ("6201-01-S1", "6201-01-S2", "6201-02-S1")
_CITY_SCHOOLS = ("620100-S1", "620100-S2")

HOST_BRANCHES: Mapping[str, str] = {
    "host_university": "U02-F1-B1",
    "host_university2": "U02-F1-B2",
    "host_university3": "U02-F2-B1",
    "host_university4": "U02-F3-B1",
    "host_university5": "U03-F1-B1",
    "host_university6": "U03-F2-B1",
    "host_university7": "U03-F3-B1",
    "host_university8": "U02-F2-B2",
    "host_university9": "U03-F1-B2",
    "host_university10": "U02-F3-B2",
    "host_university11": "U02-F3-B3",
    "host_undertaking": "U01-F1-B1",
    "host_school": "6201-01-S1-B1",
    "host_school2": "6201-01-S2-B1",
    "host_school3": "6201-02-S1-B1",
    "host_school4": "620100-S1-B1",
    "host_school5": "620100-S1-B2",
    "host_school6": "620100-S2-B1",
    "host_school7": "620100-S2-B2",
    "host_school8": "620100-S2-B3",
    "host_school9": "620100-S1-B3",
    "host_school10": "6201-02-S1-B2",
    "host_attached": "U02-S1-B1",
}
"""Login → code of the branch whose secretary it is. Hosts with an 8 have no application at first."""


def _at(role: RoleKey, *codes: str) -> tuple[tuple[RoleKey, str], ...]:
    return tuple((role, code) for code in codes)


HOLDINGS: Mapping[str, tuple[tuple[RoleKey, str], ...]] = {
    **{login: _at(_R.HOST, code) for login, code in HOST_BRANCHES.items()},
    "superior_university": _at(_R.SUPERIOR_PARTY, *(f"{u}-F{n}" for u in (_U2, _U3, _OWN) for n in (1, 2, 3))),
    "school_university": _at(_R.SCHOOL_PARTY, _U2, _U3, _OWN),
    "discipline_university": _at(_R.DISCIPLINE, _U2, _U3, _OWN),
    "prelim_university": _at(_R.PRELIM, _U2, _U3),
    "prelim_university2": _at(_R.PRELIM, _U2, _U3),
    "prelim_undertaking": _at(_R.PRELIM, _OWN),
    "prelim_undertaking2": _at(_R.PRELIM, _OWN),
    "superior_school": _at(_R.SUPERIOR_PARTY, *_COUNTY_SCHOOLS, *_CITY_SCHOOLS, _ATTACHED),
    "party_school": _at(_R.SCHOOL_PARTY, *_COUNTY_SCHOOLS, *_CITY_SCHOOLS, _ATTACHED),
    "discipline_school": _at(_R.DISCIPLINE, _CITY, _ATTACHED),
    "county": _at(_R.COUNTY, "6201-01", "6201-02"),
    "prelim_city": _at(_R.PRELIM, _CITY),
    "prelim_city2": _at(_R.PRELIM, _CITY),
    "secretariat": _at(_R.SECRETARIAT, _OWN),
    "secretariat2": _at(_R.SECRETARIAT, _OWN),
    **{f"expert{number}": _at(_R.EXPERT, "620000") for number in range(1, 8)},
    "panel_chair": _at(_R.PANEL_CHAIR, "620000"),
    "province_committee": _at(_R.PROVINCE_COMMITTEE, "620000"),
    "province_committee2": _at(_R.PROVINCE_COMMITTEE, "620000"),
    "designer": _at(_R.DESIGNER, "620000"),
    "publisher": _at(_R.PUBLISHER, "620000"),
    "sysadmin": _at(_R.SYSADMIN, "620000"),
    "secadmin": _at(_R.SECADMIN, "620000"),
    "auditor": _at(_R.AUDITOR, "620000"),
    "unit_admin": _at(_R.UNIT_ADMIN, _U2),
    "host_earlier": _at(_R.HOST, "U03-F2-B2"),
    "host_county": _at(_R.HOST, "6201-01-S1-B2"),
    "host_attached2": _at(_R.HOST, f"{_ATTACHED}-B2"),
    "host_next": _at(_R.HOST, HOST_BRANCHES["host_university7"]),
}
"""Login → the roles held, each at a unit's code."""

WORKPLACES: Mapping[str, str] = {
    "expert1": "U15",
    "expert2": "U16",
    "expert3": "U04",
    "expert4": "U06",
    "expert5": "U07",
    "expert6": "U03",
    "expert7": "U09",
}
"""Expert → code of the unit where they work: the unit whose cases they may not judge."""

LEAVING, MOVED_TO = "host_university7", "U03-F1"
"""The host of a studio who belongs to another faculty now, and whose term as secretary ends within a year."""

SHOWN = (
    "host_university", "host_school", "host_county", "host_attached2", "host_school7", "host_university7",
    "host_next", "host_earlier", "superior_university", "superior_school", "school_university", "party_school",
    "discipline_university", "discipline_school", "county", "prelim_university", "prelim_university2", "prelim_city",
    "prelim_city2", "secretariat", *(f"expert{number}" for number in range(1, 8)), "panel_chair", "province_committee",
    "province_committee2", "designer", "publisher", "sysadmin", "secadmin", "auditor", "unit_admin",
)  # fmt: skip
"""The accounts that the sign-in page lists, in the order of the way a case takes: all for whom work waits or will."""

LATER = frozenset({"host_next", "host_earlier", "host_attached2", "expert2", "expert4", "expert6"})
"""Those to whom work comes with a later step: a successor, hosts whose studio is over or has yet to begin, experts."""


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """A line of the sign-in page; ``is_later``: nothing waits for them yet."""

    login: str
    name: str
    role: RoleKey
    unit: str
    is_later: bool
