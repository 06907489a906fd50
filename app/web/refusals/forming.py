"""Refusals in forming a panel: draws, ties, pledges, assignments, replacements."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "no_such_panel": Refusal(_l("No panel is formed there"), _l("Choose a cycle from the list of panels.")),
    "expert_incomplete": Refusal(
        _l("The expert is not complete"),
        _l("%(field)s cannot be read. Nothing was changed; what you typed is kept."),
    ),
    "deviation_unexplained": Refusal(
        _l("The panel differs from the draw"), _l("Write the reason beside each of these: %(experts)s (C5.3a).")
    ),
    "draw_incomplete": Refusal(
        _l("Nothing was drawn"),
        _l("Give the word spoken at the draw, and an odd number of at least five experts (C5.3a)."),
    ),
    "draw_unknown": Refusal(_l("There is no such draw"), _l("Copy the address as it was published.")),
    "review_group_wrong": Refusal(
        _l("The review group cannot be kept"),
        _l("%(reason)s (C5.3a). Nothing was changed; what you typed is kept."),
    ),
    "review_group_in_use": Refusal(
        _l("Somebody sits in %(group)s"), _l("Propose the panel without it first; then it can be given up (C5.3a).")
    ),
    "review_groups_mixed": Refusal(
        _l("A session hears the cases of one review group"),
        _l("Cases of several were chosen: %(groups)s. Plan a session for each (C5.3a)."),
    ),
    "tie_unknown": Refusal(_l("This tie is not on record"), _l("It may have been lifted meanwhile. Reload the page.")),
    "tie_incomplete": Refusal(
        _l("The tie is not complete"), _l("Say between which two people it is, and how it is known (C5.3a).")
    ),
    "pledge_missing": Refusal(
        _l("The pledge is not signed"), _l("Tick it and sign with your own name, %(name)s. Nothing was recorded.")
    ),
    "assignment_missing": Refusal(
        _l("%(cases)s applications have no experts yet"),
        _l("Among them: %(studios)s. Carry out the smallest change shown, or assign by hand (C5.3b)."),
    ),
    "assignment_wrong": Refusal(
        _l("This assignment cannot stand"),
        _l("%(reason)s: %(studio)s %(expert)s, %(number)s instead of %(needed)s (C5.3b). Nothing was changed."),
    ),
    "assignment_settled": Refusal(
        _l("The experts of this cycle have been told"), _l("Replace an expert instead; scores handed in stay.")
    ),
    "search_running": Refusal(
        _l("The assignment is being computed"), _l("Reload the page in a moment; then it can be computed anew.")
    ),
    "not_replaceable": Refusal(
        _l("This expert cannot be replaced"),
        _l("Only a member of the confirmed panel with open reviews can: %(expert)s has none."),
    ),
    "nobody_left": Refusal(
        _l("The register has nobody to take over"),
        _l("Nobody unasked is free of ties to all %(cases)s open reviews of %(expert)s. Add experts to the register."),
    ),
    "replacement_unexplained": Refusal(
        _l("A replacement needs a reason"), _l("Write it: 省委教育工委 reads it before confirming.")
    ),
}
