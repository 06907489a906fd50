"""The eligibility assessment as panels show it: the clause check, three of six, and the self-check beside a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.eligibility.assessment import Assessment, ItemFinding
from app.domain.eligibility.claims import Claim
from app.domain.eligibility.personal import ClauseFinding
from app.domain.eligibility.verdicts import Verdict
from app.web.forms import FileShown
from app.web.presenting import clause_title, full_day
from app.web.tasks.reasons import facts_text, hint_text, listed, readings_text, reasons_text

ITEMS_NEEDED = 3
"""Of the six items of C4.3 and C4.4."""

DECLARED_LATER = ("C4.1a", "C4.5a", "C4.5b")
"""Clauses that others declare once the application has been submitted."""


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """One clause: what it was judged by, its verdict (``later``: not before submission), the files behind it."""

    clause: str
    title: str
    facts: str
    verdict: str
    files: tuple[FileShown, ...] = ()

    @property
    def is_flag(self) -> bool:
        """Tell whether a person must decide."""
        return self.verdict == Verdict.NEEDS_HUMAN


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One of the six: ``state`` on (counts), ask (a person decides), off; ``label`` is the chip's word."""

    item: str
    title: str
    state: str
    verdict: str
    label: str
    facts: tuple[str, ...]
    files: tuple[FileShown, ...]


@dataclass(frozen=True, slots=True)
class AssessmentShown:
    """Everything the panels draw. ``nearly``: what an item lacks; ``open_items``: those a person may admit."""

    as_of: date
    group: str
    clauses: tuple[ClauseShown, ...]
    items: tuple[ItemShown, ...]
    count: int
    open_items: int
    collisions: tuple[str, ...]
    nearly: tuple[tuple[str, str], ...]
    age_note: str

    @property
    def missing(self) -> int:
        """Return how many items are still wanting."""
        return max(0, ITEMS_NEEDED - self.count)

    @property
    def meter(self) -> tuple[str, ...]:
        """Return the marks of the meter: ``on``, ``ask`` or nothing, at least three."""
        marks = ["on"] * self.count + ["ask"] * self.open_items
        return tuple(marks + [""] * max(0, ITEMS_NEEDED - len(marks)))

    @property
    def group_title(self) -> str:
        """Return what "three of six" is called."""
        return clause_title(self.group)

    @property
    def group_facts(self) -> str:
        """Return in a line how the items stand that somebody has given something for."""
        told = [gettext("%(items)s: %(label)s", items=items, label=label) for label, items in self._by_label().items()]
        return str(gettext("; ")).join(told)

    def _by_label(self) -> Mapping[str, str]:
        found: dict[str, list[str]] = {}
        for item in self.items:
            if item.verdict:
                found.setdefault(item.label, []).append("." + item.item.rpartition(".")[2])
        return {label: listed(items) for label, items in found.items()}

    def number(self, verdict: str) -> int:
        """Return how many clauses have this verdict."""
        return sum(shown.verdict == verdict for shown in self.clauses)


Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def show_assessment(
    assessment: Assessment, rows: Rows, files: Mapping[str, FileShown], *, before_submission: bool = False
) -> AssessmentShown:
    """Put ``assessment`` into words. ``rows``: the lists as typed, by which the evidence is described."""
    material = _Material(rows, files)
    return AssessmentShown(
        as_of=assessment.as_of,
        group=assessment.group.clause,
        clauses=tuple(_clause(each, material, before_submission) for each in assessment.clauses),
        items=tuple(_item(each, material) for each in assessment.items),
        count=assessment.count,
        open_items=sum(each.verdict is Verdict.NEEDS_HUMAN for each in assessment.items),
        collisions=tuple(_collision(each.serves, each.lost) for each in assessment.collisions),
        nearly=tuple((each.item, _nearly(each)) for each in assessment.items if each.hints),
        age_note=next((readings_text(each.params) for each in assessment.clauses if each.clause == "C4.1d"), ""),
    )


