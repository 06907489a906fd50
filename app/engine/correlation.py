"""Which receiver a message is for: values of correlation properties (BPMN 2.0, 8.4.2), compared as text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.engine.errors import EngineIncident

if TYPE_CHECKING:
    from app.engine.events import Message, Property
    from app.engine.token import Token


def as_text(value: Any) -> str | None:
    """A correlation value as text: ``12`` and ``12.0`` are "12", ``true`` is "true"; None identifies nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None


def receiver_key(token: "Token", message: "Message") -> dict[str, str]:
    """The values by which ``token`` is found: by the process's subscription, else the property's own path or variable.

    A property without a value is left out: only a message that does not ask for it will be delivered. Raises
    `EngineIncident` if the expression of a subscription fails.
    """
    bindings = token.scope.spec.bindings
    values = {each.id: _read(token, each) for each in message.properties if each.id not in bindings}
    values.update({name: as_text(token.evaluate(path)) for name, path in bindings.items()})
    return {name: value for name, value in values.items() if value is not None}


def sender_key(token: "Token", message: "Message") -> dict[str, str]:
    """The values that a message takes along; raises `EngineIncident` if one is missing: it would reach anybody."""
    values: dict[str, str] = {}
    for each in message.properties:
        value = _read(token, each)
        if value is None and (bound := token.scope.spec.bindings.get(each.id)):
            value = as_text(token.evaluate(bound))
        if value is None:
            raise token.incident("no_correlation", f"message {message.name!r} has no value for {each.id!r}")
        values[each.id] = value
    return values


def is_addressed(token: "Token", key: Mapping[str, str]) -> bool:
    """Whether every value of ``key`` is the waiting token's; an undeclared property is a variable of that name."""
    own: Mapping[str, str] = token.internal_data["key"]
    return all(own.get(name, as_text(token.data.get(name))) == as_text(value) for name, value in key.items())


def _read(token: "Token", each: "Property") -> str | None:
    if each.path is not None:
        try:
            value = as_text(token.evaluate(each.path))
        except EngineIncident:
            # the path is written for the message's data; the other side of the exchange may name it differently
            value = None
        if value is not None:
            return value
    return as_text(token.data.get(each.id))
