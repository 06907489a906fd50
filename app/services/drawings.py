"""The files in which models are drawn, as cases run on them."""

from app.services.acting import Act
from app.services.deployed import model_version_of
from app.services.hooks import Case
from app.store.queries import deployment as queries
from app.store.remembered import remembered


def drawing_of(act: Act, case: Case, process: str = "") -> bytes:
    """Return the BPMN file of the process that ``case`` runs, or of one that it calls. Raises ``ProcessUnknown``."""
    version_id = model_version_of(act.session, case.deployment_id, process or case.process_key)
    found = remembered(
        act.session, ("drawing", version_id), lambda: queries.contents(act.session, [version_id])[version_id]
    )
    if found is None:
        raise LookupError(f"no model version {version_id}")
    return found