@dataclass(frozen=True, slots=True)
class _Material:
    rows: Rows
    files: Mapping[str, FileShown]

    def row(self, claim: Claim) -> Mapping[str, Any]:
        """Return the row behind a claim, empty if it has gone."""
        listed = self.rows.get(claim.source, ())
        return listed[claim.index] if claim.index < len(listed) else {}

    def of_list(self, name: str) -> tuple[FileShown, ...]:
        """Return the files of a whole list."""
        return tuple(file for row in self.rows.get(name, ()) for file in self.of_row(row))

    def of_row(self, row: Mapping[str, Any]) -> tuple[FileShown, ...]:
        """Return the files of a row."""
        doc = row.get("doc")
        return tuple(self.files[each] for each in (doc if isinstance(doc, list) else ()) if each in self.files)


_LISTS = {"C4.1b": "appointments", "C4.1c": "titles"}


def _clause(finding: ClauseFinding, material: _Material, before_submission: bool) -> ClauseShown:  # noqa: FBT001
    is_later = before_submission and finding.clause in DECLARED_LATER and finding.verdict is Verdict.NEEDS_HUMAN
    return ClauseShown(
        clause=finding.clause,
        title=clause_title(finding.clause),
        facts=_declared_by(finding.clause) if is_later else facts_text(finding),
        verdict="later" if is_later else finding.verdict.value,
        files=material.of_list(_LISTS[finding.clause]) if finding.clause in _LISTS else (),
    )


def _declared_by(clause: str) -> str:
    if clause == "C4.5b":
        return str(gettext("The school's Party organisation and the discipline body declare it after submission"))
    return str(gettext("The superior Party organisation attests it after submission"))


def _item(finding: ItemFinding, material: _Material) -> ItemShown:
    state = "on" if finding.is_used else "ask" if finding.verdict is Verdict.NEEDS_HUMAN else "off"
    telling = [claim for claim in finding.claims if claim.verdict is not Verdict.NOT_MET] or list(finding.claims)
    return ItemShown(
        item=finding.item,
        title=clause_title(finding.item),
        state=state,
        verdict=finding.verdict.value if finding.claims else "",
        label=_label(finding),
        facts=tuple(_claim(claim, material) for claim in telling),
        files=tuple(dict.fromkeys(file for claim in telling for file in material.of_row(material.row(claim)))),
    )


def _label(finding: ItemFinding) -> str:
    if finding.is_used:
        return str(gettext("Counts"))
    if finding.verdict is Verdict.MET:
        return str(gettext("Used elsewhere"))
    if finding.verdict is Verdict.NEEDS_HUMAN:
        return str(gettext("A person decides"))
    return str(gettext("Not met") if finding.claims else gettext("Not claimed"))


def _claim(claim: Claim, material: _Material) -> str:
    row = material.row(claim)
    when = _when(row)
    what = next((str(row[key]) for key in ("title", "grade") if row.get(key)), "")
    what = str(GRADES.get(what, what)) if claim.source == "appraisals" else what
    told = " ".join(part for part in (when, what) if part)
    reasons = reasons_text(claim.reasons)
    return str(gettext("%(place)s: %(what)s", place=told, what=reasons)) if told and reasons else told or reasons


GRADES = {
    "好": lazy_gettext("good"),
    "equivalent_good": lazy_gettext("equivalent to good"),
    "较好": lazy_gettext("fair"),
    "一般": lazy_gettext("plain"),
}
"""Grades of the Party-building appraisal."""


def _when(row: Mapping[str, Any]) -> str:
    try:
        return full_day(date.fromisoformat(row["date"]))
    except (KeyError, TypeError, ValueError):
        return str(gettext("year %(year)s", year=row["year"])) if row.get("year") else ""


def _collision(serves: str, lost: tuple[str, ...]) -> str:
    return str(
        gettext(
            "One honour counts for one item only: what serves %(item)s is lost to %(others)s.",
            item=serves,
            others=listed(lost),
        )
    )


def _nearly(finding: ItemFinding) -> str:
    return str(gettext("; ")).join(hint_text(hint) for hint in finding.hints)


def wanting(shown: AssessmentShown) -> list[str]:
    """Return what section 4 still asks of the host before submission, in words."""
    lacking = [each for each in shown.clauses if each.verdict == Verdict.NOT_MET]
    texts = [str(gettext("%(place)s: %(what)s", place=each.title, what=each.facts)) for each in lacking]
    if shown.missing:
        texts.append(str(ngettext("one more of the six items", "%(num)d more of the six items", shown.missing)))
    return texts
