"""How a person wants to be told: kinds by channels, quiet hours, language."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.notice_texts import Tongue
from app.domain.notices import MEDIUM_OF, POLICIES, Channel, Medium, Mode, NoticeKind, Quiet, default_mode, modes_of
from app.services import audit
from app.services.acting import Act
from app.services.notifying.noting import mode_of
from app.store.models import NoticeChoice, NoticeHabit
from app.store.queries import notices as queries


class ChoiceRefused(DomainError):
    """This kind may not be chosen so by this channel. Params: ``kind``, ``channel``, ``mode``."""

    code = "notice_choice_refused"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Cell:
    """How one kind goes by one channel, and what may be chosen."""

    channel: Channel
    mode: Mode
    modes: tuple[Mode, ...]


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A kind with its cell for each channel that is set up."""

    kind: NoticeKind
    must: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ContactView:
    """An address of one's own: proved, or waiting for its code."""

    medium: Medium
    address: str | None
    pending: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything a person may choose. ``channels`` are set up in this installation, ``media`` can be proved in it."""

    channels: tuple[Channel, ...]
    media: tuple[Medium, ...]
    contacts: Mapping[Medium, ContactView]
    rows: tuple[ChoiceRow, ...]
    quiet: Quiet
    tongue: Tongue


def view_choices(act: Act) -> Choices:
    """Return what one has chosen, with what may be chosen; kinds that only another role is told of are left out."""
    person = act.person_id
    channels = tuple(channel for channel in Channel if channel in act.ports.outgoing.messengers)
    wishes = {(row.person_id, row.channel, row.kind): row.mode for row in queries.choices(act.session, [person])}
    habit = next(iter(queries.habits(act.session, [person])), None)
    found = queries.contacts(act.session, person)
    return Choices(
        channels=channels,
        media=tuple(medium for medium in Medium if any(MEDIUM_OF[channel] is medium for channel in channels)),
        contacts={row.medium: ContactView(row.medium, row.address, row.pending) for row in found},
        rows=tuple(
            ChoiceRow(
                kind=kind,
                must=POLICIES[kind].must,
                cells=tuple(Cell(each, mode_of(wishes, person, each, kind), modes_of(kind, each)) for each in channels),
            )
            for kind in NoticeKind
            if POLICIES[kind].role is None or act.actor.holds(POLICIES[kind].role or "")
        ),
        quiet=Quiet(habit.quiet_begins, habit.quiet_ends) if habit else Quiet(),
        tongue=habit.tongue if habit else Tongue.CHINESE,
    )


def choose(act: Act, *, wanted: Mapping[tuple[NoticeKind, Channel], Mode]) -> None:
    """Choose how kinds go by channels; what is not named stays. Raises ``ChoiceRefused``."""
    for (kind, channel), mode in wanted.items():
        if mode not in modes_of(kind, channel):
            raise ChoiceRefused(kind=kind.value, channel=channel.value, mode=mode.value)
    kept = {(row.kind, row.channel): row for row in queries.choices(act.session, [act.person_id])}
    for (kind, channel), mode in wanted.items():
        _keep(act, kept.get((kind, channel)), (kind, channel, mode))
    _record(act, "choose_notices")


def _keep(act: Act, row: NoticeChoice | None, wanted: tuple[NoticeKind, Channel, Mode]) -> None:
    """Only what differs from the default is kept: a default that changes later reaches everybody else."""
    kind, channel, mode = wanted
    if mode is default_mode(kind, channel):
        if row is not None:
            act.session.delete(row)
    elif row is not None:
        row.mode = mode
    else:
        act.session.add(NoticeChoice(person_id=act.person_id, channel=channel, kind=kind, mode=mode))


def set_habit(act: Act, *, quiet: Quiet, tongue: Tongue) -> None:
    """Choose one's quiet hours and the language one is written to in."""
    row = act.session.get(NoticeHabit, act.person_id) or NoticeHabit(person_id=act.person_id)
    row.quiet_begins, row.quiet_ends, row.tongue = quiet.begins, quiet.ends, tongue
    act.session.add(row)
    _record(act, "choose_quiet_hours")


def _record(act: Act, action: str) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{act.actor.public_id}")
