"""What an application's case begins with: parties, track, and the few values that its model's gateways read."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.cycle import CycleSettings
from app.domain.units import Governance, Schooling, Track, UnitKind, track_of
from app.services.acting import Act
from app.services.programme.parties import parties_of, undertaking_unit_id
from app.services.programme.subjects import settings_of
from app.services.running import Begin
from app.services.studios import school_of, studio_name
from app.store.models import Cycle, Unit
from app.store.types import new_public_id


@dataclass(frozen=True, slots=True)
class Applying:
    """Who applies where: the cycle, the branch's line of superiors (the branch first), the host.

    ``entered_at_id``: the unit that enters it from paper on the host's behalf, None where they apply themselves.
    """

    cycle: Cycle
    line: Sequence[Unit]
    host_id: int
    entered_at_id: int | None = None


def begin_application(act: Act, applying: Applying) -> tuple[Begin, Track]:
    """Return what to start and the track it is on. Raises ``NotAdmitted``, ``NoActingUnit``, ``NoUndertakingUnit``."""
    settings = settings_of(applying.cycle)
    school = school_of(applying.line)
    track = track_of(schooling_of(school), settings.admitted_schoolings)
    key = new_public_id()
    data = {
        "case": {
            "id": key,
            "cycle": applying.cycle.public_id,
            "track": track.value,
            "own_unit": undertaking_unit_id(act) in {unit.id for unit in applying.line},
            "countersign": settings.county_countersign and school.governance is Governance.COUNTY_RUN,
            "paper": applying.entered_at_id is not None,
        },
        "unit": {"kind": school.kind.value, "governance": school.governance.value if school.governance else None},
        "limits": _limits(settings),
        "counts": {"returned": 0, "completed": 0},
    }
    begin = Begin(
        process_key="application",
        business_key=key,
        title=studio_name(applying.line[0].name),
        cycle_id=applying.cycle.id,
        data=data,
        parties=parties_of(act, applying.line, applying.host_id),
    )
    return begin, track


def schooling_of(school: Unit) -> Schooling:
    """What a school teaches; where the office's list does not say, what its kind usually does."""
    usual = Schooling.UNDERGRADUATE if school.kind is UnitKind.UNIVERSITY else Schooling.PRIMARY_SECONDARY
    return school.schooling or usual


def _limits(settings: CycleSettings) -> dict[str, int]:
    return {
        "returns": settings.correction_returns,
        "completions": settings.completion_returns,
        "correction_days": settings.correction_working_days,
        "review_days": settings.review_working_days,
        "escalation_days": settings.review_working_days + settings.escalation_working_days,
        "least_reviews": settings.least_reviews,
    }
