"""Refusals of a studio's book: lines that are struck (C6.3, C6.4, C6.6)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "money_line_unknown": Refusal(
        _l("The book has no such line"), _l("Open the studio’s book again and strike the line there.")
    ),
    "money_line_struck": Refusal(
        _l("The line was struck already (%(clause)s)"),
        _l("Somebody was faster. Open the book again to see when and why."),
    ),
    "strike_not_yours": Refusal(
        _l("This line is not yours to strike (%(clause)s)"),
        _l(
            "Who may record a line may strike it; once the year’s report is reviewed the superior Party organisation "
            "does. Tell them what is wrong."
        ),
    ),
    "strike_unexplained": Refusal(
        _l("Say why the line is struck (%(clause)s)"), _l("Give the reason in up to 500 characters.")
    ),
    "book_closed": Refusal(
        _l("The studio’s book is closed (%(clause)s)"),
        _l("Its time is over; the book stays as it was accepted or ended."),
    ),
}
