"""Refusals in the three years: change of host, acceptance, what happens to a studio by a document."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "outside_term": Refusal(
        _l("The studio’s term does not allow this (%(clause)s)"),
        _l("It is possible while the studio is being built, until %(ends_on)s. The term is not moved."),
    ),
    "host_change_pending": Refusal(
        _l("A change of host is under way already (%(clause)s)"),
        _l("A studio has exactly one host. Finish that change, or take it back, before another one is begun."),
    ),
    "successor_not_serving": Refusal(
        _l("The successor is not a serving secretary of this branch (%(clause)s)"),
        _l("Choose somebody from the list; who is not on it is registered by the unit administrator first."),
    ),
    "fixed_by_plan": Refusal(
        _l("Name and direction of a studio are not changed at will (%(clause)s)"),
        _l(
            "There is no application for this. Where the branch was renamed or reorganised officially, the provincial "
            "committee records it with the document."
        ),
    ),
    "too_few_inspectors": Refusal(
        _l("%(chosen)s inspectors are too few (%(clause)s)"),
        _l("Name at least %(least)s experts without a conflict."),
    ),
    "inspector_conflicted": Refusal(
        _l("Somebody you chose must keep out of this studio (%(clause)s)"),
        _l("Take them off the list: %(names)s."),
    ),
    "inspector_not_replaceable": Refusal(
        _l("There is no open inspection of theirs to hand over (%(clause)s)"),
        _l("They have handed in their sheet, left already, or were not named for this visit."),
    ),
    "inspector_successor_unfit": Refusal(
        _l("Whoever comes must be of the pool and new to this visit (%(clause)s)"),
        _l("Choose an expert from the list who has not been named for it."),
    ),
    "inspector_reason_missing": Refusal(
        _l("Say why the inspector leaves (%(clause)s)"), _l("Give the reason in up to 500 characters.")
    ),
    "sheet_conflicted": Refusal(
        _l("An inspector whose sheet is counted must keep out of this studio (%(clause)s)"),
        _l(
            "Under host and affairs, strike the sheet of %(names)s; then choose further inspectors here. Nothing you "
            "typed is lost."
        ),
    ),
    "sheets_too_few": Refusal(
        _l("Only %(counted)s sheets count (%(clause)s)"),
        _l("Sheets were struck and %(least)s are needed: choose further inspectors, and conclude after their visit."),
    ),
    "sheets_enough": Refusal(
        _l("No sheet is missing (%(clause)s)"),
        _l("Inspectors are added only in the place of sheets that were struck; %(counted)s count. Conclude."),
    ),
    "sheet_differs": Refusal(
        _l("Another sheet was handed in for this inspection (%(clause)s)"),
        _l(
            "It arrived at %(at)s and counts; what lies on this phone was not taken. Tell the provincial "
            "committee if the one that arrived is not yours."
        ),
    ),
    "dossier_unreadable": Refusal(
        _l("This is no dossier, or it is damaged"), _l("What could not be read: %(reason)s. Get the package again.")
    ),
    "not_running_studio": Refusal(
        _l("The studio is not in a state in which this may happen (%(clause)s)"),
        _l("It stands at: %(state)s. Nothing was changed."),
    ),
    "deed_incomplete": Refusal(
        _l("Reason, document or day is missing"),
        _l("Fill in every field; the day lies between the studio’s approval and today."),
    ),
    "visit_day_wrong": Refusal(
        _l("The day of the visit cannot be right (%(clause)s)"),
        _l("Give the day on which you were there: since %(first)s, today at the latest. Nothing you typed is lost."),
    ),
    "deferred_already": Refusal(
        _l("Acceptance was deferred once already (%(clause)s)"), _l("This visit ends with passed or not passed.")
    ),
    "deferral_too_long": Refusal(
        _l("The deferral does not fit (%(clause)s)"), _l("It ends after today and by %(last)s: six months at most.")
    ),
}
