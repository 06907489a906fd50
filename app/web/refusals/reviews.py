"""Refusals in the material review: rubrics, reviewers, evidence beside the rubric."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "not_enough_reviewers": Refusal(
        _l("The panel has too few members left to review this application"),
        _l("%(wanted)s more are needed and %(found)s are left (C5.3b). Add members to the panel, then try again."),
    ),
    "evidence_unreadable": Refusal(
        _l("“%(name)s” cannot be shown page by page"),
        _l("It is damaged, locked by a password, or has no such page. Open another page, or ask for a readable copy."),
    ),
}
