"""Refusals in applying and selecting: calls, lists, objections, panel, approval."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "already_applied": Refusal(
        _l("There is a live application already"),
        _l("One per person, branch and cycle (C5.1). Go on with that one, or withdraw it first."),
    ),
    "nothing_to_review": Refusal(
        _l("There is no such board"), _l("Your unit reviews nothing in that call, or you do not work there.")
    ),
    "paper_of_oneself": Refusal(
        _l("Your own application is yours to hand in"),
        _l("Nobody enters their own as somebody's paper (C5.1). Apply yourself, or let a colleague enter the paper."),
    ),
    "too_late_to_withdraw": Refusal(
        _l("The application can no longer be withdrawn"),
        _l("That is possible until the publicity of its list begins. Tell the unit that put up the list."),
    ),
    "already_submitted": Refusal(
        _l("The application has been submitted"),
        _l("Its number is %(receipt)s. What was submitted can be withdrawn, not abandoned."),
    ),
    "receipt_unknown": Refusal(
        _l("No application has the number %(receipt)s"),
        _l("Compare it with the receipt: it looks like SQ-2026-0001."),
    ),
    "cycle_unknown": Refusal(_l("There is no such cycle"), _l("The home page shows the current one and those before.")),
    "cycle_closed": Refusal(
        _l("This cycle takes no applications now"),
        _l(
            "It takes them from %(opens_at)s until %(deadline_at)s; this came at %(arrived_at)s by the server's clock. "
            "What was typed is kept."
        ),
    ),
    "deadline_past": Refusal(
        _l("The deadline of this call has passed"),
        _l("It was %(deadline_at)s. Return the call, so that later dates can be set."),
    ),
    "nothing_changes": Refusal(
        _l("Nothing would change"), _l("Every setting is as in version %(version)s, which is in force. Change one.")
    ),
    "settings_not_changeable": Refusal(
        _l("The settings can no longer be changed"), _l("They change while a released call is going on: %(status)s.")
    ),
    "change_pending": Refusal(
        _l("A change is being drafted or released already"), _l("Only one at a time: finish that one first.")
    ),
    "extension_unexplained": Refusal(
        _l("An extension needs a reason"), _l("Write it: it is published with the new dates.")
    ),
    "lists_started": Refusal(
        _l("The reporting cut-off can no longer be moved"), _l("Units' lists already run with the published one.")
    ),
    "not_extendable": Refusal(
        _l("This cycle cannot be extended"), _l("Only one that takes applications can; this one is at: %(status)s.")
    ),
    "no_undertaking_unit": Refusal(
        _l("It is not settled which unit operates the application work"),
        _l("Exactly one university must hold the secretariat (C6.5). The security administrator settles it."),
    ),
    "no_reviewer": Refusal(
        _l("No unit stands above this branch to review it"),
        _l("The tree of units lacks one. The system administrator completes it, then this step can be tried again."),
    ),
    "not_eligible": Refusal(
        _l("This application cannot be recommended"),
        _l("Not met: %(clauses)s; %(items)s of six items met, three are asked for. Return or reject it with a reason."),
    ),
    "list_not_due": Refusal(
        _l("The list cannot be closed yet"),
        _l("Units close their lists at %(due_at)s. Your draft is kept."),
    ),
    "no_time_to_complete": Refusal(
        _l("There is no time left to complete materials"),
        _l("The days would end after the reporting cut-off, %(cut_off)s. Pass the case or refer it."),
    ),
    "not_in_selection": Refusal(
        _l("This application is not under selection"), _l("A new fact re-opens C4.5b only while it is.")
    ),
    "fact_missing": Refusal(_l("The report says nothing"), _l("Write what happened, in at most 2,000 characters.")),
    "window_closed": Refusal(
        _l("This window has closed"), _l("Objections were taken until %(ends_at)s. Nothing was recorded.")
    ),
    "not_on_list": Refusal(
        _l("The list shows no such item"), _l("It may have been removed. Reload the list and choose again.")
    ),
    "objection_incomplete": Refusal(
        _l("The objection is not complete"),
        _l("Give your name, how to reach you and what is wrong. For a unit, add the scan that bears its seal."),
    ),
    "too_many_files": Refusal(_l("Too many files"), _l("An objection may bring %(most)s files. Leave some out.")),
    "objection_file_unknown": Refusal(
        _l("The objection brought no such file"), _l("Open the task again and choose the file there.")
    ),
    "review_request_too_late": Refusal(
        _l("It is too late to ask for a review"), _l("A request was taken until %(until)s. Nothing was recorded.")
    ),
    "no_rejection_to_review": Refusal(
        _l("There is nothing to review"), _l("A rejection is reviewed once, on request of the application's host.")
    ),
    "review_not_reopenable": Refusal(
        _l("The application cannot be reopened"),
        _l("Its host or branch apply anew in this cycle. That application has to be withdrawn first (C5.1)."),
    ),
    "falsity_refused": Refusal(
        _l("The report was not taken"),
        _l("Write what is false, of an application under selection or announced that no report is pending about."),
    ),
    "identity_key_lost": Refusal(
        _l("The identity cannot be opened"),
        _l("It was sealed with another secret key. The system administrator has to put that key back in place."),
    ),
    "publicity_extension_refused": Refusal(
        _l("The window cannot be extended like this"),
        _l("Add at least one working day, up to %(most)s in all, and give the reason that is published."),
    ),
    "publicity_past_cut_off": Refusal(
        _l("The window would outlast the reporting cut-off"),
        _l("Lists are reported until %(cut_off)s. Add fewer days, or have the cut-off of the cycle moved first."),
    ),
    "opening_unknown": Refusal(
        _l("There is nothing to open under this number"), _l("Copy the objection's number from its case.")
    ),
    "opening_refused": Refusal(
        _l("The identity stays sealed"),
        _l("The auditor and the provincial committee open it together, with a reason, for 24 hours; not in own cases."),
    ),
    "objection_unknown": Refusal(
        _l("No objection has this number"), _l("Copy it as it was shown to you when the objection was received.")
    ),
    "panel_too_small": Refusal(
        _l("The panel is too small for %(studio)s"),
        _l("After recusal %(voting)s voting members remain; %(needed)s are needed. Draw or add experts free of ties."),
    ),
    "short_form_wrong": Refusal(
        _l("%(word)s is no short form to cover"), _l("%(reason)s (C5.3b). Nothing was changed; what you typed is kept.")
    ),
    "short_form_unit": Refusal(
        _l("There is no unit with the code %(value)s"),
        _l("Copy the code from the list of units. What you typed is kept."),
    ),
    "cover_wrong": Refusal(
        _l("Rectangle %(number)s cannot be read"),
        _l("Give left, top, width and height from 0 to 100; %(most)s rectangles at most. What you typed is kept."),
    ),
    "not_under_veil": Refusal(
        _l("Nothing of this application is covered"),
        _l("It is not reviewed blind, or its reviews are complete (C5.3b)."),
    ),
    "uncover_unconfirmed": Refusal(
        _l("The cover stays"), _l("Write the reason, and tick that reviewers shall not see the page (C5.3b).")
    ),
    "page_uncoverable": Refusal(
        _l("There is no such page to cover"), _l("Choose a page from the list of the application's files.")
    ),
    "panel_not_odd": Refusal(
        _l("The panel cannot vote like this"),
        _l("%(group)s has %(voting)s voting members; an odd number of at least five is needed (C5.3a)."),
    ),
    "annulment_refused": Refusal(
        _l("The annulment was not asked for"),
        _l("Give the reason and the document, while nothing was built on the stage and no other request is pending."),
    ),
    "stage_done_again": Refusal(
        _l("A stage of one case is being done again"),
        _l("Wait until it is done, then decide (%(clause)s). What you entered is kept; nothing was changed."),
    ),
    "vote_differs": Refusal(
        _l("The decision is not what the vote came to"),
        _l("%(votes)s of %(present)s voted for it; more than half of those present carry it (%(clause)s)."),
    ),
    "places_taken": Refusal(
        _l("The places are taken"),
        _l("Beyond them only a case with at least %(lowest)s points is added (%(clause)s). What you entered is kept."),
    ),
    "stage_passed": Refusal(
        _l("The case has gone on meanwhile"),
        _l("What followed was built on this stage (%(clause)s). Keep the result, or reject the request. It is kept."),
    ),
    "item_held": Refusal(
        _l("An objection decides whether an item is held"),
        _l(
            "Hold every item whose objection is not ruled yet, and no other one (C5.3e). "
            "What you entered is kept; nothing was changed."
        ),
    ),
    "provincial_not_open": Refusal(
        _l("The publicity of %(cycle)s is not open, or would not become longer"),
        _l("It can be extended while it is open, to a later day. Nothing was changed."),
    ),
    "no_quorum": Refusal(
        _l("Too few members are present to decide"), _l("%(present)s of %(expected)s are present (C5.3d).")
    ),
    "shortlist_differs": Refusal(
        _l("The shortlist does not follow the ranking"),
        _l("On it belong, by votes and within the places: %(studios)s (C5.3d)."),
    ),
}
