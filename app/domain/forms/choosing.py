"""Which options a choice offers: fixed in the schema, listed in the form's context, or computed by FEEL."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from app.domain.forms.schema import Choices, Field, Option

Feel = Callable[[str, Mapping[str, Any]], Any]
"""The expression language as a port: evaluates a FEEL text (without a leading ``=``) over named values."""


class Judged(Protocol):
    """The part of a form that this needs."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the form's fields outside lists."""
        ...


def options_of(choices: Choices, context: Mapping[str, Any], feel: Feel) -> tuple[Option, ...]:
    """Return the options of ``choices`` as ``context`` has them now; what is not an option there is left out."""
    if choices.is_fixed:
        return choices.fixed
    listed = context.get(choices.key) if choices.key else evaluated(choices.expression or "", context, feel)
    given = listed if isinstance(listed, list | tuple) else ()
    return tuple(option for each in given if (option := _option(each)) is not None)


def evaluated(expression: str, context: Mapping[str, Any], feel: Feel) -> Any:
    """Evaluate a schema's expression; form-js writes a ``=`` in front of it."""
    return feel(expression.strip().removeprefix("="), context)


def is_hidden(form: Judged, condition: str, names: Mapping[str, Any], feel: Feel) -> bool:
    """Tell whether ``condition`` hides a part before the form is sent.

    The verdict comes with the button that sends it; until then a part is hidden only if every verdict would hide it.
    """
    verdict = next((field for field in form.fields if field.is_verdict), None)
    if verdict is None:
        return evaluated(condition, names, feel) is True
    answers = options_of(verdict.choices, names, feel)
    return all(evaluated(condition, {**names, verdict.key: answer.value}, feel) is True for answer in answers)


def _option(given: Any) -> Option | None:
    if isinstance(given, str | int | float):
        return Option(given, str(given))
    if isinstance(given, Mapping) and isinstance(given.get("value"), str | int | float):
        return Option(given["value"], str(given.get("label") or given["value"]))
    return None
