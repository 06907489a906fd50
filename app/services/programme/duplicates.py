"""Duplicate evidence across applications, years and branches, shown to the format check and ruled there (C5.3a)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.adapters.documents.pictures import Looked, Unreadable, look_at
from app.domain.prints import ALIKE, BITS, distance
from app.services import audit
from app.services.acting import Act
from app.services.evidence import EvidenceLost, as_file, content_of
from app.services.hooks import At, Case
from app.services.outbox import enqueue, handles
from app.services.programme.material import PROVES
from app.services.seeing import visible_among
from app.store.adding import add_new, add_rows
from app.store.models import Duplicate, DuplicateRuling
from app.store.queries import duplicates as rows
from app.store.queries.within import within

COMPARE = "compare_evidence"
"""The work that looks for a case's evidence among that of all others."""

_RULED: Mapping[str, str] = {"legitimate": "同一成果，合理", "unexplained": "需要说明"}


class Likeness(StrEnum):
    """How evidence of two applications is the same."""

    BYTES = "bytes"
    NUMBER = "number"
    ALIKE = "alike"


_SAID: Mapping[Likeness, str] = {
    Likeness.BYTES: "文件完全相同",
    Likeness.NUMBER: "证书或文号相同",
    Likeness.ALIKE: "页面图像相近",
}


@dataclass(frozen=True, slots=True)
class DuplicateShown:
    """Evidence that another application offers, too. ``mine``, ``other``: files by public id, empty for a number.

    ``other`` and ``other_case`` are empty, too, where the reader may not see the other case.
    """

    pair: str
    what: str
    mine: str
    page: int
    other: str
    other_page: int
    other_title: str
    other_case: str
    before: str


def order_prints(act: Act, case_id: int) -> None:
    """Have a case's evidence compared with that of others once this transaction has committed."""
    enqueue(act, kind=COMPARE, payload={"case": case_id})


