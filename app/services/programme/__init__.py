"""The programme itself, joined to the machinery: what the models' service tasks do and what happens around each form.

Importing this package registers every action, hook and form context; nothing calls it by name afterwards. One module a
stretch of the way: ``filing``, ``attesting``, ``routing``, ``assessing`` and ``initial_review`` (preparation),
``lists``, ``showing`` and ``rulings`` (publicity), ``format_check``, ``reviewing``, ``reviewers`` and ``new_facts``
(selection), ``endings``; ``calls``, ``panels``, ``deciding`` and ``numbering`` (the cycle); ``papers`` says what each
paper says; ``own_cases`` keeps hosts out of joint steps.
"""

from app.services.programme import (
    assessing,
    attesting,
    calls,
    deciding,
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
    "reviewers",
    "reviewing",
    "routing",
    "rulings",
    "showing",
]
