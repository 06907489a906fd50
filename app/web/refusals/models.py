"""Refusals about models, decisions and what the engine runs."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "nothing_deployed": Refusal(
        _l("No model has been released yet"), _l("The system administrator runs the installation's first set-up.")
    ),
    "process_unknown": Refusal(
        _l("There is no process %(process)s"), _l("The models page lists every process that can run.")
    ),
    "version_unknown": Refusal(
        _l("There is no such version of a model"), _l("Go back to the models page and choose again.")
    ),
    "model_has_errors": Refusal(
        _l("The model has %(count)s errors"),
        _l("They are marked on its diagram, each with what to draw instead. Mend them and save again."),
    ),
    "model_unreadable": Refusal(
        _l("The file cannot be read as a model"),
        _l("Nothing of it was kept: %(reason)s. Save it again as BPMN, DMN or a form and hand that in."),
    ),
    "model_key_mismatch": Refusal(
        _l("The file is about something else"),
        _l("It should hold %(key)s but holds %(found)s. Hand it in under its own name; nothing was kept."),
    ),
    "model_too_large": Refusal(
        _l("The file is too large for a model"), _l("A model has at most %(most)s MB; nothing was kept.")
    ),
    "model_empty": Refusal(_l("Nothing was handed in"), _l("Choose a file, or write the model's text.")),
    "model_key_needed": Refusal(
        _l("The file does not say what it is for"),
        _l("Name it: a form by its process and user task, such as %(known)s; a process by an id in its file."),
    ),
    "model_unknown": Refusal(_l("There is no model %(key)s"), _l("The models page lists every one.")),
    "draft_changed": Refusal(
        _l("The draft was changed meanwhile"),
        _l("Its designer saved it again after you opened it. Read it as it is now, then release it; nothing was done."),
    ),
    "cannot_move": Refusal(
        _l("The case cannot go by the other release"), _l("It stays as it is: %(reasons)s. Nothing was done.")
    ),
    "move_unknown": Refusal(
        _l("There is no such move of running cases"), _l("The page of the process lists every one.")
    ),
    "move_reason_missing": Refusal(
        _l("The reason is missing"),
        _l("Write why the running cases go by the newer release: it is kept with each of them."),
    ),
    "move_asked": Refusal(
        _l("A move of this process waits already"),
        _l("A publisher releases or declines it first; it stands on the page of the process."),
    ),
    "nothing_to_move": Refusal(
        _l("No running case can go"),
        _l("Each runs on the newest release already or is held up for the reason given. Choose what its step is now."),
    ),
    "move_outdated": Refusal(
        _l("A newer release has come"),
        _l("The move was for deployment %(number)s. Decline it and ask anew for the newest; nothing was done."),
    ),
    "decision_missing": Refusal(
        _l("The decision table %(decision)s is missing"), _l("Its file must hold the table. Tell its designer.")
    ),
    "decision_failed": Refusal(
        _l("The decision table %(decision)s has no answer"),
        _l("The table is wrong: %(reason)s. Tell its designer; nothing was changed."),
    ),
    "model_refused": Refusal(
        _l("The model cannot run"), _l("It has %(count)s findings; they are marked on its diagram.")
    ),
    "case_file_unknown": Refusal(
        _l("There is no such test case"), _l("It may have been taken away. Open the model's test cases again.")
    ),
    "case_file_too_much": Refusal(
        _l("Too much for a test case"),
        _l("A test case has at most 1 MB, a process at most 200 of them; nothing was kept."),
    ),
    "case_unreadable": Refusal(_l("The case of a model test cannot be read"), _l("%(file)s: %(reason)s")),
}
