"""A stage done in error is annulled and done again: who may ask for it, of which cases, and how it begins."""

from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.programme.annulling import STAGES, annullable
from app.services.programme.parties import undertaking_unit_id
from app.services.running import Begin, CaseUnknown, Party, start_instance
from app.store.models import Instance
from app.store.queries import annulments as rows
from app.store.queries import applications, lines
from app.store.types import new_public_id

_LONGEST = 2000


class AnnulmentRefused(DomainError):
    """A stage is annulled with a reason and a document, while nothing has been built on it, one request at a time."""

    code = "annulment_refused"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a stage is to be annulled, and by which document."""

    reason: str
    document: str


def may_annul(act: Act, *, case: str) -> str | None:
    """Return what the stage is called that the actor may ask to annul in a case now; None: there is none."""
    application = applications.application_of_case(act.session, case)
    if application is None or not act.actor.holds(RoleKey.PROVINCE_COMMITTEE):
        return None
    stage = annullable(act, application)
    is_asked = rows.is_pending(act.session, application.instance_id)
    is_own = application.host_id == act.actor.person_id
    return None if stage is None or is_asked or is_own else STAGES[stage]


def ask_annulment(act: Act, *, case: str, grounds: Grounds) -> str:
    """Ask for the annulment of the stage that a case has passed last; return the key of the request.

    Another person decides. Raises ``NotAllowed``, ``CaseUnknown``, ``AnnulmentRefused``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    application = applications.application_of_case(act.session, case)
    if application is None:
        raise CaseUnknown(case=case)
    texts = (grounds.reason.strip(), grounds.document.strip())
    if may_annul(act, case=case) is None or not all(0 < len(text) <= _LONGEST for text in texts):
        raise AnnulmentRefused
    key, reason, document = new_public_id(), *texts
    begin = Begin(
        process_key="annulment",
        business_key=key,
        title=f"撤销重做：{act.session.get_one(Instance, application.instance_id).title}",
        cycle_id=application.cycle_id,
        parent_id=application.instance_id,
        data={
            "annulment": {
                "id": key,
                "application": application.public_id,
                "stage": annullable(act, application),
                "reason": reason,
                "document": document,
                "by": act.actor.public_id,
            }
        },
        parties=(
            Party(
                RoleKey.PROVINCE_COMMITTEE,
                unit_id=lines.line_of(act.session, undertaking_unit_id(act), act.today)[-1].id,
            ),
        ),
    )
    started = start_instance(act, begin=begin)
    audit.record(act, case_id=started.id, action="ask_annulment", object=f"application/{application.public_id}")
    return key
