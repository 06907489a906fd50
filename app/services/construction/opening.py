"""A studio opened by its approval (C6.2): one case of ``construction`` each, for exactly three years."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.cycle import CycleSettings, settings_from_json
from app.domain.papers import PaperKind
from app.domain.periods import Period
from app.domain.roles import RoleKey
from app.domain.states import StudioState
from app.domain.studios import (
    DOCUMENT_NAMES,
    FIRST_DOCUMENTS,
    BuildingYear,
    DocumentKind,
    begins,
    ends,
    term_of,
    years_of,
)
from app.domain.units import UnitKind, UnitRef, party_organisations
from app.services import audit
from app.services.acting import Act
from app.services.landing import case_of
from app.services.outbox import enqueue, handles
from app.services.papers.ordering import Order, order_paper
from app.services.running import Begin, Party, start_instance
from app.services.studios import school_of, studio_name
from app.store.models import Application, ApplicationState, Cycle, Instance, Studio, Unit
from app.store.queries import lines
from app.store.queries import studios as rows
from app.store.types import new_public_id

OPEN_ALL = "open_studios"
"""The work that opens every studio of an announced cycle."""

OPEN = "open_studio"
"""The work that opens one studio."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What a studio is opened with: its approval by a document, who hosts which branch's studio, in which direction.

    ``application_id`` None: approved before the programme ran here; then what is ``filed`` and how many years are
    done with is left out of its construction, which begins at its true stage.
    """

    cycle: Cycle
    branch_id: int
    host_id: int
    direction: str
    document: str
    approved_on: date
    application_id: int | None = None
    filed: frozenset[DocumentKind] = frozenset()
    years_done: int = 0


def open_later(act: Act, *, cycle_id: int, document: str, approved_on: date) -> None:
    """Have the studios of an announced cycle opened once this transaction has committed."""
    payload = {"cycle": cycle_id, "document": document, "approved_on": approved_on.isoformat()}
    enqueue(act, kind=OPEN_ALL, payload=payload)


@handles(OPEN_ALL)
def open_all(act: Act, payload: Mapping[str, Any]) -> None:
    """Have each studio of a cycle opened in a transaction of its own: one that cannot be hinders no other."""
    for application_id in rows.not_opened(act.session, payload["cycle"]):
        enqueue(act, kind=OPEN, payload={**payload, "application": application_id})


@handles(OPEN)
def open_announced(act: Act, payload: Mapping[str, Any]) -> None:
    """Open the studio of an application, once, if it is announced still."""
    application = act.session.get_one(Application, payload["application"])
    is_revoked = application.state is not ApplicationState.ANNOUNCED
    if is_revoked or rows.studio_of_application(act.session, application.id) is not None:
        return
    approved = Approved(
        cycle=act.session.get_one(Cycle, payload["cycle"]),
        branch_id=application.branch_id,
        host_id=application.host_id,
        direction=application.field or "",
        document=payload["document"],
        approved_on=date.fromisoformat(payload["approved_on"]),
        application_id=application.id,
    )
    open_studio(act, approved=approved)


def open_studio(act: Act, *, approved: Approved) -> Studio:
    """Open a studio under its branch's full name (C6.1a) and start its construction. Raises ``NoActingUnit``."""
    line = lines.line_of(act.session, approved.branch_id, act.today)
    term = term_of(approved.approved_on)
    key = new_public_id()
    started = start_instance(act.as_system(), begin=_begin(approved, line, term, key))
    studio = Studio(
        public_id=key,
        instance_id=started.id,
        application_id=approved.application_id,
        cycle_id=approved.cycle.id,
        branch_id=approved.branch_id,
        host_id=approved.host_id,
        host_since=term.first,
        name=studio_name(line[0].name),
        direction=approved.direction,
        document=approved.document,
        starts_on=term.first,
        ends_on=term.last,
        state=StudioState.BUILDING,
    )
    act.session.add(studio)
    act.session.flush()
    order_paper(act, case_of(act.session.get_one(Instance, started.id)), Order(PaperKind.STUDIO_CERTIFICATE))
    what = f"{term.first} – {term.last}"
    audit.record(act, case_id=started.id, action="open_studio", object=approved.document, result=what)
    return studio


def _begin(approved: Approved, line: Sequence[Unit], term: Period, key: str) -> Begin:
    school, settings = school_of(line), settings_from_json(approved.cycle.settings)
    filing_due = ends(term.first + timedelta(days=settings.filing_days))
    data = {
        "case": {"id": key},
        "studio": {
            "id": key,
            "starts_on": str(term.first),
            "ends_on": str(term.last),
            "ends_at": _text(ends(term.last)),
        },
        "unit": {"kind": school.kind.value, "governance": school.governance.value if school.governance else None},
        "limits": {"filing_due_at": _text(filing_due)},
        "documents": [
            {"kind": kind.value, "year": 0, "name": DOCUMENT_NAMES[kind], "due_at": _text(filing_due)}
            for kind in FIRST_DOCUMENTS
            if kind not in approved.filed
        ],
        "years": [_year(year, settings) for year in years_of(term) if year.number > approved.years_done],
    }
    return Begin(
        process_key="construction",
        business_key=key,
        title=studio_name(line[0].name),
        cycle_id=approved.cycle.id,
        data=data,
        parties=tuple(_parties(line, approved.host_id)),
    )


def _year(year: BuildingYear, settings: CycleSettings) -> dict[str, Any]:
    first, last = year.period.first, year.period.last
    return {
        "number": year.number,
        "starts_on": str(first),
        "ends_on": str(last),
        "starts_at": _text(begins(first)),
        "ends_at": _text(ends(last)),
        "plan_due_at": _text(ends(first + timedelta(days=settings.filing_days))),
        "funds_due_at": _text(ends(first + timedelta(days=settings.funding_days))),
        "report_due_at": _text(ends(last + timedelta(days=settings.report_days))),
    }


def _parties(line: Sequence[Unit], host_id: int) -> Iterator[Party]:
    """Who plays the lanes: of the line's units those there are; the model says which of them acts."""
    acting = party_organisations([UnitRef(str(unit.id), unit.kind, unit.is_school_party) for unit in line])
    yield Party(RoleKey.HOST, person_id=host_id)
    yield Party(RoleKey.SUPERIOR_PARTY, unit_id=int(acting.superior))
    yield Party(RoleKey.SCHOOL_PARTY, unit_id=int(acting.school))
    for unit in line:
        if unit.kind is UnitKind.COUNTY:
            yield Party(RoleKey.COUNTY, unit_id=unit.id)
        if unit.kind is UnitKind.CITY:
            yield Party(RoleKey.PRELIM, unit_id=unit.id)
    yield Party(RoleKey.PROVINCE_COMMITTEE, unit_id=line[-1].id)


def _text(moment: Any) -> str:
    return str(moment.isoformat())
