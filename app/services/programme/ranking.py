"""The panel's ranking: exact scores of every defended case, and what may be shortlisted from it (C5.3d)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from app.domain.errors import DomainError
from app.domain.scoring import CaseScores, Ranked, TieAtCut, has_quorum, is_carried, rank, round_half_up, shortlist
from app.domain.units import TRACK_NAMES, Track
from app.services import cohort
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.programme.subjects import settings_of
from app.store.models import Application, Cycle, DefenseRecord
from app.store.queries import cohort as members
from app.store.queries import panel as rows
from app.store.queries.within import within


class NoQuorum(DomainError):
    """Too few voting members are present to decide (C5.3d). Params: ``present``, ``expected``, ``clause``."""

    code = "no_quorum"


class ShortlistDiffers(DomainError):
    """The shortlist is the best cases that got the votes, within the places.

    Params: ``track``, ``studios`` (those that belong on it), ``clause``.
    """

    code = "shortlist_differs"


@dataclass(frozen=True, slots=True)
class RankedCase:
    """A case in the ranking of its track; ``fits``: it lies within the places as the ranking stands."""

    application: Application
    title: str
    place: Ranked
    fits: bool

    def as_form(self) -> dict[str, Any]:
        """Return the case as a row of the panel's form."""
        return {
            "row_key": self.application.public_id,
            "application": self.application.public_id,
            "title": self.title,
            "track_name": TRACK_NAMES[self.application.track],
            "material_score": str(round_half_up(self.place.materials)),
            "defense_score": str(round_half_up(self.place.defense)),
            "final_score": str(self.place.final),
            "place": str(self.place.rank),
            "shortlisted": self.fits,
        }


def ranking(act: Act, cycle: Cycle, votes: Mapping[str, int] | None = None) -> tuple[RankedCase, ...]:
    """Return the defended cases of a cycle, each track by itself, best first; ``votes`` break ties."""
    record = within(act.session, ("ranking", cycle.id), lambda: _record(act, cycle))
    cases = {application.public_id: (application, title) for application, title in record.cases}
    scored = list(_scored(record, votes or {}))
    settings = settings_of(cycle)
    ranked = []
    for track in Track:
        group = [each for each in scored if cases[each.case][0].track is track]
        places = rank(group, settings)
        fitting = _within(places, settings.places.get(track))
        ranked += [RankedCase(*cases[each.case], each, each.case in fitting) for each in places]
    return tuple(ranked)


def ranked_alone(act: Act, cycle: Cycle, application: Application, title: str) -> RankedCase:
    """Return what one case's scores come to, with nothing to compare them with; read once in a transaction."""
    record = within(act.session, ("ranked", application.id), lambda: _of_cases(act, [(application, title)]))
    (place,) = rank(list(_scored(record, {})), settings_of(cycle))
    return RankedCase(application, title, place, fits=True)


@dataclass(frozen=True, slots=True)
class _Record:
    """What the experts gave: the cases with their titles, each one's material scores and defense by its id."""

    cases: Sequence[tuple[Application, str]]
    materials: Mapping[int, tuple[Fraction, ...]]
    defenses: Mapping[int, DefenseRecord]


def _record(act: Act, cycle: Cycle) -> _Record:
    found = members.members_with_cases(act.session, cycle.id, state=cohort.IN, stages=[Stage.RANKING])
    return _of_cases(act, [(application, instance.title) for _, application, instance, _, _ in found])


def _of_cases(act: Act, cases: Sequence[tuple[Application, str]]) -> _Record:
    ids = [application.id for application, _ in cases]
    materials: dict[int, tuple[Fraction, ...]] = dict.fromkeys(ids, ())
    for score, _ in rows.scores_of(act.session, ids):
        materials[score.application_id] += (Fraction(score.total),)
    return _Record(cases, materials, rows.defenses_of(act.session, ids))


def _scored(record: _Record, votes: Mapping[str, int]) -> Iterator[CaseScores]:
    for application, _ in record.cases:
        materials = record.materials[application.id]
        defense = _defense(record.defenses.get(application.id), len(materials))
        yield CaseScores(application.public_id, materials, defense, votes.get(application.public_id, 0))


def _defense(record: DefenseRecord | None, judges: int) -> tuple[Fraction, ...]:
    """The scores of the defense; who did not come got nothing from every judge (C5.3c)."""
    given = [Fraction(str(each["score"])) for each in record.scores] if record else []
    return tuple(given) or (Fraction(),) * judges


def _within(places: Sequence[Ranked], most: int | None) -> frozenset[str]:
    """The cases within the places; a tie over the last place is left for the vote."""
    if most is None:
        return frozenset(each.case for each in places)
    try:
        return frozenset(shortlist(places, most))
    except TieAtCut as tie:
        tied = frozenset(cast("tuple[str, ...]", tie.params["cases"]))
        return frozenset(each.case for each in places[:most]) - tied


def check_shortlist(cycle: Cycle, ranked: Sequence[RankedCase], values: Mapping[str, Any]) -> None:
    """Check the panel's decision: quorum, more than half of those present, the best within the places.

    Raises ``NoQuorum``, ``ShortlistDiffers``, ``TieAtCut``.
    """
    settings, present = settings_of(cycle), values["present"]
    voting = values["expected"] - values["recused"]
    if not has_quorum(present, voting, settings):
        raise NoQuorum(present=present, expected=voting, clause="C5.3d")
    chosen = {row["application"] for row in values["items"] if row.get("shortlisted")}
    for track in Track:
        group = [each for each in ranked if each.application.track is track]
        carried = [each.place for each in group if is_carried(each.place.votes, present, settings)]
        fitting = _fitting(group, carried, settings.places.get(track, len(group)))
        if fitting != chosen & {each.place.case for each in group}:
            studios = [each.title for each in group if each.place.case in fitting]
            raise ShortlistDiffers(track=track.value, studios=studios, clause="C5.3d")


def _fitting(group: Sequence[RankedCase], carried: Sequence[Ranked], places: int) -> set[str]:
    """The cases that belong on the shortlist; a tie is named by the studios, not by ids."""
    try:
        return set(shortlist(carried, places))
    except TieAtCut as tie:
        tied = cast("tuple[str, ...]", tie.params["cases"])
        raise TieAtCut(cases=[each.title for each in group if each.place.case in tied]) from tie


def keep_ranking(ranked: Iterable[RankedCase]) -> None:
    """Fix the exact scores and ranks on the applications."""
    for each in ranked:
        keep_scores(each)
        each.application.rank = each.place.rank


def keep_scores(ranked: RankedCase) -> None:
    """Fix the exact scores on an application."""
    ranked.application.material_score = str(ranked.place.materials)
    ranked.application.defense_score = str(ranked.place.defense)
    ranked.application.final_score = str(ranked.place.final)
