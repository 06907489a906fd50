"""The roles of the programme, always held at a unit for a term, and which of them one person may not join."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.units import UnitKind


class RoleKey(StrEnum):
    """The programme's roles; a lane of a model bears the key as its id."""

    HOST = "host"
    SUPERIOR_PARTY = "superior_party"
    SCHOOL_PARTY = "school_party"
    DISCIPLINE = "discipline"
    PRELIM = "prelim"
    COUNTY = "county"
    SECRETARIAT = "secretariat"
    EXPERT = "expert"
    PANEL_CHAIR = "panel_chair"
    PROVINCE_COMMITTEE = "province_committee"
    DESIGNER = "designer"
    PUBLISHER = "publisher"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    UNIT_ADMIN = "unit_admin"


class Duty(StrEnum):
    """What a role works on: cases, models, or the running of the system (三员)."""

    CASE = "case"
    MODEL = "model"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """What a role is and allows.

    ``may_transfer``: its tasks may be handed to another holder (转办, 委派); ``may_substitute``: a substitute may act
    (代理); ``may_bulk``: several tasks may be completed at once. Scoring and Party approvals allow none of the three.
    ``never_with``: roles that the same person may hold nowhere; ``never_with_here``: not at the same unit.
    ``is_ordinary``: a unit administrator may give it within their own units.
    """

    key: RoleKey
    name: str
    english: str
    duty: Duty
    held_at: frozenset[UnitKind]
    may_transfer: bool = False
    may_substitute: bool = False
    may_bulk: bool = False
    never_with: frozenset[RoleKey] = frozenset()
    never_with_here: frozenset[RoleKey] = frozenset()
    is_ordinary: bool = False


_U = UnitKind
_R = RoleKey
_PARTY = frozenset({_U.FACULTY, _U.UNIVERSITY, _U.SCHOOL, _U.COUNTY, _U.CITY, _U.PROVINCE})
_SCHOOL_PARTY = _PARTY - {_U.FACULTY}
_PROVINCE = frozenset({_U.PROVINCE})
_THREE_ADMINS = frozenset({_R.SYSADMIN, _R.SECADMIN, _R.AUDITOR})
_UNDERTAKING = {
    _R.SECRETARIAT: frozenset({_R.PROVINCE_COMMITTEE}),
    _R.PROVINCE_COMMITTEE: frozenset({_R.SECRETARIAT}),
}
"""C6.5: whoever operates the application work never decides."""


def _desk(key: RoleKey, name: str, english: str, held_at: frozenset[UnitKind], *, wall: RoleKey | None) -> RolePolicy:
    """An office desk: its work may change hands. ``wall``: C6.5's separation of prelim and secretariat, and of the
    secretariat, which operates the work, from 省委教育工委, which decides.
    """
    is_ordinary = key is not _R.SECRETARIAT
    here = frozenset({wall}) if wall else frozenset[RoleKey]()
    never = _THREE_ADMINS | _UNDERTAKING.get(key, frozenset())
    return RolePolicy(key, name, english, Duty.CASE, held_at, True, True, True, never, here, is_ordinary)


def _signed(key: RoleKey, name: str, english: str, held_at: frozenset[UnitKind]) -> RolePolicy:
    """A role whose word is its holder's own: attestation, declaration, score, approval."""
    is_ordinary = held_at != _PROVINCE
    never = _THREE_ADMINS | _UNDERTAKING.get(key, frozenset())
    return RolePolicy(key, name, english, Duty.CASE, held_at, never_with=never, is_ordinary=is_ordinary)


def _model(key: RoleKey, name: str, english: str, *, other: RoleKey) -> RolePolicy:
    """Who drafts models and who releases them; ``other``: the one of the two that this person is not."""
    return RolePolicy(key, name, english, Duty.MODEL, _PROVINCE, True, True, never_with=_THREE_ADMINS | {other})


def _admin(key: RoleKey, name: str, english: str) -> RolePolicy:
    """One of the three administrators: never two in one person, none with any other role."""
    return RolePolicy(key, name, english, Duty.ADMINISTRATION, _PROVINCE, never_with=frozenset(RoleKey) - {key})


