"""Refusals in the work on a case: tasks, forms, drafts, cases."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "field_not_yours": Refusal(
        _l("This task may not write that"), _l("%(field)s is not one of its fields. Reload the page and try again.")
    ),
    "form_invalid": Refusal(
        _l("The form has %(count)s places to mend"), _l("They are marked at their fields; what you typed is kept.")
    ),
    "form_unreadable": Refusal(
        _l("This form cannot be shown"), _l("Its designer must mend it at %(path)s. Tell the system administrator.")
    ),
    "case_unknown": Refusal(
        _l("There is no such case for you"),
        _l("It may not exist, or your unit has no part in it. Your own cases are under Cases."),
    ),
    "case_not_startable": Refusal(
        _l("Cases of this process are not started in this way"),
        _l("Its model names who may start one: %(starters)s. An application is started at its cycle."),
    ),
    "party_refused": Refusal(
        _l("The role %(role)s cannot be filled like this"),
        _l("A party is a role of the model with an existing unit or person. Nothing was started."),
    ),
    "data_name_refused": Refusal(
        _l("%(name)s cannot be a name in a case's data"),
        _l("Use letters, digits and underscores, beginning with a letter; “case” is the product's own."),
    ),
    "kept_out": Refusal(
        _l("You keep out of this case"), _l("%(reason)s. Another holder of your role at the desk handles it.")
    ),
    "case_not_active": Refusal(
        _l("This case has ended or is held"), _l("Nothing moves it now. Its page shows how it ended.")
    ),
    "step_failed": Refusal(
        _l("The step could not be carried out"),
        _l("Nothing was changed and your draft is kept. The system administrator has been told; try again later."),
    ),
    "incident_unknown": Refusal(
        _l("There is no such open incident"), _l("It may have been resolved meanwhile. Reload the page.")
    ),
    "illegal_transition": Refusal(
        _l("This cannot happen now"), _l("It stands at %(state)s and cannot become %(target)s. Reload the page.")
    ),
    "paper_unknown": Refusal(
        _l("There is no such paper for you"),
        _l("It may not exist, or belong to a case in which you have no part. Papers are listed on their case's page."),
    ),
    "template_unreadable": Refusal(
        _l("This file cannot be used as a template"),
        _l("A placeholder is torn, or a beginning lacks its end (%(reason)s). Mend it in Word and try it out again."),
    ),
    "template_not_allowed": Refusal(
        _l("The template holds something that is not allowed: %(found)s"),
        _l("Allowed are names of facts, repetition and conditions; no macro, no embedded object, no link to outside."),
    ),
    "placeholders_unknown": Refusal(
        _l("The template names facts that this paper has not got: %(names)s"),
        _l("The names it may use are listed under its heading. Mend them in Word and try it out again."),
    ),
    "number_pattern_invalid": Refusal(
        _l("The pattern of document numbers is not usable: %(pattern)s"),
        _l("It holds {类}, {年} and {号} once each, with something between year and number: 双优{类}〔{年}〕{号}号."),
    ),
    "paper_not_made": Refusal(
        _l("The paper is being made"), _l("It has its number, %(number)s. Reload the page in a moment.")
    ),
    "task_unknown": Refusal(
        _l("There is no such task"), _l("The address may be incomplete. What waits for you is in your inbox.")
    ),
    "task_not_open": Refusal(
        _l("This has been dealt with already"),
        _l("%(by)s did it. The case's page shows what was decided and what comes next."),
    ),
    "not_your_task": Refusal(
        _l("This is not yours to do"),
        _l("%(reason)s. The case's page shows whose turn it is, if you may see it, and what to do if nobody is left."),
    ),
    "not_together": Refusal(
        _l("This is done on its own page"), _l("Only tasks whose form says so are completed several at once.")
    ),
    "task_taken": Refusal(
        _l("%(by)s is working on this"), _l("Ask them to release it, or wait until they have finished.")
    ),
    "stale_revision": Refusal(
        _l("This was changed meanwhile in another window"),
        _l("It was saved at %(saved_at)s. Both versions are kept: choose one or merge them."),
    ),
    "evidence_unknown": Refusal(
        _l("There is no such file for you"), _l("It may have been removed, or belongs to a case you have no part in.")
    ),
    "file_infected": Refusal(
        _l("The file holds malware"), _l("%(name)s was not stored. Clean your computer and upload a clean copy.")
    ),
    "file_locked": Refusal(
        _l("This file is locked: it holds malware"),
        _l("%(name)s was found infected after it had been uploaded. Ask whoever uploaded it for a clean copy."),
    ),
    "evidence_lost": Refusal(
        _l("This file cannot be found in the store"),
        _l("%(name)s is on record, but its bytes are missing or damaged. The system administrator has been told."),
    ),
    "cursor_unreadable": Refusal(
        _l("This place in the list is not known"), _l("Open your inbox anew; nothing has been lost.")
    ),
    "queue_not_yours": Refusal(
        _l("This inbox is not yours"), _l("Your inboxes go by the roles you hold today. They are listed at the left.")
    ),
}
