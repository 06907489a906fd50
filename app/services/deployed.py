"""What a case runs on: the definition, the forms and the decisions of its deployment, read once and then remembered."""

from collections.abc import Mapping

from app.domain.errors import DomainError, Kind
from app.domain.forms import Form, parse_form
from app.engine import Definition, Source, load_definition
from app.store import Session
from app.store.models import ModelKind
from app.store.queries import deployment as queries
from app.store.remembered import remembered


class NothingDeployed(DomainError):
    """No model has been released yet: run ``shuangyou init``. Params: ``process``."""

    code = "nothing_deployed"
    kind = Kind.CONFLICT


class ProcessUnknown(DomainError):
    """The deployment holds no such process. Params: ``process``."""

    code = "process_unknown"
    kind = Kind.NOT_FOUND


def current_deployment(session: Session) -> int:
    """Return the id of the deployment that a new case takes. Raises ``NothingDeployed``."""
    found = queries.latest_id(session)
    if found is None:
        raise NothingDeployed
    return found


def model_version_of(session: Session, deployment_id: int, process_key: str) -> int:
    """Return the id of the process's version in a deployment. Raises ``ProcessUnknown``."""
    found = queries.snapshot(session, deployment_id).get((ModelKind.BPMN, process_key))
    if found is None:
        raise ProcessUnknown(process=process_key)
    return found


def definition_of(session: Session, deployment_id: int, process_key: str, rules_id: int | None = None) -> Definition:
    """Return a process as its deployment has it, with the decision tables of ``rules_id`` (None: its own).

    Raises ``ProcessUnknown``.
    """
    key = ("definition", deployment_id, rules_id or deployment_id, process_key)
    found = remembered(session, key, lambda: _definition(session, deployment_id, process_key, rules_id))
    if found is None:
        raise ProcessUnknown(process=process_key)
    return found


def _definition(session: Session, deployment_id: int, process_key: str, rules_id: int | None) -> Definition:
    model_version_of(session, deployment_id, process_key)
    return load_definition(sources_of(session, deployment_id, rules_id), process_key)


def sources_of(session: Session, deployment_id: int, rules_id: int | None = None) -> tuple[Source, ...]:
    """Return the processes of a deployment and the decision tables of ``rules_id`` (None: its own)."""
    held = {ModelKind.BPMN: deployment_id, ModelKind.DMN: rules_id or deployment_id}
    drawn = {
        version_id: f"{key}.{kind.value}"
        for wanted, holder in held.items()
        for (kind, key), version_id in queries.snapshot(session, holder).items()
        if kind is wanted
    }
    contents = queries.contents(session, list(drawn))
    return tuple(Source(name, contents[version_id]) for version_id, name in sorted(drawn.items(), key=lambda it: it[1]))


def decisions_of(session: Session, deployment_id: int) -> Mapping[str, bytes]:
    """Return the DMN files of a deployment by their keys."""
    drawn = {
        key: version_id
        for (kind, key), version_id in queries.snapshot(session, deployment_id).items()
        if kind is ModelKind.DMN
    }
    contents = queries.contents(session, list(drawn.values()))
    return {key: contents[version_id] for key, version_id in drawn.items()}


def form_version_of(session: Session, deployment_id: int, process_key: str, element_id: str) -> int | None:
    """Return the id of the form version that a task of this element pins, None where it has no form."""
    return queries.snapshot(session, deployment_id).get((ModelKind.FORM, f"{process_key}/{element_id}"))


def form_json_of(session: Session, form_version_id: int) -> bytes:
    """Return the file of a form's version."""
    key = ("form_json", form_version_id)
    found = remembered(session, key, lambda: queries.contents(session, [form_version_id])[form_version_id])
    if found is None:
        raise LookupError(f"no form version {form_version_id}")
    return found


def form_of(session: Session, form_version_id: int) -> Form:
    """Return a form by its version."""
    found = remembered(session, ("form", form_version_id), lambda: _form(session, form_version_id))
    if found is None:
        raise LookupError(f"no form version {form_version_id}")
    return found


def _form(session: Session, form_version_id: int) -> Form:
    return parse_form(queries.contents(session, [form_version_id])[form_version_id])
