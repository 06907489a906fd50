"""Evidence that turns up in several applications: the same bytes, the same number, pages that look alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import CompoundSelect, Row, ScalarSelect, Select, exists, func, literal, select, union_all, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, defer

from app.domain.prints import bands_of
from app.store.adding import add_rows
from app.store.models import (
    Application,
    Appointment,
    Appraisal,
    Award,
    Commendation,
    CommitteeWork,
    Cycle,
    Duplicate,
    DuplicateRuling,
    Evidence,
    EvidenceUse,
    Instance,
    PageBand,
    PagePrint,
    Person,
    Publication,
    Title,
)
from app.store.models.section4 import DocumentedRow

_NUMBERED: Mapping[str, type[DocumentedRow]] = {
    "appointments": Appointment,
    "titles": Title,
    "commendations": Commendation,
    "publications": Publication,
    "appraisals": Appraisal,
    "committee_works": CommitteeWork,
    "awards": Award,
}
"""The lists of the form whose rows bear the number of a paper."""

Columns = TypeVarTuple("Columns")

LEAST_NUMBER = 4
"""A shorter number says too little: a year, a plain count."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two files, one of each application, with the pages by which they resemble each other."""

    mine: Evidence
    page: int
    print: str
    other: Evidence
    other_page: int
    other_print: str
    instance_id: int


def unseen(session: Session, instance_id: int) -> Sequence[Evidence]:
    """Return the files a case uses whose pages nobody has looked at."""
    used = exists().where(EvidenceUse.evidence_id == Evidence.id, EvidenceUse.instance_id == instance_id)
    query = select(Evidence).where(used, Evidence.scans.is_(None), Evidence.infected_at.is_(None))
    return session.scalars(query.order_by(Evidence.id)).all()


def keep_scans(session: Session, scans: Mapping[int, Sequence[int]]) -> None:
    """Keep which pages of files (file → pages) are scans."""
    if scans:
        session.execute(update(Evidence), [{"id": file, "scans": list(pages)} for file, pages in scans.items()])


def keep_prints(session: Session, prints: Mapping[int, Mapping[int, str]]) -> None:
    """Keep the prints of files (file → page → print) that have none yet, with their bands."""
    known = set(session.scalars(select(PagePrint.evidence_id).where(PagePrint.evidence_id.in_(tuple(prints)))))
    rows = [
        PagePrint(evidence_id=file, page=page, print=found)
        for file, pages in prints.items()
        if file not in known
        for page, found in pages.items()
    ]
    session.add_all(rows)
    session.flush()
    bands = [{"band": band, "print_id": row.id} for row in rows for band in sorted(set(bands_of(row.print)))]
    add_rows(session, PageBand, bands)


def same_bytes(session: Session, instance_id: int) -> Sequence[Row[Evidence, Evidence, int]]:
    """Return the files of a case whose bytes another application uses, too: mine, the other, its case."""
    mine, other, my_use, use = aliased(Evidence), aliased(Evidence), aliased(EvidenceUse), aliased(EvidenceUse)
    query = (
        select(mine, other, use.instance_id)
        .select_from(my_use)
        .join(mine, mine.id == my_use.evidence_id)
        .join(other, other.sha256 == mine.sha256)
        .join(use, use.evidence_id == other.id)
        .join(Application, Application.instance_id == use.instance_id)
        .where(my_use.instance_id == instance_id, use.instance_id != instance_id)
        .where(Application.submitted_at.is_not(None))
    )
    return session.execute(_distinct(query, mine, other).order_by(mine.id, other.id)).all()


def alike(session: Session, instance_id: int) -> list[Alike]:
    """Return the files of a case that share a band of a page with a file of another application."""
    mine, other, my_use, use = aliased(Evidence), aliased(Evidence), aliased(EvidenceUse), aliased(EvidenceUse)
    printed, found = aliased(PagePrint), aliased(PagePrint)
    band, shared = aliased(PageBand), aliased(PageBand)
    query = (
        select(mine, printed.page, printed.print, other, found.page, found.print, use.instance_id)
        .select_from(my_use)
        .join(mine, mine.id == my_use.evidence_id)
        .join(printed, printed.evidence_id == mine.id)
        .join(band, band.print_id == printed.id)
        .join(shared, shared.band == band.band)
        .join(found, found.id == shared.print_id)
        .join(other, other.id == found.evidence_id)
        .join(use, use.evidence_id == other.id)
        .join(Application, Application.instance_id == use.instance_id)
        .where(my_use.instance_id == instance_id, use.instance_id != instance_id, other.sha256 != mine.sha256)
        .where(Application.submitted_at.is_not(None))
    )
    return [Alike(*row) for row in session.execute(_distinct(query, mine, other))]


