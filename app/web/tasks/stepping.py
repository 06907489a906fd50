"""The steps of a long form: which are filled in, and what each still wants."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext

from app.domain.forms import Form, Group, Invalid, Problem
from app.domain.forms.schema import Access, fields_within, rows_within
from app.engine.feel import value_or_null
from app.web.languages import language
from app.web.tasks.page import SelfCheckShown, StepShown
from app.web.tasks.working import Working

SIX = frozenset({"C4.3", "C4.4"})
"""A step that carries one of these is about the six items."""


def wanting_in(form: Form, working: Working) -> Mapping[str, Problem]:
    """Return what keeps the form from being complete, by path."""
    owned = {each.key for each in form.fields if each.access is Access.EDIT} | {rows.key for rows in form.rows}
    values = {key: value for key, value in working.values.items() if key in owned}
    evidence = [file.public_id for file in working.view.files]
    result = form.validate(values, working.view.context, value_or_null, evidence=evidence)
    return result.errors if isinstance(result, Invalid) else {}


def steps_of(
    working: Working, lacking: Mapping[str, Problem], self_check: SelfCheckShown | None
) -> tuple[StepShown, ...]:
    """Return the steps of the form with their states; none for a plain form."""
    form = working.view.form
    if form is None or not form.steps:
        return ()
    return tuple(
        _step(step, number, sum(form.step_of(path) == step for path in lacking), working, self_check)
        for number, step in enumerate(form.steps, start=1)
    )


def _step(step: Group, number: int, lacking: int, working: Working, self_check: SelfCheckShown | None) -> StepShown:
    state, is_done = _state(step, lacking, self_check)
    is_current = working.step is not None and working.step.key == step.key
    is_about_six = not SIX.isdisjoint(step.clauses)
    return StepShown(step.key, number, step.label.spoken(language()), state, is_done, is_current, is_about_six)


def _state(step: Group, lacking: int, self_check: SelfCheckShown | None) -> tuple[str, bool]:
    is_filled_here = any(each.access is Access.EDIT for each in fields_within(step.parts)) or any(
        rows_within(step.parts)
    )
    if not is_filled_here:
        return str(gettext("after submission")), False
    if lacking:
        return str(ngettext("one thing to do", "%(num)d things to do", lacking)), False
    if SIX.intersection(step.clauses) and self_check is not None:
        shown = self_check.shown
        return str(ngettext("%(num)d met", "%(num)d met", shown.count)), not shown.missing
    return str(gettext("filled in")), True
