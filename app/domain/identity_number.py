"""Identity numbers (公民身份号码, GB 11643): told right from wrong by their check digit, shown masked."""

from datetime import date

from app.domain.errors import DomainError, Kind

_LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class IdentityNumberWrong(DomainError):
    """This is no identity number: 18 characters, a day of birth that exists, a check digit that fits."""

    code = "identity_number_wrong"
    kind = Kind.BAD_INPUT


def checked(text: str) -> str:
    """Return an identity number as it is kept: no spaces, X as a capital. Raises ``IdentityNumberWrong``."""
    number = "".join(text.split()).upper()
    if len(number) != _LENGTH or not (number.isascii() and number[:-1].isdecimal()) or number[-1] not in _CHECKS:
        raise IdentityNumberWrong
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != number[-1] or not _is_day(number[6:14]):
        raise IdentityNumberWrong
    return number


def masked(number: str) -> str:
    """Write an identity number as offices show it: the first three and the last four characters."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
