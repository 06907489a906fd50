"""The catalogue of the programme's clauses: the ids that models, rules, forms, permissions and tests carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.clause_catalogue import ENTRIES
from app.domain.errors import DomainError, Kind


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the plan.

    ``section``: the plan's section, 2 to 6. ``title``, ``text``: Chinese, for pages; ``english``: a title. ``ours``:
    what the plan leaves open and we decided, in Chinese, empty where nothing was. ``order``: place in the plan.
    """

    id: str
    section: int
    title: str
    english: str
    text: str
    ours: str
    order: int


class UnknownClause(DomainError):
    """No clause has this id. Params: ``id``."""

    code = "unknown_clause"
    kind = Kind.NOT_FOUND


SECTIONS: Mapping[int, str] = {2: "建设目标", 3: "工作任务", 4: "申报条件", 5: "申报流程", 6: "组织管理"}
"""The plan's sections that hold rules."""

CLAUSES: Mapping[str, Clause] = {
    entry[0]: Clause(entry[0], int(entry[0][1]), *entry[1:], order=place) for place, entry in enumerate(ENTRIES)
}
"""Every clause by id, in the plan's order."""


def clause(clause_id: str) -> Clause:
    """Return the clause with this id. Raises ``UnknownClause``."""
    try:
        return CLAUSES[clause_id]
    except KeyError:
        raise UnknownClause(id=clause_id) from None


def clause_ids(text: str) -> tuple[str, ...]:
    """Return the ids of a ``sy:clauses`` attribute in the plan's order. Raises ``UnknownClause``."""
    return tuple(sorted({clause(word).id for word in text.split()}, key=lambda word: CLAUSES[word].order))
