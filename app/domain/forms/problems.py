"""What can be wrong with a form and with what somebody filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.forms.schema import Label


class Fault(StrEnum):
    """Why a value is refused; the web room has a sentence for each."""

    REQUIRED = "required"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_CHARACTER = "bad_character"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NOT_MATCHING = "not_matching"
    UNKNOWN_OPTION = "unknown_option"
    NOT_A_DATE = "not_a_date"
    TOO_MANY_ROWS = "too_many_rows"
    EVIDENCE_UNKNOWN = "evidence_unknown"
    WRONG_SHAPE = "wrong_shape"
    CHECK_FAILED = "check_failed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal at one place. ``params`` fill its sentence; ``message`` is the model's own (a failed check)."""

    fault: Fault
    params: Mapping[str, Any] = field(default_factory=dict)
    message: Label | None = None

    @property
    def code(self) -> str:
        """Return the stable word for it."""
        return self.fault.value


@dataclass(frozen=True, slots=True)
class Valid:
    """Values that keep every rule, typed, with nothing in them that the form does not own."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Invalid:
    """What must be mended, by path: ``field``, ``list-0-column``, ``list``, or empty for the form as a whole."""

    errors: dict[str, Problem]


class FormUnreadable(DomainError):
    """The schema is not one the product can render. Params: ``path`` in the JSON, ``reason``."""

    code = "form_unreadable"


class FieldNotYours(DomainError):
    """Something was sent that this task may not write. Params: ``field``."""

    code = "field_not_yours"
    kind = Kind.FORBIDDEN


class FormInvalid(DomainError):
    """The values break the form's rules; ``errors`` says where and why. Params: ``count``."""

    code = "form_invalid"

    def __init__(self, errors: Mapping[str, Problem]) -> None:
        self.errors = dict(errors)
        super().__init__(count=len(self.errors))
