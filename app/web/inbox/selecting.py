"""Several tasks of an inbox at once: taken, or completed together after a look at what that means."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext

from app.domain.errors import DomainError
from app.domain.forms import Form
from app.services.acting import Act
from app.services.together import Apart, Selected
from app.web.acting import acting
from app.web.languages import language
from app.web.refusals import refusal_of

_MOST = 50


@dataclass(frozen=True, slots=True)
class Words:
    """A text written once for every task of a form."""

    name: str
    label: str
    most: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Tasks of one form that get the same answer: ``verdict`` names it."""

    form: str
    verdict: str
    words: tuple[Words, ...]
    tasks: tuple[Selected, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A task that is left undone, and why."""

    task: Selected
    why: str


def marked() -> list[str]:
    """Return the ids of the tasks that were ticked, each once; more than a page has, nobody has ticked."""
    return list(dict.fromkeys(request.form.getlist("task")))[:_MOST]


def each_alone(tasks: Sequence[Selected], do: Callable[[Act, Selected], Any]) -> tuple[list[Selected], list[Left]]:
    """Do something with each task in a transaction of its own; return which are done, and which were refused why."""
    done: list[Selected] = []
    left: list[Left] = []
    for task in tasks:
        try:
            with acting() as act:
                do(act, task)
        except DomainError as error:
            left.append(Left(task, ": ".join(refusal_of(error))))
        else:
            done.append(task)
    return done, left


def apart(tasks: Iterable[Selected]) -> list[Left]:
    """Return what cannot be completed together, each with its reason."""
    return [Left(task, _why(task)) for task in tasks if task.apart]


def _why(task: Selected) -> str:
    if task.apart is Apart.TAKEN:
        return str(gettext("%(name)s is on it", name=task.assignee))
    if task.apart is Apart.ROLE:
        return str(gettext("A score, an attestation or a decision of a Party organisation is given one by one"))
    return str(gettext("Its form is filled in for each case"))


def batches(tasks: Iterable[Selected]) -> list[Batch]:
    """Return what can be completed together, form by form."""
    found: dict[str, list[Selected]] = {}
    for task in tasks:
        if task.apart is None and task.form is not None:
            found.setdefault(task.form.key, []).append(task)
    return [_batch(listed[0].form, listed) for listed in found.values() if listed[0].form]


def _batch(form: Form, tasks: Sequence[Selected]) -> Batch:
    options = form.verdict.choices.fixed if form.verdict else ()
    verdict = next((option.label for option in options if option.text == form.together), form.together)
    words = (
        Words(
            f"{form.key}.{field.key}",
            field.label.spoken(language()),
            int(field.rules.max_length or 0),
            field.rules.required,
        )
        for field in form.words
    )
    return Batch(form.title.spoken(language()), verdict, tuple(words), tuple(tasks))


def written() -> Mapping[str, Mapping[str, str]]:
    """Return what was written for all, by form and field."""
    found: dict[str, dict[str, str]] = {}
    for name, text in request.form.items():
        form, dot, field = name.partition(".")
        if dot:
            found.setdefault(form, {})[field] = text
    return found
