"""Bearer tokens of the API: what one may be used for, what it looks like, how long it holds."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

PREFIX = "sy_"
"""Every token begins so: a scanner for leaked secrets recognises it."""

LONGEST_LIFE = timedelta(days=365)
USUAL_LIFE = timedelta(days=90)
LONGEST_NAME = 80


class Scope(StrEnum):
    """What a token may be used for; roles decide further, as they do on the pages."""

    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    MODELS_READ = "models:read"
    AUDIT_READ = "audit:read"


def new_secret() -> str:
    """Return a token nobody can guess: 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is kept of a token. It is random and long, so a plain digest needs no salt and no slowness."""
    return hashlib.sha256(secret.encode()).hexdigest()
