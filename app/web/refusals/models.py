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
    "decision_missing": Refusal(
        _l("The decision table %(decision)s is missing"), _l("Its file must hold the table. Tell its designer.")
    ),
    "decision_failed": Refusal(
        _l("The decision table %(decision)s has no answer"),
        _l("The table is wrong: %(reason)s. Tell its designer; nothing was changed."),
    ),
}
