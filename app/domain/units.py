"""The tree of units: the kinds, who may stand under whom, on which track a branch applies, which unit acts for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError, Kind


class UnitKind(StrEnum):
    """The kinds of unit in the tree."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    UNIVERSITY = "university"
    FACULTY = "faculty"
    SCHOOL = "school"
    BRANCH = "branch"


UNIT_NAMES: Mapping[UnitKind, str] = {
    UnitKind.PROVINCE: "省委教育工委",
    UnitKind.CITY: "市州教育工作部门",
    UnitKind.COUNTY: "县区教育部门",
    UnitKind.UNIVERSITY: "高校",
    UnitKind.FACULTY: "院系党组织",
    UnitKind.SCHOOL: "中小学校",
    UnitKind.BRANCH: "党支部",
}


class Governance(StrEnum):
    """Who runs a university (the first four) or a school (the last three)."""

    PROVINCIAL = "provincial"
    MINISTRY = "ministry"
    MUNICIPAL = "municipal"
    PRIVATE = "private"
    COUNTY_RUN = "county_run"
    CITY_RUN = "city_run"
    UNIVERSITY_ATTACHED = "university_attached"


GOVERNANCE_NAMES: Mapping[Governance, str] = {
    Governance.PROVINCIAL: "省属高校",
    Governance.MINISTRY: "部属高校",
    Governance.MUNICIPAL: "市属高校",
    Governance.PRIVATE: "民办高校",
    Governance.COUNTY_RUN: "县区所属学校",
    Governance.CITY_RUN: "市州所属学校",
    Governance.UNIVERSITY_ATTACHED: "高校附属学校",
}

GOVERNANCE_OF: Mapping[UnitKind, frozenset[Governance]] = {
    UnitKind.UNIVERSITY: frozenset(
        {Governance.PROVINCIAL, Governance.MINISTRY, Governance.MUNICIPAL, Governance.PRIVATE}
    ),
    UnitKind.SCHOOL: frozenset({Governance.COUNTY_RUN, Governance.CITY_RUN, Governance.UNIVERSITY_ATTACHED}),
}
"""The governances a unit of each kind may have; a kind that is not here has none."""


class Schooling(StrEnum):
    """What a university or school teaches; decides the track where the plan's words do not."""

    UNDERGRADUATE = "undergraduate"
    HIGHER_VOCATIONAL = "higher_vocational"
    PRIMARY_SECONDARY = "primary_secondary"
    SECONDARY_VOCATIONAL = "secondary_vocational"
    SPECIAL = "special"
    KINDERGARTEN = "kindergarten"


SCHOOLING_NAMES: Mapping[Schooling, str] = {
    Schooling.UNDERGRADUATE: "本科高校",
    Schooling.HIGHER_VOCATIONAL: "高职院校",
    Schooling.PRIMARY_SECONDARY: "中小学",
    Schooling.SECONDARY_VOCATIONAL: "中职学校",
    Schooling.SPECIAL: "特殊教育学校",
    Schooling.KINDERGARTEN: "幼儿园",
}


class Track(StrEnum):
    """The two lists of conditions: section 4 (三) for universities, (四) for schools."""

    UNIVERSITY = "university"
    SCHOOL = "school"


TRACK_NAMES: Mapping[Track, str] = {Track.UNIVERSITY: "高校", Track.SCHOOL: "中小学校"}


class NotAdmitted(DomainError):
    """The cycle's settings admit no branch of such a school. Params: ``schooling``."""

    code = "schooling_not_admitted"


def track_of(schooling: Schooling, admitted: frozenset[Schooling]) -> Track:
    """Return a branch's track: 高职 counts as university; 中职, 特教 and 幼儿园 are schools where ``admitted``.

    Raises ``NotAdmitted``.
    """
    if schooling in {Schooling.UNDERGRADUATE, Schooling.HIGHER_VOCATIONAL}:
        return Track.UNIVERSITY
    if schooling is Schooling.PRIMARY_SECONDARY or schooling in admitted:
        return Track.SCHOOL
    raise NotAdmitted(schooling=schooling.value)