def _distinct(query: Select[*Columns], *files: type[Evidence]) -> Select[*Columns]:
    """Each row once; PostgreSQL compares no JSON, so that the pages of files that are scans are left out."""
    return query.options(*(defer(each.scans) for each in files)).distinct()


def same_numbers(session: Session, application_id: int) -> Sequence[Row[str, str, str, int]]:
    """Return the rows of an application whose paper has the number of one of another: list, row, number, its case."""
    mine, others = _numbers().subquery(), _numbers().subquery()
    query = (
        select(mine.c.owner, mine.c.row_key, mine.c.number, Application.instance_id)
        .select_from(mine)
        .join(others, others.c.number == mine.c.number)
        .join(Application, Application.id == others.c.application_id)
        .where(mine.c.application_id == application_id, others.c.application_id != application_id)
        .where(Application.submitted_at.is_not(None), func.length(mine.c.number) >= LEAST_NUMBER)
    )
    return session.execute(query.distinct().order_by(mine.c.owner, mine.c.row_key)).all()


def _numbers() -> CompoundSelect[str, int, str, str]:
    parts = (
        select(
            literal(owner).label("owner"),
            table.application_id.label("application_id"),
            table.row_key.label("row_key"),
            func.lower(func.replace(table.doc_number, " ", "")).label("number"),
        ).where(table.doc_number.is_not(None))
        for owner, table in _NUMBERED.items()
    )
    return union_all(*parts)


def owners_of(session: Session, evidence_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return what each of these files proves (the part of the form that owns it) and its name."""
    query = select(Evidence.id, EvidenceUse.owner, Evidence.file_name).join(
        EvidenceUse, EvidenceUse.evidence_id == Evidence.id
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query.where(Evidence.id.in_(tuple(evidence_ids))))}


def ids_of(session: Session, instance_ids: Collection[int]) -> dict[int, int]:
    """Return the application that each of these cases is about."""
    query = select(Application.instance_id, Application.id).where(Application.instance_id.in_(tuple(instance_ids)))
    return {row[0]: row[1] for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Told:
    """A duplicate of an application with the other one's case, host and cycle, and what was last ruled on the pair."""

    row: Duplicate
    case: Instance
    host_id: int
    host: str
    cycle: str
    mine: str | None
    other: str | None
    ruling: str | None
    note: str | None


def found_for(session: Session, instance_id: int) -> tuple[int | None, list[Told]]:
    """Return the id of the application that a case is about (None: it is about none), and its duplicates."""
    mine, other, own = aliased(Evidence), aliased(Evidence), aliased(Application)
    query = (
        select(own.id, Duplicate, Instance, Application.host_id, Person.name, Cycle.title)
        .add_columns(mine.public_id, other.public_id)
        .add_columns(_last(DuplicateRuling.ruling), _last(DuplicateRuling.note))
        .outerjoin(Duplicate, Duplicate.application_id == own.id)
        .outerjoin(Application, Application.id == Duplicate.other_id)
        .outerjoin(Instance, Instance.id == Application.instance_id)
        .outerjoin(Person, Person.id == Application.host_id)
        .outerjoin(Cycle, Cycle.id == Application.cycle_id)
        .outerjoin(mine, mine.id == Duplicate.evidence_id)
        .outerjoin(other, other.id == Duplicate.other_evidence_id)
        .where(own.instance_id == instance_id)
    )
    found = session.execute(query.order_by(Duplicate.id)).all()
    return found[0][0] if found else None, [Told(*row[1:]) for row in found if row[1] is not None]


def _last(column: InstrumentedAttribute[str]) -> ScalarSelect[str]:
    query = select(column).where(DuplicateRuling.pair == Duplicate.pair).correlate(Duplicate)
    return query.order_by(DuplicateRuling.id.desc()).limit(1).scalar_subquery()
