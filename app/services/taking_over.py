"""Studios of earlier years taken over from a list: tried out, then opened as shown, at their true stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.adapters.sheets import read_sheets
from app.domain.cycle import CycleSettings, settings_to_json
from app.domain.roles import RoleKey
from app.domain.roster.plan import Fault, Plan, PlannedSheet, Verdict
from app.domain.roster.studios import COLUMNS, SHEET_NAME, BranchThere, WantedStudio, plan_studios
from app.domain.states import CycleStatus
from app.services import audit
from app.services.acting import Act
from app.services.construction.opening import Approved, open_studio
from app.services.programme.studio_life.deeds import Deed, note_event
from app.services.roster.kept import ImportMoved, ImportRefused, keep_file, mark_applied, waiting
from app.store.adding import add_rows
from app.store.models import Cycle, StudioCommitment, StudioEventKind
from app.store.queries import audit as chains
from app.store.queries import organisation, taking_over

_FILES = "studio file"


@dataclass(frozen=True, slots=True)
class StudioTrial:
    """A list tried out, with what it would do now."""

    public_id: str
    file_name: str
    at: datetime
    plan: Plan


def template(act: Act) -> bytes:
    """Return the empty sheet."""
    headings = [column.heading for column in COLUMNS]
    sheet = Sheet(SHEET_NAME, headings, [], hints=[column.hint for column in COLUMNS])
    return workbook(sheet, made_at=act.now)


def try_studios(act: Act, *, file_name: str, content: bytes) -> str:
    """Keep a list for a look at what it would do; return the trial's public id. Nothing is changed.

    Raises ``NotAllowed``, ``SheetUnreadable``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    _plan(act, content)
    return keep_file(act, _FILES, file_name=file_name, content=content)


def view_studios(act: Act, *, public_id: str) -> StudioTrial:
    """Return what a list would do if it were applied now. Raises ``NotAllowed``, ``ImportUnknown``."""
    act.require(RoleKey.PROVINCE_COMMITTEE)
    row, content = waiting(act, _FILES, public_id)
    return StudioTrial(row.public_id, row.file_name, row.at, _plan(act, content)[0])


def take_over(act: Act, *, public_id: str, digest: str) -> int:
    """Open the studios of a list exactly as it was shown, whole or not at all; return how many.

    Raises ``NotAllowed``, ``ImportUnknown``, ``ImportMoved``, ``ImportRefused``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    chains.lock_end(act.session, audit.OFFICE)
    row, content = waiting(act, _FILES, public_id, lock=True)
    plan, wanted = _plan(act, content)
    if plan.digest != digest:
        raise ImportMoved
    if not plan.is_sound or not wanted:
        raise ImportRefused(count=plan.counts[Verdict.REFUSED])
    for each in wanted:
        open_earlier(act, each)
    mark_applied(act, row, {Verdict.ADDED.value: len(wanted)})
    return len(wanted)


def open_earlier(act: Act, wanted: WantedStudio) -> str:
    """Open a studio approved before it was kept here, at its true stage; return its public id.

    What is filed and which years are done with is left out of its construction; what is due by now falls due at once.
    """
    branch, host = taking_over.branch_and_host(act.session, wanted.branch, wanted.host)
    approved = Approved(
        cycle=_cycle(act, wanted.approved_on.year),
        branch_id=branch,
        host_id=host,
        direction=wanted.direction,
        document=wanted.document,
        approved_on=wanted.approved_on,
        filed=frozenset(wanted.filed),
        years_done=wanted.years_done,
    )
    studio = open_studio(act, approved=approved)
    rows = [
        {"studio_id": studio.id, "number": number, "heading": clause, "text": text, "measure": ""}
        for number, (clause, text) in enumerate(wanted.commitments, start=1)
    ]
    add_rows(act.session, StudioCommitment, rows)
    told = {"filed": [kind.value for kind in wanted.filed], "years_done": wanted.years_done}
    note_event(
        act, studio, Deed(StudioEventKind.TAKEN_OVER, act.today, wanted.document, "以前年度批准，转入平台。", told)
    )
    return studio.public_id


def _cycle(act: Act, year: int) -> Cycle:
    """The call under which studios of a year are kept that were approved before the programme ran here."""
    title = f"{year}年度（启用平台前）"
    found = taking_over.cycle_called(act.session, title)
    if found is not None:
        return found
    cycle = Cycle(
        programme_id=organisation.programme_id(act.session),
        title=title,
        year=year,
        status=CycleStatus.ANNOUNCED,
        settings=settings_to_json(CycleSettings()),
        announced_at=act.now,
    )
    act.session.add(cycle)
    act.session.flush()
    return cycle


def _plan(act: Act, content: bytes) -> tuple[Plan, list[WantedStudio]]:
    """Compare the first sheet with what is there. Raises ``SheetUnreadable``."""
    sheet = next(each for each in read_sheets(content) if each.rows)
    headings = ["".join(text.split()).rstrip("*＊") for text in sheet.rows[0][1]]
    keys = {word: column.key for column in COLUMNS for word in (column.key, column.heading)}
    missing = [column.heading for column in COLUMNS if column.is_required and column.heading not in headings]
    unknown = [heading for heading in headings if heading and heading not in keys]
    faults = [Fault(code, {"value": "、".join(names)}) for code, names in _wrong(missing, unknown) if names]
    if faults:
        return Plan((PlannedSheet(sheet.name, None, tuple(faults)),)), []
    places = [keys.get(heading, "") for heading in headings]
    rows = [(line, _cells(places, texts)) for line, texts in sheet.rows[1:]]
    there = taking_over.branches(act.session, [cells.get("branch", "") for _, cells in rows], act.today)
    found = {code: BranchThere(*each) for code, each in there.items()}
    planned = plan_studios([(line, cells) for line, cells in rows if any(cells.values())], found.get, act.today)
    plan = Plan((PlannedSheet(sheet.name, None, (), tuple(row for row, _ in planned)),))
    return plan, [wanted for _, wanted in planned if wanted is not None]


def _wrong(missing: list[str], unknown: list[str]) -> tuple[tuple[str, list[str]], ...]:
    return ("columns_missing", missing), ("columns_unknown", unknown)


def _cells(places: list[str], texts: tuple[str, ...]) -> Mapping[str, str]:
    padded = [*texts, *[""] * (len(places) - len(texts))]
    return {key: text.strip() for key, text in zip(places, padded, strict=False) if key}