POLICIES: Mapping[RoleKey, RolePolicy] = {
    policy.key: policy
    for policy in (
        _signed(_R.HOST, "主持人（申报人）", "Host", frozenset({_U.BRANCH})),
        _signed(_R.SUPERIOR_PARTY, "上级党组织", "Superior Party organisation", _PARTY),
        _signed(_R.SCHOOL_PARTY, "所在学校党组织", "School Party organisation", _SCHOOL_PARTY),
        _signed(_R.DISCIPLINE, "纪检机构", "Discipline body", _SCHOOL_PARTY),
        _desk(_R.PRELIM, "初评单位", "Initial review", frozenset({_U.UNIVERSITY, _U.CITY}), wall=_R.SECRETARIAT),
        _desk(_R.COUNTY, "县区教育部门", "County department", frozenset({_U.COUNTY}), wall=None),
        _desk(_R.SECRETARIAT, "承办单位", "Undertaking unit", frozenset({_U.UNIVERSITY}), wall=_R.PRELIM),
        _signed(_R.EXPERT, "评审专家", "Expert", _PROVINCE),
        _signed(_R.PANEL_CHAIR, "专家组组长", "Panel chair", _PROVINCE),
        _signed(_R.PROVINCE_COMMITTEE, "省委教育工委", "Provincial committee", _PROVINCE),
        _model(_R.DESIGNER, "流程设计员", "Designer", other=_R.PUBLISHER),
        _model(_R.PUBLISHER, "流程发布员", "Publisher", other=_R.DESIGNER),
        _admin(_R.SYSADMIN, "系统管理员", "System administrator"),
        _admin(_R.SECADMIN, "安全保密管理员", "Security administrator"),
        _admin(_R.AUDITOR, "安全审计员", "Auditor"),
        RolePolicy(
            _R.UNIT_ADMIN,
            "单位管理员",
            "Unit administrator",
            Duty.ADMINISTRATION,
            frozenset({_U.CITY, _U.COUNTY, _U.UNIVERSITY, _U.FACULTY, _U.SCHOOL}),
            never_with=_THREE_ADMINS,
        ),
    )
}
"""Every role's policy.

A unit administrator looks after the people of a unit and of all units under it: adds them, gives and ends ordinary
roles there, answers requests for correction. Never the three administrators' roles, those of models, of the province
or of the undertaking unit; never a role of their own; nothing outside.
"""

ORDINARY = frozenset(policy.key for policy in POLICIES.values() if policy.is_ordinary)
"""The roles that a unit administrator may give."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a role at a unit from ``valid_from`` to ``valid_to``, both days included; None: without end."""

    person: str
    role: RoleKey
    unit: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the term covers ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: "Holding") -> bool:
        """Tell whether the two terms share a day."""
        return (other.valid_to is None or self.valid_from <= other.valid_to) and (
            self.valid_to is None or other.valid_from <= self.valid_to
        )


class RolesIncompatible(DomainError):
    """One person may not hold both roles (三员分立, C6.5) on one day.

    Params: ``held``, ``granted``; ``unit``, ``valid_from``, ``valid_to`` of what is held.
    """

    code = "roles_incompatible"
    kind = Kind.CONFLICT


class RoleHeldAlready(DomainError):
    """The person holds this role at this unit already, for days that the new term covers, too.

    Params: ``held``; ``unit``, ``valid_from``, ``valid_to`` of what is held.
    """

    code = "role_held_already"
    kind = Kind.CONFLICT


class RoleNotHeldHere(DomainError):
    """No unit of this kind has such a role. Params: ``role``, ``unit_kind``."""

    code = "role_not_held_here"


class TermReversed(DomainError):
    """A term may not end before it starts. Params: ``valid_from``, ``valid_to``."""

    code = "term_reversed"
    kind = Kind.BAD_INPUT


def check_grant(held: Iterable[Holding], granted: Holding, unit_kind: UnitKind) -> None:
    """Check that ``granted`` may stand beside what the person ``held``, at a unit of ``unit_kind``.

    Raises ``TermReversed``, ``RoleNotHeldHere``, ``RolesIncompatible``, ``RoleHeldAlready``.
    """
    if granted.valid_to is not None and granted.valid_to < granted.valid_from:
        raise TermReversed(valid_from=granted.valid_from, valid_to=granted.valid_to)
    if unit_kind not in POLICIES[granted.role].held_at:
        raise RoleNotHeldHere(role=granted.role.value, unit_kind=unit_kind.value)
    for holding in held:
        if holding.person != granted.person or not holding.overlaps(granted):
            continue
        if _are_incompatible(holding, granted):
            raise RolesIncompatible(granted=granted.role.value, **_told(holding))
        if (holding.role, holding.unit) == (granted.role, granted.unit):
            raise RoleHeldAlready(**_told(holding))


def _told(held: Holding) -> dict[str, object]:
    """What a refusal says of the holding that stands in the way."""
    return {"held": held.role.value, "unit": held.unit, "valid_from": held.valid_from, "valid_to": held.valid_to}


def _are_incompatible(held: Holding, granted: Holding) -> bool:
    policy = POLICIES[granted.role]
    return held.role in policy.never_with or (held.unit == granted.unit and held.role in policy.never_with_here)


def may_release(drafter: str, releaser: str) -> bool:
    """Tell whether ``releaser`` may release what ``drafter`` drafted: never the same person, whatever they hold."""
    return drafter != releaser
