"""What a case of process ``host_change`` is about, and how its pages name the studio."""

from typing import Any

from app.domain.states import StudioState
from app.domain.succession import OutsideTerm
from app.domain.units import Track, track_of
from app.services.acting import Act
from app.services.hooks import Case
from app.services.programme.beginning import schooling_of
from app.services.programme.wording import day_text
from app.services.studios import school_of
from app.store.models import Application, HostChange, Studio
from app.store.queries import succession as rows
from app.store.queries.lines import line_of
from app.store.queries.organisation import names_of
from app.store.queries.within import within

IN_TERM = frozenset({StudioState.BUILDING, StudioState.SUSPENDED})
"""States in which a studio's host may change."""


def change_of(act: Act, case: Case) -> tuple[HostChange, Studio]:
    """Return the wish that a case is about, and its studio; read once in a transaction."""
    key = ("host_change", case.business_key)
    return within(act.session, key, lambda: rows.change_by_public_id(act.session, case.business_key))


def check_in_term(act: Act, studio: Studio) -> None:
    """Check that the studio's host may change today. Raises ``OutsideTerm``."""
    if studio.state not in IN_TERM or not studio.starts_on <= act.today <= studio.ends_on:
        raise OutsideTerm(ends_on=day_text(studio.ends_on), clause="C6.1b")


def shown(act: Act, studio: Studio) -> dict[str, Any]:
    """Return how forms name a studio."""
    return named(studio, names_of(act.session, [studio.host_id])[studio.host_id])


def named(studio: Studio, host: str) -> dict[str, Any]:
    """Return how forms name a studio whose host's name is known."""
    term = f"{day_text(studio.starts_on)} 至 {day_text(studio.ends_on)}"
    return {"studio_name": studio.name, "host_name": host, "term": term}


def track_of_studio(act: Act, studio: Studio) -> Track:
    """Return the track a studio applied on; for one from before the programme, the one it would apply on."""
    if studio.application_id is not None:
        return act.session.get_one(Application, studio.application_id).track
    schooling = schooling_of(school_of(line_of(act.session, studio.branch_id, act.today)))
    return track_of(schooling, frozenset({schooling}))