def make_prints(act: Act, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Look at the pages of files that nobody has looked at: the slow part, in a process of its own."""
    made, scans = {}, {}
    for file in rows.unseen(act.session, payload["case"]):
        try:
            found = look_at(content_of(act, as_file(file)), file.media_type)
        except EvidenceLost:
            continue  # opening it tells so
        except Unreadable:
            found = Looked({}, ())  # what nobody can open has no pages to compare
        made[str(file.id)] = {str(page): each for page, each in found.prints.items()}
        scans[str(file.id)] = list(found.scans)
    return {"prints": made, "scans": scans}


@handles(COMPARE, prepare=make_prints, may_wait=True)
def compare(act: Act, payload: Mapping[str, Any]) -> None:
    """Keep the prints that were made, and what of the evidence another submitted application offers, too."""
    made = {int(file): {int(page): each for page, each in found.items()} for file, found in payload["prints"].items()}
    rows.keep_prints(act.session, made)
    rows.keep_scans(act.session, {int(file): pages for file, pages in payload["scans"].items()})
    case_id = payload["case"]
    mine = rows.ids_of(act.session, [case_id])[case_id]
    found = [*_same_bytes(act, case_id), *_alike(act, case_id), *_same_numbers(act, mine)]
    if found:
        others = rows.ids_of(act.session, {each.instance_id for each in found})
        add_new(act.session, Duplicate, _both_ways(act, mine, others, found), "id")
        audit.record(act, case_id=case_id, action="find_duplicates", object="evidence", result=str(len(found)))


@dataclass(frozen=True, slots=True)
class _Match:
    """Evidence of the case at hand, and of another (its instance): what is the same, as facts and as a key."""

    likeness: Likeness
    same: str
    instance_id: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[int, int] | None = None
    pages: tuple[int, int] = (1, 1)


def _same_bytes(act: Act, case_id: int) -> list[_Match]:
    return [
        _Match(Likeness.BYTES, mine.sha256, instance_id, files=(mine.id, other.id))
        for mine, other, instance_id in rows.same_bytes(act.session, case_id)
    ]


def _alike(act: Act, case_id: int) -> list[_Match]:
    """Of the pages of two files the most alike speak for them."""
    best: dict[tuple[int, int], tuple[int, rows.Alike]] = {}
    for each in rows.alike(act.session, case_id):
        apart, files = distance(each.print, each.other_print), (each.mine.id, each.other.id)
        if apart <= ALIKE and apart < best.get(files, (ALIKE + 1, each))[0]:
            best[files] = (apart, each)
    return [
        _Match(
            Likeness.ALIKE,
            ":".join(sorted((each.mine.sha256, each.other.sha256))),
            each.instance_id,
            {"apart": apart},
            files,
            (each.page, each.other_page),
        )
        for files, (apart, each) in best.items()
    ]


def _same_numbers(act: Act, application_id: int) -> list[_Match]:
    return [
        _Match(Likeness.NUMBER, number, instance_id, {"proves": owner, "number": number})
        for owner, _, number, instance_id in rows.same_numbers(act.session, application_id)
    ]


def _both_ways(act: Act, mine: int, others: Mapping[int, int], found: list[_Match]) -> list[dict[str, Any]]:
    """A row for each application of each pair."""
    owners = rows.owners_of(act.session, {file for each in found for file in each.files or ()})
    kept: dict[tuple[int, str], dict[str, Any]] = {}
    for each in found:
        other, files, pages = others[each.instance_id], each.files or (None, None), each.pages
        pair = _pair(each, mine, other)
        kept[mine, pair] = _kept(act, each, (mine, other), files, pages, owners) | {"pair": pair}
        kept[other, pair] = _kept(act, each, (other, mine), files[::-1], pages[::-1], owners) | {"pair": pair}
    return list(kept.values())


def _kept(
    act: Act,
    match: _Match,
    applications: tuple[int, int],
    files: tuple[int | None, ...],
    pages: tuple[int, ...],
    owners: Mapping[int, tuple[str, str]],
) -> dict[str, Any]:
    owner, name = owners.get(files[0] or 0, ("", ""))
    named = {"proves": owner, "name": name} if name else {}
    return {
        "application_id": applications[0],
        "other_id": applications[1],
        "likeness": match.likeness.value,
        "facts": {**named, **match.facts},
        "evidence_id": files[0],
        "page": pages[0],
        "other_evidence_id": files[1],
        "other_page": pages[1],
        "found_at": act.now,
    }


def _pair(match: _Match, *applications: int) -> str:
    """One key for a pair, whichever of the two applications is looked at."""
    who = ":".join(map(str, sorted(applications)))
    return hashlib.sha256(f"{match.likeness}|{match.same}|{who}".encode()).hexdigest()[:16]


def duplicates_of(act: Act, case: Case) -> list[rows.Told]:
    """Return what of a case's evidence another application offers, too; read once in a transaction."""
    return _looked_up(act, case)[1]


def application_id_at(act: Act, case: Case) -> int:
    """Return the id of a case's application, read together with its duplicates. Raises ``LookupError``."""
    found = _looked_up(act, case)[0]
    if found is None:
        raise LookupError(f"case {case.id} is about no application")
    return found


def _looked_up(act: Act, case: Case) -> tuple[int | None, list[rows.Told]]:
    return within(act.session, ("duplicates", case.id), lambda: rows.found_for(act.session, case.id))


def duplicates_shown(act: Act, case: Case) -> tuple[DuplicateShown, ...]:
    """Return the duplicates of a case with the ways to both files, as far as the actor may go them."""
    found = duplicates_of(act, case)
    seen = visible_among(act, [each.case.id for each in found]) if found else frozenset()
    return tuple(
        DuplicateShown(
            pair=each.row.pair,
            what=_told(each.row),
            mine=each.mine or "",
            page=each.row.page or 1,
            other=(each.other or "") if each.case.id in seen else "",
            other_page=each.row.other_page or 1,
            other_title=_titled(each),
            other_case=each.case.public_id if each.case.id in seen else "",
            before=_before(each),
        )
        for each in found
    )


def _told(row: Duplicate) -> str:
    """Say what is the same, part by part, each of which a page may put into its own language."""
    if row.likeness is None:
        return row.what
    facts = row.facts
    page = f"第 {row.page} 页" if row.page and facts.get("name") else ""
    apart = f"相差 {facts['apart']}/{BITS}" if "apart" in facts else ""
    parts = (_SAID[Likeness(row.likeness)], PROVES.get(facts.get("proves", ""), ""), facts.get("name"))
    return "；".join(part for part in (*parts, facts.get("number"), page, apart) if part)


def rows_to_rule(act: Act, case: Case) -> list[dict[str, Any]]:
    """Return the duplicates of a case as the rows of the format check's form."""
    return [
        {
            "row_key": each.row.pair,
            "pair": each.row.pair,
            "what": _told(each.row),
            "other": _titled(each),
            "before": _before(each),
        }
        for each in duplicates_of(act, case)
    ]


def _titled(told: rows.Told) -> str:
    return f"{told.cycle} · {told.case.title} · {told.host}"


def _before(told: rows.Told) -> str:
    if told.ruling is None:
        return ""
    return "；".join(part for part in (_RULED[told.ruling], told.note) if part)


def keep_rulings(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Keep what the format check ruled on duplicates."""
    found = {each.row.pair: each.row for each in duplicates_of(act, at.case)} if values.get("duplicates") else {}
    kept = [
        {
            "pair": row["pair"],
            "application_id": found[row["pair"]].application_id,
            "other_id": found[row["pair"]].other_id,
            "ruling": row["ruling"],
            "note": row.get("note") or "",
            "by_id": act.person_id,
            "at": act.now,
        }
        for row in values.get("duplicates") or ()
    ]
    add_rows(act.session, DuplicateRuling, kept)
