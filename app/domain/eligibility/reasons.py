"""The stable codes that explain a verdict; pages have a text for each."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a clause, an item or a piece of evidence is not simply met.

    Those of the decision tables stand here too, so that a table with an unknown one is noticed before it is released.
    """

    # the person, the branch, the school
    NOT_GIVEN = "not_given"
    DECLARED_NO = "declared_no"
    NOT_DECLARED = "not_declared"
    TENURE_SHORT = "tenure_short"
    NOT_SERVING = "not_serving"
    NO_PAPER = "no_paper"
    TITLE_BELOW = "title_below"
    OTHER_BRANCH_INTERMEDIATE = "other_branch_intermediate"
    CERTIFICATE_ONLY = "certificate_only"
    OVER_AGE = "over_age"
    FIELD_BLANK = "field_blank"
    # evidence
    NO_DOCUMENT = "no_document"
    OUT_OF_WINDOW = "out_of_window"
    LEVEL_UNKNOWN = "level_unknown"
    LEVEL_BELOW = "level_below"
    RANK_LOWER = "rank_lower"
    ISSUER_NOT_PARTY = "issuer_not_party"
    ISSUER_OTHER = "issuer_other"
    NOT_SECRETARY = "not_secretary"
    NOT_FIRST_AUTHOR = "not_first_author"
    NOT_EDITOR_IN_CHIEF = "not_editor_in_chief"
    BOOK_AUTHOR = "book_author"
    GRADE_BELOW = "grade_below"
    YEAR_OPEN = "year_open"
    OUTSIDE_YEARS = "outside_years"
    PROJECT_OPEN = "project_open"
    PARTICIPANT = "participant"
    HONOUR_OTHER = "honour_other"
    # three of six
    EVIDENCE_OPEN = "evidence_open"
    ITEMS_SHORT = "items_short"


class HintCode(StrEnum):
    """What is missing for an item."""

    DOCUMENT_MISSING = "document_missing"
    WORD_NEEDED = "word_needed"
    MORE_NEEDED = "more_needed"
    YEAR_MISSING = "year_missing"
    OUT_OF_WINDOW = "out_of_window"
    PROJECT_OPEN = "project_open"
