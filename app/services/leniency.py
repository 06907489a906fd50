"""The leniency report: each expert's bias, and what the ranking would be without it. Advice; no score ever changes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.adapters.estimating import LeniencyFit, estimate_leniency
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.scoring import CaseScores, TieAtCut, rank, rank_unchecked, shortlist
from app.domain.units import Track
from app.services import audit, cohort
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.outbox import enqueue, handles
from app.services.programme.subjects import settings_of
from app.services.ranking import Defended, defended_cases, ranked_cycle
from app.services.studios import studio_name
from app.store.models import Cycle, LeniencyReport
from app.store.queries import cohort as members
from app.store.queries import cycles
from app.store.queries import results as rows

ORDERERS = (RoleKey.PROVINCE_COMMITTEE, RoleKey.SECRETARIAT, RoleKey.PANEL_CHAIR)
"""The roles that have a report made."""

NOTABLE = 0.05
"""Below this corrected probability a bias is said to be more than chance."""

_WORK = "estimate_leniency"
_PLACES = 4
_KINDS = ("materials", "defense")


class RankingNotReady(DomainError):
    """Cases are still being reviewed or heard: nobody concludes from scores before (C5.3b). Params: ``open``."""

    code = "ranking_not_ready"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Bias:
    """An expert's bias in one kind of scores, in points. ``is_notable``: more than chance, after correction."""

    name: str
    scores: int
    bias: float
    error: float | None
    low: float | None
    high: float | None
    p: float | None

    @property
    def is_notable(self) -> bool:
        """Tell whether chance alone hardly gives as much."""
        return self.p is not None and self.p < NOTABLE


