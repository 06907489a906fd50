"""A case started by a call: only of a process whose model says who may, with the parties the caller names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import DomainError, Kind
from app.engine import Definition
from app.services.acting import Act, Held
from app.services.deployed import current_deployment, definition_of
from app.services.running import Begin, Party, StartedInstance, start_instance
from app.store.queries import organisation
from app.store.types import new_public_id

_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,59}")
_OWN = "case"
"""The name under which a case finds its own id in its data."""


class CaseNotStartable(DomainError):
    """The model does not let the actor start a case. Params: ``process``, ``starters``: the roles that may."""

    code = "case_not_startable"
    kind = Kind.FORBIDDEN


class PartyRefused(DomainError):
    """A party is no role of the model, or names a unit or person that there is not. Params: ``role``."""

    code = "party_refused"


class DataNameRefused(DomainError):
    """The data hold a name that no expression could read. Params: ``name``."""

    code = "data_name_refused"


@dataclass(frozen=True, slots=True)
class NamedParty:
    """Who plays a role, by public ids: its holders at a unit, or one person."""

    role: str
    unit: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class WantedCase:
    """What a case is to begin with."""

    process: str
    title: str
    data: Mapping[str, Any] = field(default_factory=dict)
    parties: Sequence[NamedParty] = ()


def start_case(act: Act, *, wanted: WantedCase) -> StartedInstance:
    """Start a case of a process whose model names a role of the actor under ``sy:starters``.

    The actor plays that role at their unit, unless a party is named for it. Raises ``NothingDeployed``,
    ``ProcessUnknown``, ``CaseNotStartable``, ``DataNameRefused``, ``PartyRefused``, ``StepFailed``.
    """
    definition = definition_of(act.session, current_deployment(act.session), wanted.process)
    held = next((held for held in act.actor.held if held.role in definition.starters), None)
    if held is None:
        raise CaseNotStartable(process=wanted.process, starters=",".join(definition.starters) or "—")
    unfit = next((name for name in wanted.data if name == _OWN or not _NAME.fullmatch(name)), None)
    if unfit is not None:
        raise DataNameRefused(name=unfit)
    key = new_public_id()
    begin = Begin(
        process_key=wanted.process,
        business_key=key,
        title=wanted.title,
        data={**wanted.data, _OWN: {"id": key}},
        parties=tuple(_parties(act, definition, wanted.parties, held)),
    )
    return start_instance(act, begin=begin)


def _parties(act: Act, definition: Definition, named: Sequence[NamedParty], held: Held) -> Iterator[Party]:
    units = organisation.unit_ids_of(act.session, {each.unit for each in named if each.unit})
    people = organisation.person_ids_of(act.session, {each.person for each in named if each.person})
    lanes = {element.lane for element in definition.elements.values()}
    for each in named:
        unit_id, person_id = units.get(each.unit or ""), people.get(each.person or "")
        is_there = (unit_id is None) is not (person_id is None) and bool(each.unit) is not bool(each.person)
        if each.role not in lanes or not is_there or organisation.role_id(act.session, each.role) is None:
            raise PartyRefused(role=each.role)
        yield Party(each.role, unit_id=unit_id, person_id=person_id)
    if held.role not in {each.role for each in named}:
        yield Party(held.role, unit_id=held.unit_id)
