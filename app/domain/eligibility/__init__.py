"""Section 4: facts in, verdicts with their explanation out.

``read_applications`` or ``parse_partial`` → ``assess`` with a ``Rulebook`` → ``Assessment``. Thresholds stand in the
decision tables ``eligibility_university`` and ``eligibility_school``, which a ``Rulebook`` asks through a port.
"""

from app.domain.eligibility.assessment import Assessment, ItemFinding, assess
from app.domain.eligibility.claims import Claim
from app.domain.eligibility.facts import Application, EligibilitySettings, Facts
from app.domain.eligibility.hints import Collision, Hint
from app.domain.eligibility.partial import Gap, PartialFacts, parse_partial
from app.domain.eligibility.personal import ClauseFinding
from app.domain.eligibility.reading import read_applications, read_facts
from app.domain.eligibility.reasons import HintCode, Reason
from app.domain.eligibility.shapes import FactsInvalid, Problem
from app.domain.eligibility.verdicts import FACTS, Answer, Decide, Overall, Rulebook, RuleMissing, Verdict

__all__ = [
    "FACTS",
    "Answer",
    "Application",
    "Assessment",
    "Claim",
    "ClauseFinding",
    "Collision",
    "Decide",
    "EligibilitySettings",
    "Facts",
    "FactsInvalid",
    "Gap",
    "Hint",
    "HintCode",
    "ItemFinding",
    "Overall",
    "PartialFacts",
    "Problem",
    "Reason",
    "RuleMissing",
    "Rulebook",
    "Verdict",
    "assess",
    "parse_partial",
    "read_applications",
    "read_facts",
]
