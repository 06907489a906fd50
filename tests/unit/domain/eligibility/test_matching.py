"""One honour serves one item: the search against brute force."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from app.domain.eligibility.claims import Claim, Run
from app.domain.eligibility.matching import choices, met_together, minimal
from app.domain.eligibility.verdicts import Answer, Verdict
from app.domain.eligibility.ways import ways

ITEMS = tuple(f"C4.3.{n}" for n in range(1, 7))
BUNDLES = st.dictionaries(
    st.sampled_from(ITEMS),
    st.lists(st.frozensets(st.sampled_from("abcde"), min_size=1, max_size=2), max_size=4).map(tuple),
)


def brute_force(bundles):
    able = sorted(item for item in bundles if bundles[item])
    for size in range(len(able), 0, -1):
        for items in combinations(able, size):
            for chosen in product(*(bundles[item] for item in items)):
                if len(frozenset().union(*chosen)) == sum(map(len, chosen)):
                    return list(items)
    return []


@given(BUNDLES)
def test_the_search_finds_the_lowest_largest_set(bundles):
    served = met_together(bundles)
    assert list(served) == brute_force(bundles)
    honours = [honour for bundle in served.values() for honour in bundle]
    assert len(honours) == len(set(honours))
    assert all(bundle in bundles[item] for item, bundle in served.items())


def test_nothing_meets_nothing():
    assert met_together({}) == {}
    assert met_together({"C4.3.1": ()}) == {}


@given(st.lists(st.frozensets(st.sampled_from("abcd"), max_size=3), max_size=8))
def test_minimal_bundles_contain_no_other_and_lose_none(bundles):
    kept = minimal(bundles)
    assert not any(one < two for one in kept for two in kept)
    assert all(any(one <= bundle for one in kept) for bundle in bundles)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3)), st.integers(1, 3))
def test_choices_gather_enough_and_no_more(honours, needed):
    found = set(choices(honours, needed))
    enough = {
        frozenset(chosen)
        for size in range(1, 5)
        for chosen in combinations(honours, size)
        if sum(honours[name] for name in chosen) >= needed
    }
    assert found == {each for each in enough if not any(other < each for other in enough)}


def claims_of(rows):
    """Claims as the six lists of evidence make them: one document may be named by rows of several kinds."""
    sources = dict(zip(ITEMS, ("com", "pub", "app", "work", "com", "award"), strict=True))
    pools = {"C4.3.2": ("paper", "book"), "C4.3.3": ("2023", "2024", "2025")}
    return [
        Claim(
            item,
            sources[item],
            n,
            doc,
            Verdict.MET,
            (),
            pools.get(item, ("",))[pick % len(pools.get(item, ("",)))],
            1 + (item == ITEMS[1]),
        )
        for n, (item, doc, pick) in enumerate(rows)
    ]


RUNS = tuple(Run((year, year - 1), Answer(Verdict.MET, "", 2)) for year in (2024, 2025))
ROWS = st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from("abcdefgh"), st.integers(0, 5)), max_size=14)


def every_way(claims):
    """The ways to meet each item by trying every pair of rows; nothing is left out."""
    found = {item: [] for item in ITEMS}
    for claim in claims:
        if claim.item not in {ITEMS[1], ITEMS[2]}:
            found[claim.item].append(frozenset([claim.honour]))
    for one, two in combinations([claim for claim in claims if claim.item == ITEMS[1]], 2):
        if one.pool == two.pool:
            found[ITEMS[1]].append(frozenset([one.honour, two.honour]))
    for one, two in product([claim for claim in claims if claim.item == ITEMS[2]], repeat=2):
        if int(one.pool) == int(two.pool) + 1:
            found[ITEMS[2]].append(frozenset([one.honour, two.honour]))
    return found


@given(ROWS)
def test_leaving_out_what_is_beyond_need_loses_no_solution(rows):
    claims = claims_of(rows)
    assert list(met_together(ways(ITEMS, claims, RUNS, flagged=False))) == brute_force(every_way(claims))


def test_flagged_claims_are_admitted_only_when_asked_for():
    flagged = Claim(ITEMS[0], "com", 0, None, Verdict.NEEDS_HUMAN, ("no_document",))
    refused = Claim(ITEMS[0], "com", 1, "a", Verdict.NOT_MET, ("out_of_window",))
    assert ways(ITEMS, [flagged, refused], (), flagged=False)[ITEMS[0]] == ()
    assert ways(ITEMS, [flagged, refused], (), flagged=True)[ITEMS[0]] == (frozenset(["com[0]"]),)
