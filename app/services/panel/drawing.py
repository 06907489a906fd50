"""Experts drawn from the register, in public: whoever has what is published draws the same (C5.3a)."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.cycle import settings_from_json
from app.domain.drawing import Draw
from app.domain.errors import DomainError, Kind
from app.domain.review_groups import LEAST_VOTING, Table
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.panel.assigning import open_cycle
from app.services.panel.seating import groups_of
from app.services.panel.ties import Entry, entries_of, tie_graph
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
    number, made now unless a made-up story brings its own. Where review groups are formed they say how many.
    Raises ``NotAllowed``,
    ``DrawIncomplete``, ``AssignmentSettled``.
    """
    act.require(RoleKey.SECRETARIAT)
    spoken, found = word.strip(), open_cycle(act, cycle)
    size = sum(each.size for each in groups_of(found).formed) or size
    is_odd = bool(groups_of(found).formed) or size % 2 == 1
    if not spoken or len(spoken) > _LONGEST_WORD or size < LEAST_VOTING or not is_odd:
        raise DrawIncomplete(field="word" if size >= LEAST_VOTING and is_odd else "size", size=size)
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
        groups=groups_json(drawn),
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
    tables = tuple(_tables(cycle, entries, pool, tied))
    return Draw(cycle.public_id, number, "", "", register, size, least, tied, tables)


def _tables(
    cycle: Cycle, entries: Sequence[Entry], pool: Sequence[rows.Pooled], tied: Mapping[str, frozenset[str]]
) -> Iterator[Table]:
    """The review groups with who may sit in each, and who is free for each of its cases that restricts it."""
    groups = groups_of(cycle)
    cases: dict[str, list[str]] = {}
    for entry in entries:
        found = groups.of_case(entry.application.track, entry.application.field or "")
        if found is not None and entry.application.public_id in tied:
            cases.setdefault(found.key, []).append(entry.application.public_id)
    for group in groups.formed:
        may = frozenset(person.public_id for expert, person, *_ in pool if group.may_seat(expert.fields))
        yield Table(group.key, group.name, group.size, may, {case: tied[case] for case in cases.get(group.key, ())})


def draw_of(row: PanelDraw, cycle: Cycle) -> Draw:
    """Return a published draw, to be repeated."""
    free = {case: frozenset(people) for case, people in row.free.items()}
    tables = tuple(_table(each, free) for each in row.groups)
    return Draw(
        cycle.public_id, row.number, row.word, row.nonce, tuple(row.register), row.size, row.least, free, tables
    )


def _table(raw: Mapping[str, Any], free: Mapping[str, frozenset[str]]) -> Table:
    cases = {str(case): free[case] for case in raw["cases"]}
    return Table(str(raw["key"]), str(raw["name"]), int(raw["size"]), frozenset(map(str, raw["may"])), cases)


def groups_json(draw: Draw) -> list[dict[str, Any]]:
    """Return the review groups of a draw as they are published, each with who was dealt to it."""
    dealt = draw.dealt
    return [
        {
            "key": table.key,
            "name": table.name,
            "size": table.size,
            "may": sorted(table.may),
            "cases": sorted(table.free),
            "dealt": dealt[table.key],
        }
        for table in draw.tables
    ]


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
    groups = {"groups": groups_json(draw)} if draw.tables else {}
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
        **groups,
    }


def from_json(raw: Mapping[str, Any]) -> Draw:
    """Return the draw of a published record. Raises ``KeyError``, ``TypeError``, ``ValueError`` for anything else."""
    free = {str(case): frozenset(map(str, people)) for case, people in dict(raw["free"]).items()}
    register = tuple(str(each) for each in raw["register"])
    tables = tuple(_table(each, free) for each in raw.get("groups", ()))
    seeded = str(raw["cycle"]), int(raw["number"]), str(raw["word"]), str(raw["nonce"])
    return Draw(*seeded, register, int(raw["size"]), int(raw["least"]), free, tables)
