"""False materials reported of an application, at any time: who may report, and how the inquiry begins (C5.3e)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.programme.falsities import STANDINGS
from app.services.programme.parties import undertaking_unit_id
from app.services.running import Begin, CaseUnknown, Party, start_instance
from app.services.studios import case_title, studio_name
from app.store.models import Application, Falsity, Instance
from app.store.queries import applications, lines
from app.store.queries import falsities as rows

REPORTERS = (RoleKey.PROVINCE_COMMITTEE, RoleKey.SECRETARIAT)
"""Who begins an inquiry: 省委教育工委 that decides, and the undertaking unit that hands on what it learns."""

_LONGEST = 3000


class FalsityRefused(DomainError):
    """False materials are reported in words, of what is under selection or announced, one report at a time."""

    code = "falsity_refused"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Revoked:
    """A studio whose title was revoked after it had been announced; ``is_false``: for false materials."""

    studio: str
    document_number: str
    at: datetime
    is_false: bool


def revoked_studios(act: Act, *, cycle: str) -> tuple[Revoked, ...]:
    """Return the studios of a cycle that were revoked: the correction of its announcement, for everybody."""
    found = rows.revoked(act.session, cycle)
    false = [
        Revoked(studio_name(branch.name), falsity.document_number or "", falsity.decided_at or act.now, is_false=True)
        for falsity, branch in found
    ]
    others = [
        Revoked(studio.name, event.document, event.at, is_false=False)
        for event, studio in rows.revoked_otherwise(act.session, cycle)
    ]
    return tuple(sorted(false + others, key=lambda each: each.at))


def may_report_falsity(act: Act, *, case: str) -> bool:
    """Tell whether the actor may report false materials of a case now."""
    if not any(act.actor.holds(role) for role in REPORTERS):
        return False
    application = applications.application_of_case(act.session, case)
    return application is not None and _is_at_stake(act, application)


def _is_at_stake(act: Act, application: Application) -> bool:
    if application.host_id == act.actor.person_id or application.submitted_at is None:
        return False
    return application.state in STANDINGS and not rows.is_pending(act.session, application.id)


def report_falsity(act: Act, *, case: str, text: str) -> str:
    """Begin an inquiry into false materials; return the public id of the report.

    Raises ``NotAllowed``, ``CaseUnknown``, ``FalsityRefused``.
    """
    act.require(*REPORTERS)
    application = applications.application_of_case(act.session, case)
    if application is None:
        raise CaseUnknown(case=case)
    if not 0 < len(text.strip()) <= _LONGEST or not _is_at_stake(act, application):
        raise FalsityRefused
    falsity = Falsity(
        application_id=application.id, report=text.strip(), reported_by_id=act.person_id, reported_at=act.now
    )
    act.session.add(falsity)
    act.session.flush()
    province = lines.line_of(act.session, undertaking_unit_id(act), act.today)[-1]
    begin = Begin(
        process_key="falsity",
        business_key=falsity.public_id,
        title=case_title(act.session.get_one(Instance, application.instance_id).title, "弄虚作假处理"),
        cycle_id=application.cycle_id,
        parent_id=application.instance_id,
        data={"falsity": {"id": falsity.public_id}},
        parties=(Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),),
    )
    falsity.instance_id = start_instance(act, begin=begin).id
    act.session.flush()
    what = f"application/{application.public_id}"
    audit.record(act, case_id=falsity.instance_id, action="report_falsity", object=what)
    return falsity.public_id
