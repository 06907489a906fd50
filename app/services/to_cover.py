"""What is left to cover by hand in a blind cycle: pages that reviewers cannot read yet, case by case (C5.3b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.panel.ties import Entry, entries_of
from app.services.panel.viewing import seen_cycle
from app.services.programme.blinding import texts_given
from app.services.programme.subjects import settings_of
from app.store.models import Cycle
from app.store.queries import covers, veil


@dataclass(frozen=True, slots=True)
class CaseToCover:
    """A case under the veil: how many pages its reviewers cannot read yet, and how many somebody has looked through.

    ``withheld`` None: not all its files have been looked at by the machine.
    """

    case: str
    title: str
    withheld: int | None
    looked: int


@dataclass(frozen=True, slots=True)
class CasesToCover:
    """The cases of a cycle that are reviewed blind, those with most to cover first."""

    cycle: Cycle
    is_blind: bool
    cases: tuple[CaseToCover, ...]

    @property
    def withheld(self) -> int:
        """How many pages wait to be looked through, as far as is known."""
        return sum(each.withheld or 0 for each in self.cases)


def cases_to_cover(act: Act, *, cycle: str) -> CasesToCover:
    """Return the cases of a cycle that are reviewed blind. Raises ``NotAllowed``, ``KeptOut``, ``NoSuchPanel``."""
    act.require(RoleKey.SECRETARIAT)
    found = seen_cycle(act, cycle)
    if not settings_of(found).blind:
        return CasesToCover(found, is_blind=False, cases=())
    entries = [each for each in entries_of(act, found.id) if each.application.reviewed_at is None]
    hidden = veil.veiled_among(act.session, act.person_id, [each.instance.id for each in entries])
    cases = _counted(act, [each for each in entries if each.instance.id not in hidden])
    return CasesToCover(found, is_blind=True, cases=tuple(sorted(cases, key=lambda each: -(each.withheld or 0))))


def _counted(act: Act, entries: Sequence[Entry]) -> list[CaseToCover]:
    given = {each.instance.id: texts_given(each.application.snapshot or {}) for each in entries}
    files: dict[int, dict[int, Sequence[int] | None]] = {case: {} for case in given}
    for case, public_id, file, scans in covers.files_of(act.session, given):
        files[case] |= {file: scans} if public_id in given[case] else {}
    looked = covers.covered_pages(act.session, [file for each in files.values() for file in each])
    return [_told(entry, files[entry.instance.id], looked) for entry in entries]


def _told(entry: Entry, files: Mapping[int, Sequence[int] | None], looked: frozenset[tuple[int, int]]) -> CaseToCover:
    withheld = [(file, page) for file, scans in files.items() for page in scans or () if (file, page) not in looked]
    return CaseToCover(
        case=entry.application.public_id,
        title=entry.instance.title,
        withheld=None if None in files.values() else len(withheld),
        looked=sum(file in files for file, _ in looked),
    )
