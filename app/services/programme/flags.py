"""What section 4 leaves to a person: the flags of an assessment, and what it comes to once they are ruled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clauses import clause
from app.domain.eligibility import Claim, ItemFinding, Verdict
from app.domain.eligibility.claims import good_years, runs
from app.domain.eligibility.matching import met_together
from app.domain.eligibility.ways import ways
from app.services.programme.judging import Judged

NEEDED_ITEMS = 3
"""C4.3, C4.4: at least three of the six items."""

_DECLARED = frozenset({"C4.1a", "C4.5a", "C4.5b"})

_QUESTIONS: Mapping[str, str] = {
    "no_paper": "部分任职没有任职文件；计入后可满足年限。是否认定？",
    "certificate_only": "只有资格证书，未见聘任文件。是否按已聘任认定？",
    "other_branch_intermediate": "非教师支部书记为中级职务。是否认定？",
    "no_document": "没有证明材料",
    "level_unknown": "授予单位或期刊的级别不明",
    "book_author": "著作为参编",
    "outside_years": "连续两年“好”不在本批次规定的年度内",
    "participant": "本人为参与人",
    "honour_other": "属于“等”所含的其他荣誉",
    "issuer_other": "授予单位不是党组织或政府",
    "rank_lower": "授予单位为部门，级别低一级",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One question for a person; ``must``: without an answer the application cannot be recommended."""

    clause: str
    text: str
    must: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What an assessment comes to with the flags ruled: clauses still not met, items met together."""

    unmet: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def is_eligible(self) -> bool:
        """Tell whether every clause is met and three items are."""
        return not self.unmet and len(self.items) >= NEEDED_ITEMS


def flags(judged: Judged) -> Iterator[Flag]:
    """Yield what a person must or may decide, clause by clause; declarations are not the reviewer's to make."""
    for found in judged.assessment.clauses:
        if found.verdict is Verdict.NEEDS_HUMAN and found.clause not in _DECLARED:
            yield Flag(found.clause, f"{clause(found.clause).title}：{_QUESTIONS[found.reason]}", must=True)
    decides = judged.assessment.group.verdict is Verdict.NEEDS_HUMAN
    for item in judged.assessment.items:
        if item.verdict is Verdict.NEEDS_HUMAN:
            yield Flag(item.item, f"{clause(item.item).title}：{_reasons(item)}。是否认定？", must=decides)


def _reasons(item: ItemFinding) -> str:
    """Why its evidence counts with a person's word only; a run of years outside the setting has no claim of its own."""
    found = list(dict.fromkeys(code for claim in _flagged(item) for code in claim.reasons if code in _QUESTIONS))
    return "；".join(_QUESTIONS[code] for code in found or ["outside_years"])


def _flagged(item: ItemFinding) -> Iterator[Claim]:
    return (claim for claim in item.claims if claim.verdict is Verdict.NEEDS_HUMAN)


def settle(judged: Judged, rulings: Mapping[str, Verdict]) -> Settled:
    """Return what the assessment comes to when a person has ruled on flags (clause or item → met or not met)."""
    unmet = [
        found.clause
        for found in judged.assessment.clauses
        if rulings.get(found.clause, found.verdict) is not Verdict.MET
    ]
    return Settled(tuple(unmet), tuple(_met_together(judged, rulings)))


def _met_together(judged: Judged, rulings: Mapping[str, Verdict]) -> Mapping[str, frozenset[str]]:
    """One honour still serves one item only; an item ruled met may use its flagged evidence."""
    claims = [claim for item in judged.assessment.items for claim in item.claims]
    appraised = runs(judged.subject, judged.rules, good_years(claims, judged.rules))
    items = judged.rules.items
    counted = ways(items, claims, appraised, flagged=False)
    admitted = ways(items, claims, appraised, flagged=True)
    return met_together({item: admitted[item] if rulings.get(item) is Verdict.MET else counted[item] for item in items})
