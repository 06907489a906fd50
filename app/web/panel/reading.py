"""What was typed into the plain forms of a panel's pages."""

from flask import request

_DIGITS = 5


def text(name: str, longest: int = 500) -> str:
    """Return what was typed, without space around it."""
    return request.form.get(name, "").strip()[:longest]


def number(words: str) -> int:
    """Return a whole number, 0 for anything else."""
    return int(words) if words.isdecimal() and words.isascii() and len(words) <= _DIGITS else 0
