"""What a sign-in must be: the policies an installation may choose from, and what a password lacks under each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.common_passwords import is_common
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey

LONGEST = 128
"""Characters of a password; ASVS 5.0 6.2.9 asks for at least 64."""

_HOUR = timedelta(hours=1)


class PolicyKey(StrEnum):
    """The sign-in policies."""

    DENGBAO = "dengbao"
    ASVS = "asvs"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """How an installation lets people in.

    ``least_classes`` of lower case, upper case, digits and other characters; ``valid_for``: how long a password is
    good (None: until somebody else may know it); ``remembered``: how many earlier ones may not come back; ``idle`` and
    ``absolute``: how long a session lives unused and at all; ``factor_for``: roles that need a second factor;
    ``confirmed_for``: how long a confirmation counts for sensitive acts.
    """

    key: PolicyKey
    shortest: int
    least_classes: int
    least_different: int
    refuses_common: bool
    valid_for: timedelta | None
    remembered: int
    idle: timedelta
    absolute: timedelta
    factor_for: frozenset[RoleKey]
    confirmed_for: timedelta = timedelta(minutes=10)

    def needs_factor(self, roles: Iterable[RoleKey]) -> bool:
        """Tell whether somebody who holds ``roles`` needs a second factor."""
        return not self.factor_for.isdisjoint(roles)

    def is_expired(self, changed_at: datetime, now: datetime) -> bool:
        """Tell whether a password last changed at ``changed_at`` must be changed at ``now`` (the machine's time)."""
        return self.valid_for is not None and now - changed_at >= self.valid_for


PRIVILEGED = frozenset(
    {RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR, RoleKey.PUBLISHER, RoleKey.PROVINCE_COMMITTEE}
)
"""Who runs the system, releases what it runs, or approves for the province."""

DENGBAO = SignInPolicy(
    key=PolicyKey.DENGBAO,
    shortest=8,
    least_classes=3,
    least_different=5,
    refuses_common=True,
    valid_for=timedelta(days=90),
    remembered=5,
    idle=timedelta(minutes=30),
    absolute=12 * _HOUR,
    factor_for=PRIVILEGED,
)
"""GB/T 22239-2019 (等保 2.0), level 3, 8.1.4.1: complexity, periodic change, lockout, idle exit, two factors."""

ASVS = SignInPolicy(
    key=PolicyKey.ASVS,
    shortest=15,
    least_classes=0,
    least_different=5,
    refuses_common=True,
    valid_for=None,
    remembered=0,
    idle=_HOUR,
    absolute=12 * _HOUR,
    factor_for=frozenset(RoleKey),
)
"""OWASP ASVS 5.0 level 2: 6.2.1 (15 characters recommended), 6.2.4, 6.2.5, 6.2.10, 6.3.3, 7.3.1, 7.3.2."""

DEMONSTRATION = SignInPolicy(
    key=PolicyKey.DEMONSTRATION,
    shortest=8,
    least_classes=0,
    least_different=1,
    refuses_common=False,
    valid_for=None,
    remembered=0,
    idle=2 * _HOUR,
    absolute=12 * _HOUR,
    factor_for=frozenset(),
)
"""Made-up accounts with one password for all: nothing is forced on them, everything can be tried."""

POLICIES = {policy.key: policy for policy in (DENGBAO, ASVS, DEMONSTRATION)}
"""Every policy."""


class SignInWay(StrEnum):
    """How a session was begun."""

    PASSWORD = "password"  # noqa: S105 - a way in, no password
    PASSWORD_AND_CODE = "password_and_code"  # noqa: S105 - a way in, no password
    PASSWORD_AND_PASSKEY = "password_and_passkey"  # noqa: S105 - a way in, no password
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"
    SET_UP_CODE = "set_up_code"


class SessionEnd(StrEnum):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out"
    ENDED_ELSEWHERE = "ended_elsewhere"
    ENDED_BY_ADMINISTRATOR = "ended_by_administrator"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, no password


class Weakness(StrEnum):
    """What a password lacks."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW_CLASSES = "too_few_classes"
    TOO_FEW_CHARACTERS = "too_few_characters"
    HOLDS_LOGIN = "holds_login"
    COMMON = "common"


class PasswordTooWeak(DomainError):
    """The password does not meet the policy. Params: ``weaknesses``: words of `Weakness`, separated by spaces."""

    code = "password_too_weak"
    kind = Kind.BAD_INPUT


def weaknesses(password: str, login: str = "", policy: SignInPolicy = DENGBAO) -> tuple[Weakness, ...]:
    """Return everything the password lacks, empty if it is good. ``login``: the account's name, if it has one yet."""
    checks = (
        (Weakness.TOO_SHORT, len(password) < policy.shortest),
        (Weakness.TOO_LONG, len(password) > LONGEST),
        (Weakness.TOO_FEW_CLASSES, _classes(password) < policy.least_classes),
        (Weakness.TOO_FEW_CHARACTERS, len(set(password)) < policy.least_different),
        (Weakness.HOLDS_LOGIN, bool(login) and login.casefold() in password.casefold()),
        (Weakness.COMMON, policy.refuses_common and is_common(password)),
    )
    return tuple(weakness for weakness, is_weak in checks if is_weak)


def check_password(password: str, login: str = "", policy: SignInPolicy = DENGBAO) -> None:
    """Check a new password. Raises ``PasswordTooWeak``."""
    found = weaknesses(password, login, policy)
    if found:
        raise PasswordTooWeak(weaknesses=" ".join(found))


def _classes(password: str) -> int:
    """How many of the four classes occur; a letter without case (汉字) is of the fourth."""
    lower = any(char.islower() for char in password)
    upper = any(char.isupper() for char in password)
    digit = any(char.isdigit() for char in password)
    other = any(not (char.islower() or char.isupper() or char.isdigit()) for char in password)
    return lower + upper + digit + other