@dataclass(frozen=True, slots=True)
class KindReport:
    """What was estimated from one kind of scores; ``parts`` above 1: experts of different parts do not compare."""

    parts: int
    residual: float | None
    experts: tuple[Bias, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose place, or whose standing within the places, would be another without the biases."""

    studio: str
    receipt_number: str
    track: str
    rank: int
    final: str
    would_rank: int
    would_final: str
    fits: bool
    would_fit: bool


@dataclass(frozen=True, slots=True)
class LeniencyView:
    """A report. ``is_current`` false: scores have come in since; ``moves``: only cases that would move."""

    made_at: datetime
    digest: str
    is_current: bool
    cases: int
    materials: KindReport
    defense: KindReport
    moves: tuple[Move, ...]


def order_leniency(act: Act, *, cycle: str) -> None:
    """Have a report made; the worker estimates it in a process of its own.

    Raises ``NotAllowed``, ``CycleUnknown``, ``RankingNotReady``.
    """
    act.require(*ORDERERS)
    found = ranked_cycle(act, cycle)
    cases = defended_cases(act, found)
    waiting = members.stage_counts(act.session, found.id, cohort.IN).get(Stage.PANEL, 0)
    if waiting or not cases:
        raise RankingNotReady(open=waiting)
    case_id = cycles.cycle_instance(act.session, found.public_id).id
    what = f"cycle/{found.public_id}"
    audit.record(act, case_id=case_id, action="order_leniency", object=what, result=digest_of(cases))
    enqueue(act, kind=_WORK, payload={"cycle": found.id, "by": act.actor.person_id})


def digest_of(cases: Iterable[Defended]) -> str:
    """Return the digest of all scores, by which a report says what it was made from."""
    lines = [
        f"{each.application.public_id} {kind} {expert} {score}"
        for each in cases
        for kind, scores in (("m", each.materials), ("d", each.defense))
        for expert, score in scores.items()
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def prepare_leniency(act: Act, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Estimate while nothing is locked."""
    cycle = act.session.get_one(Cycle, payload["cycle"])
    cases = defended_cases(act, cycle)
    by_id = rows.expert_ids(act.session, cycle.id)
    materials = [
        (each.application.public_id, by_id[expert], float(score))
        for each in cases
        for expert, score in each.materials.items()
    ]
    defense = [
        (each.application.public_id, expert, float(score)) for each in cases for expert, score in each.defense.items()
    ]
    fits = {"materials": estimate_leniency(materials), "defense": estimate_leniency(defense)}
    biases = {kind: _exact(fit) for kind, fit in fits.items()}
    names = rows.names_by_public_id(act.session, {each.expert for fit in fits.values() for each in fit.experts})
    content = {
        **{kind: _told(fit, names) for kind, fit in fits.items()},
        "cases": len(cases),
        "moves": list(_moves(cycle, cases, biases, by_id)),
    }
    return {"content": content, "digest": digest_of(cases)}


@handles(_WORK, prepare=prepare_leniency)
def keep_leniency(act: Act, payload: Mapping[str, Any]) -> None:
    """Keep a report beside the scores that it was made from."""
    cycle = act.session.get_one(Cycle, payload["cycle"])
    report = LeniencyReport(
        cycle_id=cycle.id, digest=payload["digest"], content=payload["content"], by_id=payload["by"], at=act.now
    )
    act.session.add(report)
    act.session.flush()
    case_id = cycles.cycle_instance(act.session, cycle.public_id).id
    audit.record(
        act, case_id=case_id, action="make_leniency", object=f"cycle/{cycle.public_id}", result=payload["digest"]
    )


def _exact(fit: LeniencyFit) -> dict[str, Fraction]:
    return {each.expert: Fraction(str(round(each.bias, _PLACES))) for each in fit.experts}


def _told(fit: LeniencyFit, names: Mapping[str, str]) -> dict[str, Any]:
    experts = [asdict(each) | {"name": names.get(each.expert, "")} for each in fit.experts]
    for each in experts:
        each.pop("expert")
    return {"parts": fit.parts, "residual": fit.residual, "experts": experts}


def _moves(
    cycle: Cycle, cases: Sequence[Defended], biases: Mapping[str, Mapping[str, Fraction]], by_id: Mapping[int, str]
) -> Iterable[dict[str, Any]]:
    """Every case whose place would be another: its scores less their experts' biases, ranked by the same rule."""
    settings = settings_of(cycle)
    for track in Track:
        group = {each.application.public_id: each for each in cases if each.application.track is track}
        is_ = rank([each.scores for each in group.values()], settings)
        would = rank_unchecked([_without(each, biases, by_id) for each in group.values()], settings)
        places = settings.places.get(track, len(group))
        inside, would_be_inside = _inside(is_, places), _inside(would, places)
        places_without = {each.case: each for each in would}
        for each in is_:
            other, found = places_without[each.case], group[each.case]
            move = {
                "studio": studio_name(found.branch.name),
                "receipt_number": found.application.receipt_number or "",
                "track": track.value,
                "rank": each.rank,
                "final": str(each.final),
                "would_rank": other.rank,
                "would_final": str(other.final),
                "fits": each.case in inside,
                "would_fit": each.case in would_be_inside,
            }
            if each.rank != other.rank or move["fits"] != move["would_fit"]:
                yield move


def _without(each: Defended, biases: Mapping[str, Mapping[str, Fraction]], by_id: Mapping[int, str]) -> CaseScores:
    materials = tuple(score - biases["materials"][by_id[expert]] for expert, score in each.materials.items())
    defense = tuple(score - biases["defense"].get(expert, Fraction()) for expert, score in each.defense.items())
    return CaseScores(each.application.public_id, materials, defense or each.scores.defense)


def _inside(ranked: Sequence[Any], places: int) -> frozenset[str]:
    try:
        return frozenset(shortlist(ranked, places))
    except TieAtCut:
        return frozenset(each.case for each in ranked if each.rank <= places)


def view_leniency(act: Act, *, cycle: str) -> LeniencyView | None:
    """Return the newest report, None before one was made. Raises ``NotAllowed``, ``CycleUnknown``."""
    found = ranked_cycle(act, cycle)
    report = rows.latest_leniency(act.session, found.id)
    cases = defended_cases(act, found)
    if report is None:
        return None
    content = report.content
    return LeniencyView(
        made_at=report.at,
        digest=report.digest,
        is_current=report.digest == digest_of(cases),
        cases=content["cases"],
        materials=_kind(content["materials"]),
        defense=_kind(content["defense"]),
        moves=tuple(Move(**each) for each in content["moves"]),
    )


def _kind(told: Mapping[str, Any]) -> KindReport:
    experts = sorted((Bias(**each) for each in told["experts"]), key=lambda each: -each.bias)
    return KindReport(told["parts"], told["residual"], tuple(experts))
