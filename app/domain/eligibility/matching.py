"""Which items can be met together when one honour serves one item: an exact search over few items."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

Bundle = frozenset[str]
"""Honours that together meet an item."""

Bundles = Mapping[str, Sequence[Bundle]]
"""For each item every way to meet it."""


def met_together(bundles: Bundles) -> Mapping[str, Bundle]:
    """Return a largest set of items that can be met together, each with the honours that serve it.

    Of several largest sets it is the lexicographically lowest.
    """
    able = sorted(item for item, ways in bundles.items() if ways)
    for size in range(len(able), 0, -1):
        for items in combinations(able, size):
            served = _serve(items, bundles)
            if served is not None:
                return {item: served[item] for item in items}
    return {}


def _serve(items: Sequence[str], bundles: Bundles) -> dict[str, Bundle] | None:
    """Serve every one of ``items`` from honours of its own, or return None.

    An item that can be met by honours which no other wants cannot hinder: it is served from those. What remains is
    contested and searched, fewest ways first.
    """
    served: dict[str, Bundle] = {}
    waiting = list(items)
    while (free := _uncontested(waiting, bundles)) is not None:
        item, bundle = free
        served[item] = bundle
        waiting.remove(item)
    waiting.sort(key=lambda item: len(bundles[item]))
    found = _search(waiting, bundles, frozenset())
    return None if found is None else served | found


def _uncontested(items: list[str], bundles: Bundles) -> tuple[str, Bundle] | None:
    for item in items:
        wanted = frozenset().union(*(bundle for other in items if other != item for bundle in bundles[other]))
        for bundle in bundles[item]:
            if not bundle & wanted:
                return item, bundle
    return None


def _search(items: Sequence[str], bundles: Bundles, taken: Bundle) -> dict[str, Bundle] | None:
    if not items:
        return {}
    for bundle in bundles[items[0]]:
        if not bundle & taken:
            rest = _search(items[1:], bundles, taken | bundle)
            if rest is not None:
                return {items[0]: bundle} | rest
    return None


def minimal(bundles: Iterable[Bundle]) -> tuple[Bundle, ...]:
    """Return the bundles that contain no other, smallest first, each once."""
    kept: list[Bundle] = []
    for bundle in sorted(set(bundles), key=lambda each: (len(each), sorted(each))):
        if not any(smaller < bundle for smaller in kept):
            kept.append(bundle)
    return tuple(kept)


def choices(honours: Mapping[str, int], needed: int) -> tuple[Bundle, ...]:
    """Return the ways to gather ``needed`` pieces; ``honours``: how many pieces each one is."""
    names = sorted(honours)
    return minimal(
        frozenset(chosen)
        for size in range(1, needed + 1)
        for chosen in combinations(names, size)
        if sum(honours[name] for name in chosen) >= needed
    )
