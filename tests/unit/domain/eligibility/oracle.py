"""Section 4 once more, straight from the exact readings of the format and by brute force: what `assess` must say."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import combinations, product

LEVELS = ["school", "county", "city", "province", "nation"]
TITLES = ["初级", "中级", "副高", "正高"]
YES, HUMAN, NO = "met", "needs_human", "not_met"


def day(text):
    return date.fromisoformat(text)


def years_before(moment, years):
    year = moment.year - years
    return date(year, moment.month, min(moment.day, monthrange(year, moment.month)[1]))


def judge(case):
    """The expected result of one case, `used` included."""
    as_of, facts, track = day(case["as_of"]), case["facts"], case["track"]
    settings = case.get("settings", {})
    group = "C4.3" if track == "university" else "C4.4"
    clauses = {
        "C4.1a": declared(facts["political_attestation"]),
        "C4.1b": tenure(facts["appointments"], as_of, settings.get("tenure_branch", "any")),
        "C4.1c": title(facts, as_of, track),
        "C4.1d": age(day(facts["birth_date"]), as_of, track, settings.get("age_reading", "completed_years")),
        "C4.2": YES if facts["field"].strip() else NO,
        "C4.5a": declared(facts["staffing_met"]),
        "C4.5b": declared(facts["clean_record"]["school_party"], facts["clean_record"]["discipline"]),
    }
    ways = items(facts, as_of, track, settings.get("appraisal_years", "latest_two"))
    plain = {item: [docs for docs, flagged in found if not flagged] for item, found in ways.items()}
    anyway = {item: [docs for docs, _ in found] for item, found in ways.items()}
    used = together(plain)
    verdicts = {f"{group}.{n}": YES if plain[n] else HUMAN if anyway[n] else NO for n in ways}
    return {
        "overall": overall(clauses, len(used), len(together(anyway))),
        "clauses": clauses,
        "items": verdicts,
        "count": len(used),
        "used": [f"{group}.{n}" for n in used],
    }


def overall(clauses, count, reachable):
    if set(clauses.values()) == {YES} and count >= 3:
        return "eligible"
    return "needs_human" if NO not in clauses.values() and reachable >= 3 else "not_eligible"


def declared(*words):
    return NO if False in words else HUMAN if None in words else YES


def tenure(appointments, as_of, branch):
    posts = [each for each in appointments if each["post"] == "secretary" and day(each["from"]) <= as_of]

    def holds(counted):
        spans = [
            (day(each["from"]), min(day(each["to"]), as_of) if each["to"] else as_of, each["branch"])
            for each in counted
        ]
        serving = any(where == "self" and first <= as_of <= last for first, last, where in spans)
        days = set()
        for first, last, where in spans:
            if branch == "any" or where == "self":
                days |= {first + timedelta(n) for n in range((last - first).days + 1)}
        return serving and months(days) >= 36

    if holds([each for each in posts if each["doc"]]):
        return YES
    return HUMAN if holds(posts) else NO


def months(days):
    """Whole months of a set of days, run by run."""
    total = spare = 0
    for first in (each for each in days if each - timedelta(1) not in days):
        end = first
        while end in days:
            end += timedelta(1)
        whole = 0
        while later(first, whole + 1) <= end:
            whole += 1
        total, spare = total + whole, spare + (end - later(first, whole)).days
    return total + spare // 30


def later(first, count):
    year, month = divmod(first.month - 1 + count, 12)
    year += first.year
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def title(facts, as_of, track):
    def best(*bases):
        held = [each for each in facts["titles"] if each["basis"] in bases and day(each["held_from"]) <= as_of]
        return max((TITLES.index(each["level"]) for each in held), default=-1)

    def reaches(rank):
        if track == "school":
            return YES if rank >= 1 else NO
        if rank >= 2:
            return YES
        return HUMAN if rank == 1 and facts["branch_kind"] == "other" else NO

    sure = reaches(best("appointed"))
    return HUMAN if sure == NO and reaches(best("appointed", "certificate")) != NO else sure


def age(birth, as_of, track, reading):
    limit = 50 if track == "school" else 45
    if reading == "strict":
        return YES if as_of <= years_before(birth, -limit) else NO
    return YES if as_of < years_before(birth, -limit - 1) else NO


def items(facts, as_of, track, appraisal_years):
    """Item number → ways to meet it: (documents, whether flagged)."""
    university = track == "university"
    first, last = years_before(as_of, 3), as_of

    def units(name, judged):
        for index, row in enumerate(facts[name]):
            verdict = judged(row) if "date" not in row or first <= day(row["date"]) <= last else NO
            if verdict != NO:
                token = row["doc"] or (name, index)
                yield row, token, verdict == HUMAN or not row["doc"]

    def single(name, judged):
        return [(frozenset([token]), flagged) for _, token, flagged in units(name, judged)]

    return {
        1: single("commendations", lambda row: party(row, university=university)),
        2: publications(list(units("publications", publication)), 2 if university else 1),
        3: appraisals(list(units("appraisals", lambda row: good(row, as_of))), as_of, appraisal_years),
        4: single("committee_works", work),
        5: single("commendations", lambda row: honoured(row, "province" if university else "county")),
        6: single("awards", lambda row: reached(row["level"], "nation" if university else "city")),
    }


def reached(level, least):
    return HUMAN if level == "unknown" else YES if LEVELS.index(level) >= LEVELS.index(least) else NO


def party(row, *, university):
    kinds = {"party_org", "department_party_org"} | (set() if university else {"government"})
    return reached(row["level"], "school" if university else "county") if row["issuer_kind"] in kinds else NO


def honoured(row, least):
    verdict = reached(row["level"], least) if row["holder"] == "secretary" else NO
    if verdict != YES:
        return verdict
    is_department = row["issuer_kind"] in {"department", "department_party_org"}
    return HUMAN if row["issuer_kind"] == "other" or (is_department and row["level"] == least) else YES


def publication(row):
    if row["kind"] == "book":
        return {"editor_in_chief": YES, "author": HUMAN}.get(row["role"], NO)
    return reached(row["venue_level"], "province") if row["role"] == "first_author" else NO


def publications(units, needed):
    ways = []
    for kind in ("paper", "book"):
        mine = [unit for unit in units if unit[0]["kind"] == kind]
        ways += [
            (frozenset(token for _, token, _ in chosen), any(flagged for _, _, flagged in chosen))
            for chosen in combinations(mine, needed)
        ]
    return ways


def good(row, as_of):
    return YES if row["grade"] in {"好", "equivalent_good"} and row["year"] < as_of.year else NO


def appraisals(units, as_of, setting):
    span = {"latest_two": 2, "any_two_in_three": 3, "any_two": 10_000}[setting]
    ways = []
    for (one, token, flag), (two, other, flag_too) in product(units, repeat=2):
        if one["year"] == two["year"] + 1:
            outside = two["year"] < as_of.year - span
            ways.append((frozenset([token, other]), flag or flag_too or outside))
    return ways


def work(row):
    if row["kind"] == "project" and row["status"] == "open":
        return NO
    return HUMAN if row["role"] == "participant" or row["kind"] == "other" else YES


def together(ways):
    """The lexicographically lowest largest set of items with disjoint documents."""
    able = [item for item, found in ways.items() if found]
    for size in range(len(able), 0, -1):
        for chosen in combinations(able, size):
            for sets in product(*(set(ways[item]) for item in chosen)):
                if len(frozenset().union(*sets)) == sum(map(len, sets)):
                    return list(chosen)
    return []
