"""Where branches meet: each contributes what it changed since they parted, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from app.engine.token import Data, Token

_NOTHING: Any = object()


def is_same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal, and ``1`` is not ``true``."""
    return one is other or (one == other and orjson.dumps(one) == orjson.dumps(other))


def merged(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> "Data":
    """``ours`` with what ``theirs`` changed since ``base``.

    Where both changed the same name, objects are merged entry by entry and of anything else theirs stays.
    """
    result = dict(ours)
    for name, value in theirs.items():
        before, current = base.get(name, _NOTHING), ours.get(name, _NOTHING)
        if is_same(value, before):
            continue
        if isinstance(value, dict) and isinstance(current, dict):
            result[name] = merged(before if isinstance(before, dict) else {}, current, value)
        else:
            result[name] = value
    for name in base.keys() - theirs.keys():
        result.pop(name, None)
    return result


def difference(base: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What turns ``base`` into ``data``: values to set and names to remove."""
    written = {name: value for name, value in data.items() if not is_same(value, base.get(name, _NOTHING))}
    return written, [name for name in base if name not in data]


def meet(tokens: Sequence["Token"]) -> tuple["Token", "Data"]:
    """The token from which all of ``tokens`` (of one scope, in order of arrival) parted, and their merged data.

    Branches that parted last are merged first, so that what an earlier branch still carries from before its own parting
    does not hide what another changed since.
    """
    return _meet([list(token.ancestry())[::-1] for token in tokens])


def _meet(paths: list[list["Token"]]) -> tuple["Token", "Data"]:
    if len(paths) == 1:
        return paths[0][-1], paths[0][-1].data
    depth = 0
    while all(len(path) > depth + 1 for path in paths) and len({path[depth + 1].id for path in paths}) == 1:
        depth += 1
    fork = paths[0][depth]
    branches: dict[str, list[list[Token]]] = {}
    for path in paths:
        branch = path[depth + 1].id
        # last arrived, last merged
        branches[branch] = [*branches.pop(branch, []), path]
    data = fork.data
    for branch_paths in branches.values():
        data = merged(fork.data, data, _meet(branch_paths)[1])
    return fork, data


def applied(inherited: "Data", delta: tuple[Mapping[str, Any], list[str]]) -> "Data":
    """``inherited`` with what a delta sets and without what it removes."""
    written, removed = delta
    data = {**inherited, **written}
    for name in removed:
        data.pop(name, None)
    return data
