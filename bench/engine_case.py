"""The grant process of the engine's figures: what people and actions put into it (made up)."""

import random
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parent / "models"
EXPERTS = 7


def prose(length: int, seed: int) -> str:
    """Text of made-up words, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - filler
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 10))) for _ in range(400)]
    return " ".join(chance.choice(words) for _ in range(length))[:length]


def _application() -> dict[str, Any]:
    budget = [{"item": prose(20, number), "sum": number * 100} for number in range(10)]
    return {"application": {"title": "T", "text": prose(4000, 1), "budget": budget}, "year_wait": "PT0.001S"}


FORMS: Mapping[str, Mapping[str, Any]] = {
    "apply": _application(),
    "completeness": {"complete": True, "comment": prose(100, 2)},
    "fin_check": {"fin_ok": True, "fin_comment": prose(200, 3)},
    "legal_check": {"legal_ok": True, "legal_comment": prose(200, 4)},
    "select_experts": {"experts": [f"expert{number}" for number in range(EXPERTS)]},
    "review": {"score": {"points": 4, "comment": prose(500, 5)}},
    "commission": {"decision": "yes", "protocol": prose(300, 6)},
    "sign_head": {"signed_head": True},
    "sign_grantee": {"signed_grantee": True},
    "year_report": {"report": {"text": prose(2000, 7)}},
    "check_report": {"rep_ok": True, "rep_comment": prose(150, 8)},
    "acceptance": {"final": "ok"},
}
"""What a person fills in, by task."""


def act(element_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the service task of that id returns."""
    if element_id == "calc":
        return {"average": sum(each["points"] for each in data["scores"]) / max(1, len(data["scores"]))}
    if element_id in {"year_inc", "count"}:
        return {"year": data.get("year", 0) + 1}
    return _FIXED.get(element_id, {"reminded": True})


_FIXED: Mapping[str, dict[str, Any]] = {
    "register": {"status": "registered"},
    "init_years": {"year": 0},
    "late_fix": {"scores": []},
    "archive": {"status": "archived"},
    "overdue": {"overdue": True},
}
