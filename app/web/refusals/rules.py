"""Refusals that come from the programme's rules: clauses, dates, publicity, scores, evidence."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "unknown_clause": Refusal(
        _l("There is no clause %(id)s"), _l("The rules page lists every clause of the plan with its text.")
    ),
    "cycle_dates_out_of_order": Refusal(
        _l("The dates are not in order"), _l("%(earlier)s must not come after %(later)s. Correct one of them.")
    ),
    "cycle_date_not_later": Refusal(
        _l("A date can only be moved to a later time"), _l("%(name)s stands at %(moment)s. Choose a later one.")
    ),
    "setting_invalid": Refusal(
        _l("The setting %(key)s cannot have this value"), _l("%(value)s is outside its bounds. Correct it.")
    ),
    "facts_invalid": Refusal(
        _l("The facts of the application cannot be read"), _l("Look at %(path)s: expected %(expected)s.")
    ),
    "eligibility_rule_missing": Refusal(
        _l("The table of conditions has no rule for this"),
        _l("Clause %(clause)s cannot be judged. The designer of the tables must mend it; tell the administrator."),
    ),
    "file_empty": Refusal(_l("The file is empty"), _l("Choose the file again; nothing was stored.")),
    "file_too_large": Refusal(
        _l("The file is too large"), _l("A file may have up to 20 MB. Reduce it, or upload its parts one by one.")
    ),
    "picture_too_large": Refusal(
        _l("The picture has too many pixels"),
        _l("%(name)s has more than %(most)s million. Reduce it, or photograph it anew at a lower resolution."),
    ),
    "file_kind_refused": Refusal(
        _l("Files of this kind are not taken"), _l("%(name)s was not stored. Upload one of: %(accepted)s.")
    ),
    "file_kind_mismatch": Refusal(
        _l("The file is not what its name says"),
        _l("%(name)s holds %(found)s. Save it again in its own format and upload that; nothing was stored."),
    ),
    "file_name_unusable": Refusal(
        _l("The file's name cannot be used"), _l("Give the file a plain name with its ending, such as 证书.pdf.")
    ),
    "number_used": Refusal(
        _l("This document number is in use already"),
        _l("%(number)s stands on “%(title)s”. Give the announcement the next free number."),
    ),
    "publicity_too_short": Refusal(
        _l("A window has at least one working day"), _l("Enter the number of working days, one or more.")
    ),
    "publicity_shrinks": Refusal(
        _l("A window can be extended, never shortened"),
        _l("It has %(working_days)s working days; %(proposed)s would be fewer."),
    ),
    "score_out_of_range": Refusal(_l("A score lies from 0 to 100"), _l("Correct the score %(score)s.")),
    "scores_missing": Refusal(
        _l("Scores are missing"), _l("%(case)s has no complete scores yet. Every ranked case needs them.")
    ),
    "tie_at_cut": Refusal(
        _l("Cases with equal scores stand at the last place"),
        _l("Record the vote for: %(cases)s. The vote decides who is shortlisted."),
    ),
    "calendar_year_unknown": Refusal(
        _l("There is no calendar for %(year)s yet"),
        _l("The system administrator enters the year's holidays and make-up days first."),
    ),
    "working_days_negative": Refusal(
        _l("Working days are counted forwards only"), _l("Enter a number that is not negative.")
    ),
    "calendar_without_working_day": Refusal(
        _l("The calendar has no working day after %(day)s"),
        _l("It is wrong. The system administrator corrects the calendar."),
    ),
    "no_such_window": Refusal(
        _l("No list is public at this address"), _l("The publicity page shows every list that is or was open.")
    ),
}