SUPERIORS: Mapping[UnitKind, frozenset[UnitKind]] = {
    UnitKind.PROVINCE: frozenset(),
    UnitKind.CITY: frozenset({UnitKind.PROVINCE}),
    UnitKind.COUNTY: frozenset({UnitKind.CITY}),
    UnitKind.UNIVERSITY: frozenset({UnitKind.PROVINCE, UnitKind.CITY}),
    UnitKind.FACULTY: frozenset({UnitKind.UNIVERSITY}),
    UnitKind.SCHOOL: frozenset({UnitKind.COUNTY, UnitKind.CITY, UnitKind.UNIVERSITY}),
    UnitKind.BRANCH: frozenset({UnitKind.FACULTY, UnitKind.UNIVERSITY, UnitKind.SCHOOL}),
}
"""The kinds a unit's superior may have."""

_SCHOOL_SUPERIOR: Mapping[Governance, UnitKind] = {
    Governance.COUNTY_RUN: UnitKind.COUNTY,
    Governance.CITY_RUN: UnitKind.CITY,
    Governance.UNIVERSITY_ATTACHED: UnitKind.UNIVERSITY,
}


def may_be_under(kind: UnitKind, superior: UnitKind | None, governance: Governance | None = None) -> bool:
    """Tell whether a unit of ``kind`` may stand under ``superior``; a school's governance names its superior's kind."""
    if superior is None:
        return kind is UnitKind.PROVINCE
    if governance is not None and kind is UnitKind.SCHOOL:
        return superior is _SCHOOL_SUPERIOR.get(governance)
    return superior in SUPERIORS[kind]


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit in a line of superiors.

    ``is_school_party``: this branch is itself the school's Party organisation, so its superior acts in its place.
    """

    id: str
    kind: UnitKind
    is_school_party: bool = False


@dataclass(frozen=True, slots=True)
class PartyOrganisations:
    """Who attests (C4.1a, C4.5a) and who declares (C4.5b, C6.1b) for a branch: unit ids, possibly the same."""

    superior: str
    school: str


class NoActingUnit(DomainError):
    """The branch's line of superiors has no unit of the kind that must act. Params: ``unit``, ``wanted``."""

    code = "no_acting_unit"


def party_organisations(line: Sequence[UnitRef]) -> PartyOrganisations:
    """Return the Party organisations of a branch; ``line`` is the branch, then its superiors up to the province.

    Raises ``NoActingUnit``.
    """
    school = nearest(line, frozenset({UnitKind.SCHOOL, UnitKind.UNIVERSITY}))
    if line[0].is_school_party:
        above = line[line.index(school) + 1 :]
        if not above:
            raise NoActingUnit(unit=line[0].id, wanted="superior")
        return PartyOrganisations(superior=above[0].id, school=above[0].id)
    return PartyOrganisations(superior=line[1].id, school=school.id)


def nearest(line: Sequence[UnitRef], kinds: frozenset[UnitKind]) -> UnitRef:
    """Return the first unit of ``line`` that is of one of ``kinds``. Raises ``NoActingUnit``."""
    for unit in line:
        if unit.kind in kinds:
            return unit
    raise NoActingUnit(unit=line[0].id if line else "", wanted=",".join(sorted(kinds)))


class Acting(StrEnum):
    """The words of ``routing.dmn``: which unit of the branch's line acts; ``PERSON``: a person must choose it."""

    OWN = "own"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    PERSON = "person"
    NONE = "none"


_ACTING_KINDS: Mapping[Acting, frozenset[UnitKind]] = {
    Acting.OWN: frozenset({UnitKind.UNIVERSITY, UnitKind.SCHOOL}),
    Acting.COUNTY: frozenset({UnitKind.COUNTY}),
    Acting.CITY: frozenset({UnitKind.CITY}),
    Acting.PROVINCE: frozenset({UnitKind.PROVINCE}),
}


class ActingUndecided(DomainError):
    """The table leaves this unit to a person; nothing is guessed. Params: ``word``."""

    code = "acting_undecided"
    kind = Kind.CONFLICT


def acting_unit(word: Acting, line: Sequence[UnitRef]) -> UnitRef | None:
    """Return the unit of ``line`` that ``word`` names, None for ``NONE``.

    Raises ``ActingUndecided`` for ``PERSON`` and ``NoActingUnit`` where the line has no such unit.
    """
    if word is Acting.NONE:
        return None
    if word is Acting.PERSON:
        raise ActingUndecided(word=word.value)
    return nearest(line, _ACTING_KINDS[word])
