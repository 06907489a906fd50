"""Experts drawn from the register, in public: whoever has what is published draws the same (C5.3a)."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.cycle import settings_from_json
from app.domain.drawing import Draw
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.panel.assigning import open_cycle
from app.services.panel.seating import LEAST_VOTING
from app.services.panel.ties import entries_of, tie_graph
from app.store.models import Cycle, PanelDraw
from app.store.queries import forming
from app.store.queries import panel as rows

_LONGEST_WORD = 40


class DrawIncomplete(DomainError):
    """A draw needs a word spoken at it, and an odd size of at least five. Params: ``field``, ``size``."""

    code = "draw_incomplete"
    kind = Kind.BAD_INPUT


class DrawUnknown(DomainError):
    """There is no such draw. Params: ``draw``."""

    code = "draw_unknown"
    kind = Kind.NOT_FOUND


def draw_panel(act: Act, *, cycle: str, word: str, size: int, nonce: str = "") -> str:
    """Draw a panel of ``size`` from the register and publish how; return the draw's public id.

    Ties are looked up before anybody is drawn, so that every case keeps enough judges. ``nonce``: the server's random
    number, made now unless a made-up story brings its own. Raises ``NotAllowed``,
    ``DrawIncomplete``, ``AssignmentSettled``.
    """
    act.require(RoleKey.SECRETARIAT)
    spoken = word.strip()
    if not spoken or len(spoken) > _LONGEST_WORD or size < LEAST_VOTING or size % 2 == 0:
        raise DrawIncomplete(field="word" if size >= LEAST_VOTING and size % 2 else "size", size=size)
    found = open_cycle(act, cycle)
    drawn = replace(_draw(act, found, size), word=spoken, nonce=nonce or secrets.token_hex(16))
    row = PanelDraw(
        cycle_id=found.id,
        number=drawn.number,
        word=drawn.word,
        nonce=drawn.nonce,
        size=drawn.size,
        least=drawn.least,
        register=sorted(drawn.register),
        free={case: sorted(free) for case, free in drawn.free.items()},
        taken=list(drawn.taken),
        by_id=act.person_id,
        at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    result = f"seed {drawn.seed}: {len(row.taken)} of {len(row.register)}"
    audit.record(act, case_id=audit.OFFICE, action="draw_panel", object=f"cycle/{cycle}", result=result)
    return row.public_id


def nonce_that_draws(act: Act, cycle: str, word: str, wanted: Collection[str]) -> str:
    """Return a number with which just these people are drawn, for made-up stories. Raises ``StopIteration``."""
    drawn = replace(_draw(act, open_cycle(act, cycle), len(wanted)), word=word)
    return next(each for each in map(str, range(9999)) if set(replace(drawn, nonce=each).taken) == set(wanted))


def _draw(act: Act, cycle: Cycle, size: int) -> Draw:
    number = len(forming.draws_of(act.session, cycle.id)) + 1
    pool = rows.pool(act.session, cycle.id)
    entries = entries_of(act, cycle.id)
    ties = tie_graph(act, cycle, entries, [expert for expert, *_ in pool])
    tied: dict[str, frozenset[str]] = {}
    register = tuple(person.public_id for _, person, *_ in pool)
    for entry in entries:
        aside = {person.public_id for _, person, *_ in pool if entry.application.id in ties[person.id]}
        if aside:  # a case that nobody is tied to restricts nothing
            tied[entry.application.public_id] = frozenset(register) - aside
    least = settings_from_json(cycle.settings).reviewers_per_case
    return Draw(cycle.public_id, number, "", "", register, size, least, tied)


def draw_of(row: PanelDraw, cycle: Cycle) -> Draw:
    """Return a published draw, to be repeated."""
    free = {case: frozenset(people) for case, people in row.free.items()}
    return Draw(cycle.public_id, row.number, row.word, row.nonce, tuple(row.register), row.size, row.least, free)


def published(act: Act, *, public_id: str) -> tuple[Draw, PanelDraw, Cycle]:
    """Return a draw as anybody may see it: ids and digests, no names. Raises ``DrawUnknown``."""
    found = forming.draw(act.session, public_id)
    if found is None:
        raise DrawUnknown(draw=public_id)
    return draw_of(*found), *found


def order_of(act: Act, cycle: Cycle) -> Sequence[str]:
    """Return the order in which experts of the register come: the last draw's, else that of a draw with no word."""
    drawn = forming.draws_of(act.session, cycle.id)
    if drawn:
        return draw_of(drawn[0][0], cycle).order
    register = tuple(person.public_id for _, person, *_ in rows.pool(act.session, cycle.id))
    return Draw(cycle.public_id, 0, "", "", register, LEAST_VOTING, LEAST_VOTING, {}).order


def as_json(draw: Draw) -> Mapping[str, Any]:
    """Return everything that repeating a draw takes, and what came of it."""
    return {
        "cycle": draw.cycle,
        "number": draw.number,
        "word": draw.word,
        "nonce": draw.nonce,
        "size": draw.size,
        "least": draw.least,
        "register": sorted(draw.register),
        "free": {case: sorted(free) for case, free in sorted(draw.free.items())},
        "seed": draw.seed,
        "order": list(draw.order),
        "taken": list(draw.taken),
    }


def from_json(raw: Mapping[str, Any]) -> Draw:
    """Return the draw of a published record. Raises ``KeyError``, ``TypeError``, ``ValueError`` for anything else."""
    free = {str(case): frozenset(map(str, people)) for case, people in dict(raw["free"]).items()}
    register = tuple(str(each) for each in raw["register"])
    word, nonce = str(raw["word"]), str(raw["nonce"])
    return Draw(str(raw["cycle"]), int(raw["number"]), word, nonce, register, int(raw["size"]), int(raw["least"]), free)
