"""The ranking of a cycle as those who run the selection read it: exact scores, how they lie, ties, the places' line."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.roles import RoleKey
from app.domain.scoring import CaseScores, Ranked, Spread, TieAtCut, rank, shortlist, spread
from app.domain.units import Track
from app.services import cohort
from app.services.acting import Act, NotAllowed
from app.services.cohort import Stage
from app.services.course import KNOWING, knows_reviewers
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.subjects import settings_of
from app.services.studios import studio_name
from app.store.models import Application, Cycle, DefenseRecord, Instance, Person, Unit
from app.store.queries import cohort as members
from app.store.queries import cycles, submissions
from app.store.queries import results as rows

PAGE = 100
"""Cases on one page of the ranking."""


@dataclass(frozen=True, slots=True)
class Defended:
    """A case whose defense is recorded, with every score it got."""

    application: Application
    case: Instance
    host: Person
    branch: Unit
    attended: bool
    materials: Mapping[int, Fraction]
    defense: Mapping[str, Fraction]

    @property
    def scores(self) -> CaseScores:
        """Its scores as they are ranked; who did not come got nothing from every judge (C5.3c)."""
        given = tuple(self.defense.values()) or (Fraction(),) * len(self.materials)
        return CaseScores(self.application.public_id, tuple(self.materials.values()), given)


@dataclass(frozen=True, slots=True)
class RankRow:
    """A case in the ranking. ``is_tied``: another has the same place; ``fits``: within the places as they stand.

    ``votes`` None: not voted on yet; ``outcome``: what the panel decided, None before.
    """

    place: Ranked
    case: str
    studio: str
    host: str
    receipt_number: str
    attended: bool
    materials: Spread
    defense: Spread
    is_tied: bool
    fits: bool
    votes: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class RankingView:
    """A page of the ranking of one track. ``places`` None: no limit; ``open_cases``: still on their way to it."""

    cycle: str
    cycle_title: str
    track: Track
    rows: tuple[RankRow, ...]
    total: int
    first: int
    places: int | None
    open_cases: int
    weights: tuple[int, int]
    trimmed: bool
    tie_at_cut: tuple[str, ...]


def ranked_cycle(act: Act, public_id: str) -> Cycle:
    """Return a cycle to those who run the selection. Raises ``NotAllowed``, ``CycleUnknown``."""
    act.require(*KNOWING)
    found = cycles.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise CycleUnknown(cycle=public_id)
    return found


def defended_cases(act: Act, cycle: Cycle) -> tuple[Defended, ...]:
    """Return every case of a cycle whose defense is recorded; two statements. Raises ``NotAllowed`` with one's own."""
    given: dict[int, dict[int, Fraction]] = {}
    for application_id, expert_id, total in rows.material_scores(act.session, cycle.id):
        given.setdefault(application_id, {})[expert_id] = Fraction(total)
    found = rows.defended(act.session, cycle.id)
    if any(not knows_reviewers(act.actor, application.host_id) for application, *_ in found):
        raise NotAllowed(needed=RoleKey.PROVINCE_COMMITTEE.value)
    return tuple(_defended(*row, given.get(row[0].id, {})) for row in found)


def _defended(
    application: Application,
    case: Instance,
    host: Person,
    branch: Unit,
    record: DefenseRecord,
    materials: Mapping[int, Fraction],
) -> Defended:
    defense = {str(each["expert"]): Fraction(str(each["score"])) for each in record.scores}
    return Defended(application, case, host, branch, record.attended, materials, defense)


def view_ranking(act: Act, *, cycle: str, track: Track, page: int = 1) -> RankingView:
    """Return a page of a track's ranking in a constant number of statements.

    Raises ``NotAllowed``, ``CycleUnknown``, ``ScoresMissing``.
    """
    found = ranked_cycle(act, cycle)
    settings = settings_of(found)
    group = {each.application.public_id: each for each in defended_cases(act, found)}
    group = {key: each for key, each in group.items() if each.application.track is track}
    votes = _votes(act, found)
    scored = [_voted(each.scores, votes) for each in group.values()]
    ranked = rank(scored, settings)
    fitting, tied = _within(ranked, settings.places.get(track))
    outcomes = rows.shortlisting(act.session, found.id)
    first = max(page - 1, 0) * PAGE
    shown = ranked[first : first + PAGE]
    shared = _shared(ranked)
    return RankingView(
        cycle=found.public_id,
        cycle_title=found.title,
        track=track,
        rows=tuple(_row(group[each.case], each, fitting, shared, votes, outcomes) for each in shown),
        total=len(ranked),
        first=first,
        places=settings.places.get(track),
        open_cases=members.stage_counts(act.session, found.id, cohort.IN).get(Stage.PANEL, 0),
        weights=(settings.material_weight, settings.defense_weight),
        trimmed=settings.trim_extremes and all(len(each.materials) >= settings.trim_from_scores for each in scored),
        tie_at_cut=tuple(studio_name(group[case].branch.name) for case in tied),
    )


def _votes(act: Act, cycle: Cycle) -> Mapping[str, int]:
    """The votes of the panel's decision, {} before it."""
    form = submissions.last_of_cycle(act.session, cycle.public_id, "decide_shortlist")
    return {row["application"]: row.get("votes") or 0 for row in form.data["items"]} if form else {}


def _voted(scores: CaseScores, votes: Mapping[str, int]) -> CaseScores:
    return CaseScores(scores.case, scores.materials, scores.defense, votes.get(scores.case, 0))


def _shared(ranked: Sequence[Ranked]) -> frozenset[int]:
    """The places that more than one case has."""
    return frozenset(place for place, many in Counter(each.rank for each in ranked).items() if many > 1)


def _within(ranked: Sequence[Ranked], places: int | None) -> tuple[frozenset[str], tuple[str, ...]]:
    """The cases within the places, and those of a tie over the last one, which a vote decides."""
    if places is None:
        return frozenset(each.case for each in ranked), ()
    try:
        return frozenset(shortlist(ranked, places)), ()
    except TieAtCut as tie:
        tied = tuple(str(case) for case in _cases(tie))
        return frozenset(each.case for each in ranked[:places]) - frozenset(tied), tied


def _cases(tie: TieAtCut) -> Iterator[object]:
    found = tie.params["cases"]
    return iter(found if isinstance(found, tuple) else ())


def _row(
    each: Defended,
    place: Ranked,
    fitting: frozenset[str],
    shared: frozenset[int],
    votes: Mapping[str, int],
    outcomes: Mapping[int, str],
) -> RankRow:
    scores = each.scores
    return RankRow(
        place=place,
        case=each.case.public_id,
        studio=studio_name(each.branch.name),
        host=each.host.name,
        receipt_number=each.application.receipt_number or "",
        attended=each.attended,
        materials=spread(scores.materials),
        defense=spread(scores.defense),
        is_tied=place.rank in shared,
        fits=place.case in fitting,
        votes=votes.get(place.case),
        outcome=outcomes.get(each.case.id),
    )
