"""What a password must be (等保 2.0 level 3: complexity and periodic change)."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, Kind

SHORTEST = 10
LONGEST = 128
LEAST_CLASSES = 3
"""Of lower case, upper case, digits and other characters."""

LEAST_DIFFERENT = 5
"""Different characters a password has at least."""

VALID_FOR = timedelta(days=90)
"""How long a password is good before it must be changed."""


class Weakness(StrEnum):
    """What a password lacks."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW_CLASSES = "too_few_classes"
    TOO_FEW_CHARACTERS = "too_few_characters"
    HOLDS_LOGIN = "holds_login"


class PasswordTooWeak(DomainError):
    """The password does not meet the policy. Params: ``weaknesses``: words of `Weakness`, separated by spaces."""

    code = "password_too_weak"
    kind = Kind.BAD_INPUT


def weaknesses(password: str, login: str = "") -> tuple[Weakness, ...]:
    """Return everything the password lacks, empty if it is good. ``login``: the account's name, if it has one yet."""
    checks = (
        (Weakness.TOO_SHORT, len(password) < SHORTEST),
        (Weakness.TOO_LONG, len(password) > LONGEST),
        (Weakness.TOO_FEW_CLASSES, _classes(password) < LEAST_CLASSES),
        (Weakness.TOO_FEW_CHARACTERS, len(set(password)) < LEAST_DIFFERENT),
        (Weakness.HOLDS_LOGIN, bool(login) and login.casefold() in password.casefold()),
    )
    return tuple(weakness for weakness, is_weak in checks if is_weak)


def check_password(password: str, login: str = "") -> None:
    """Check a new password. Raises ``PasswordTooWeak``."""
    found = weaknesses(password, login)
    if found:
        raise PasswordTooWeak(weaknesses=" ".join(found))


def is_expired(changed_at: datetime, now: datetime) -> bool:
    """Tell whether a password last changed at ``changed_at`` must be changed at ``now`` (the machine's time)."""
    return now - changed_at >= VALID_FOR


def _classes(password: str) -> int:
    """How many of the four classes occur; a letter without case (汉字) is of the fourth."""
    lower = any(char.islower() for char in password)
    upper = any(char.isupper() for char in password)
    digit = any(char.isdigit() for char in password)
    other = any(not (char.islower() or char.isupper() or char.isdigit()) for char in password)
    return lower + upper + digit + other
