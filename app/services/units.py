"""The tree of units: read from the office's list, changed only by adding and by ending edges."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.units import GOVERNANCE_OF, Governance, Schooling, UnitKind, may_be_under
from app.services import audit
from app.services.acting import Act
from app.store.models import Unit, UnitEdge
from app.store.queries import organisation

REQUIRED = ("code", "name", "kind", "superior", "governance")
OPTIONAL = ("schooling", "is_school_party")
_LARGEST = 5_000_000
E = TypeVar("E", bound=StrEnum)


class UnitUnknown(DomainError):
    """There is no such unit. Params: ``unit``."""

    code = "unit_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """What is wrong in one line of the list; ``code`` is a stable word, ``value`` what stands there."""

    line: int
    code: str
    value: str = ""


class UnitsRefused(DomainError):
    """The list has faults and nothing of it was taken; ``problems`` names each line. Params: ``count``, ``first``."""

    code = "units_refused"

    def __init__(self, problems: Sequence[UnitProblem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        super().__init__(count=len(problems), line=first.line, problem=first.code, value=first.value)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    code: str
    name: str
    kind: UnitKind
    superior: str
    governance: Governance | None
    schooling: Schooling | None
    is_school_party: bool


def import_units(act: Act, *, content: bytes) -> Imported:
    """Take the office's list (CSV, UTF-8 or GB 18030): all of it or nothing.

    Columns: ``code, name, kind, superior, governance`` and, where known, ``schooling, is_school_party`` (1 or
    empty). A unit whose superior changed gets a new edge from today. Raises ``UnitsRefused``, ``NotAllowed``.
    """
    act.require(RoleKey.SYSADMIN)
    lines = _read(content)
    known = organisation.units_by_code(act.session)
    _check(lines, {code: unit.kind for code, unit in known.items()})
    added, changed = _write_units(act, lines, known)
    moved = _write_edges(act, lines, known)
    result = Imported(len(added), len((changed | moved) - added), len(lines) - len(added | changed | moved))
    details = f"added {result.added}, changed {result.changed}"
    audit.record(act, case_id=audit.OFFICE, action="import_units", object="units", result=details)
    return result


def _read(content: bytes) -> list[_Line]:
    rows = csv.DictReader(io.StringIO(_text(content)))
    missing = [name for name in REQUIRED if name not in _heads(rows)]
    if missing:
        raise UnitsRefused([UnitProblem(1, "column_missing", name) for name in missing])
    lines, problems = [], []
    for number, row in enumerate(_rows(rows), start=2):
        found = list(_row_problems(number, row))
        problems.extend(found)
        if not found:
            lines.append(_line(number, row))
    if problems:
        raise UnitsRefused(problems)
    return lines


def _heads(rows: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return rows.fieldnames or ()
    except csv.Error as error:
        raise UnitsRefused([UnitProblem(1, "not_csv", str(error))]) from error


def _rows(rows: "csv.DictReader[str]") -> Iterator[dict[str, str | None]]:
    """The rows as far as they can be told apart: an open quotation mark swallows the rest of a file."""
    try:
        yield from rows
    except csv.Error as error:
        raise UnitsRefused([UnitProblem(rows.line_num, "not_csv", str(error))]) from error


def _text(content: bytes) -> str:
    if len(content) > _LARGEST:
        raise UnitsRefused([UnitProblem(0, "file_too_large", str(len(content)))])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnitsRefused([UnitProblem(0, "not_text")])


def _row_problems(number: int, row: Mapping[str, str | None]) -> Iterator[UnitProblem]:
    for name in ("code", "name"):
        if not (row[name] or "").strip():
            yield UnitProblem(number, f"{name}_missing")
    kind = _word(UnitKind, row["kind"])
    if kind is None:
        yield UnitProblem(number, "kind_unknown", row["kind"] or "")
        return
    governance = _word(Governance, row["governance"])
    if governance not in GOVERNANCE_OF.get(kind, {None}):
        yield UnitProblem(number, "governance_wrong", row["governance"] or "")
    if row.get("schooling") and _word(Schooling, row["schooling"]) is None:
        yield UnitProblem(number, "schooling_unknown", row["schooling"] or "")


def _word(words: type[E], text: str | None) -> E | None:
    return next((word for word in words if word.value == (text or "").strip()), None)


def _line(number: int, row: Mapping[str, str | None]) -> _Line:
    return _Line(
        number=number,
        code=(row["code"] or "").strip(),
        name=(row["name"] or "").strip(),
        kind=UnitKind((row["kind"] or "").strip()),
        superior=(row["superior"] or "").strip(),
        governance=_word(Governance, row["governance"]),
        schooling=_word(Schooling, row.get("schooling")),
        is_school_party=(row.get("is_school_party") or "").strip() == "1",
    )


def _check(lines: Sequence[_Line], known: Mapping[str, UnitKind]) -> None:
    kinds = {**known, **{line.code: line.kind for line in lines}}
    problems, seen = [], set[str]()
    for line in lines:
        if line.code in seen:
            problems.append(UnitProblem(line.number, "code_twice", line.code))
        seen.add(line.code)
        if line.code in known and known[line.code] is not line.kind:
            problems.append(UnitProblem(line.number, "kind_changed", line.kind.value))
        if line.superior and line.superior not in kinds:
            problems.append(UnitProblem(line.number, "superior_unknown", line.superior))
        elif not may_be_under(line.kind, kinds.get(line.superior), line.governance):
            problems.append(UnitProblem(line.number, "superior_wrong", line.superior))
    if problems:
        raise UnitsRefused(problems)


def _write_units(act: Act, lines: Sequence[_Line], known: dict[str, Unit]) -> tuple[set[str], set[str]]:
    added, changed = set(), set()
    for line in lines:
        values = {
            "name": line.name,
            "governance": line.governance,
            "schooling": line.schooling,
            "is_school_party": line.is_school_party,
        }
        unit = known.get(line.code)
        if unit is None:
            known[line.code] = Unit(code=line.code, kind=line.kind, **values)
            act.session.add(known[line.code])
            added.add(line.code)
        elif any(getattr(unit, name) != value for name, value in values.items()):
            changed.add(line.code)
            for name, value in values.items():
                setattr(unit, name, value)
    act.session.flush()
    return added, changed


def _write_edges(act: Act, lines: Sequence[_Line], known: Mapping[str, Unit]) -> set[str]:
    edges = organisation.open_edges(act.session)
    moved = set()
    for line in lines:
        if not line.superior:
            continue
        unit, superior = known[line.code], known[line.superior]
        edge = edges.get(unit.id)
        if edge is not None and edge.superior_id == superior.id:
            continue
        moved.add(line.code)
        _move(act, edge, UnitEdge(unit_id=unit.id, superior_id=superior.id, valid_from=act.today))
    act.session.flush()
    return moved


def _move(act: Act, before: UnitEdge | None, after: UnitEdge) -> None:
    """End the old edge the day before; one that began today never held for a whole day and is replaced."""
    if before is not None and before.valid_from >= act.today:
        before.superior_id = after.superior_id
        return
    if before is not None:
        before.valid_to = act.today - timedelta(days=1)
        act.session.flush()
    act.session.add(after)
