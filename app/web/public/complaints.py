"""An objection as the public form sends it: what is missing, field by field, and the complaint it makes."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from app.services.evidence import Upload
from app.services.objections import Complaint
from app.store.models import IdentityKind

LONGEST = {"identity": 100, "contact": 100, "body": 3000}
"""Characters a field may have; the service holds the same bounds."""


def problems_of(typed: Mapping[str, str], files: Sequence[Upload]) -> dict[str, str]:
    """Return what is wrong with what was typed and chosen, by field; empty when nothing is."""
    asked = {
        "application": gettext("Choose the item you object to."),
        "body": gettext("State what you object to."),
        "identity": gettext("Give your name, or the unit's full name."),
        "contact": gettext("Give a phone number or an address."),
    }
    problems = {name: words for name, words in asked.items() if not typed.get(name, "").strip()}
    for name, most in LONGEST.items():
        if len(typed.get(name, "").strip()) > most:
            problems[name] = gettext("At most %(most)d characters.", most=most)
    if not files and typed.get("identity_kind") == IdentityKind.SEAL:
        problems["files"] = gettext("Add the scan of the objection that bears the unit's seal.")
    return problems


def complaint_of(typed: Mapping[str, str], files: Sequence[Upload]) -> Complaint:
    """Return the complaint of a form that has no problems; an unknown kind of identity counts as one's own name."""
    is_unit = typed.get("identity_kind") == IdentityKind.SEAL
    return Complaint(
        application=typed["application"].strip(),
        identity_kind=IdentityKind.SEAL if is_unit else IdentityKind.REAL_NAME,
        identity=typed["identity"].strip(),
        contact=typed["contact"].strip(),
        body=typed["body"].strip(),
        files=tuple(files),
    )
