"""Every refusal has a code of its own."""

import importlib
import pkgutil
from collections import Counter

import app
from app.domain.errors import DomainError


def refusals() -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)
    found: set[type[DomainError]] = set()
    waiting = [DomainError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.add(kind)
            waiting.append(kind)
    return found


def test_codes_are_unique():
    codes = Counter(kind.code for kind in refusals())
    assert {code: times for code, times in codes.items() if times > 1} == {}


def test_every_refusal_explains_itself():
    assert {kind.__name__ for kind in refusals() if not (kind.__doc__ or "").strip()} == set()
