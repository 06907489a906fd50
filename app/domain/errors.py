"""What a person can get wrong: each refusal has a stable code; only the web room turns it into a status and a text."""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """How a refusal is meant, independent of any protocol."""

    BAD_INPUT = "bad_input"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNPROCESSABLE = "unprocessable"


class DomainError(Exception):
    """A refusal that names its reason by ``code``; ``params`` fill the translated text."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(f"{self.code}: {params}" if params else self.code)
