"""The programme itself, joined to the machinery: what the models' service tasks do and what happens around each form.

Importing this package registers every action, hook and form context; nothing calls it by name afterwards. One module a
stretch of the way; ``papers`` says what each paper says, ``own_cases`` keeps hosts out of joint steps.
"""

from app.services.programme import (
    assessing,
    attesting,
    calls,
    deciding,
    defending,
    endings,
    filing,
    format_check,
    initial_review,
    lists,
    new_facts,
    numbering,
    own_cases,
    panels,
    papers,
    provincial,
    reviewers,
    reviewing,
    routing,
    rulings,
    showing,
)

__all__ = [
    "assessing",
    "attesting",
    "calls",
    "deciding",
    "defending",
    "endings",
    "filing",
    "format_check",
    "initial_review",
    "lists",
    "new_facts",
    "numbering",
    "own_cases",
    "panels",
    "papers",
    "provincial",
    "reviewers",
    "reviewing",
    "routing",
    "rulings",
    "showing",
]
