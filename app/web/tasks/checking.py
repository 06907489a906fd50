"""The self-check beside an application: what the rules see in the draft, and what to do before submission."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext

from app.domain.forms import Form, Problem
from app.services.acting import Act
from app.services.applications import self_check
from app.web.languages import language
from app.web.tasks.assessing import show_assessment, wanting
from app.web.tasks.page import SelfCheckShown
from app.web.tasks.working import Working, files_by_id

SELF_CHECKED = frozenset(("application", step) for step in ("fill_in", "enter_paper", "correct", "correct_paper"))
"""The tasks in which section 4 is filled in."""


def check_self(act: Act, working: Working, lacking: Mapping[str, Problem]) -> SelfCheckShown | None:
    """Judge the draft as far as it can be read; ``lacking``: what the form itself still asks for, by path.

    None for a task that is no application.
    """
    view = working.view
    if view.form is None or (view.case.process_key, view.element.id) not in SELF_CHECKED:
        return None
    typed = view.form.typed(working.values)
    checked = self_check(act, task_id=view.id, values=typed)
    rows = {name: [typed[name][index] for index in indexes] for name, indexes in checked.rows.items() if name in typed}
    shown = show_assessment(checked.assessment, rows, files_by_id(view), before_submission=True)
    return SelfCheckShown(shown, (*wanting(shown), *_steps_wanting(view.form, lacking)))


def _steps_wanting(form: Form, lacking: Mapping[str, Problem]) -> list[str]:
    counted = {step.key: sum(form.step_of(path) == step for path in lacking) for step in form.steps}
    return [
        str(
            gettext(
                "%(step)s: %(what)s",
                step=step.label.spoken(language()),
                what=ngettext("one thing to fill in", "%(num)d things to fill in", counted[step.key]),
            )
        )
        for step in form.steps
        if counted[step.key]
    ]
