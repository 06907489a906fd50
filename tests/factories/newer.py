"""Newer releases of the errand: drafted by its designer, released by its publisher."""

from app.services.deploying import DraftModel, release_version, save_draft_model
from app.store.models import ModelKind
from tests.factories.acts import Stage
from tests.factories.errands import MODELS, People

ERRAND = (MODELS / "bpmn/errand/errand.bpmn").read_text("utf-8")

ARCHIVED = ERRAND.replace(
    '<bpmn:sequenceFlow id="check_to_gw" sourceRef="check" targetRef="gw_check" />',
    '<bpmn:userTask id="archive" name="归档"><bpmn:incoming>check_to_archive</bpmn:incoming>'
    "<bpmn:outgoing>check_to_gw</bpmn:outgoing></bpmn:userTask>"
    '<bpmn:sequenceFlow id="check_to_archive" sourceRef="check" targetRef="archive" />'
    '<bpmn:sequenceFlow id="check_to_gw" sourceRef="archive" targetRef="gw_check" />',
).replace("<bpmn:outgoing>check_to_gw</bpmn:outgoing>", "<bpmn:outgoing>check_to_archive</bpmn:outgoing>", 1)
ARCHIVED = ARCHIVED.replace(
    "<bpmn:flowNodeRef>check</bpmn:flowNodeRef>",
    "<bpmn:flowNodeRef>check</bpmn:flowNodeRef><bpmn:flowNodeRef>archive</bpmn:flowNodeRef>",
)
"""A task added after the check."""

RENAMED = (
    ARCHIVED.replace('id="check"', 'id="verify"')
    .replace(">check<", ">verify<")
    .replace('"check"', '"verify"')
    .replace("check.decision", "verify.decision")
)
"""The check has another id besides."""


WAITING = (
    ERRAND.replace('id="go_on"', 'id="may_go_on"')
    .replace(">go_on<", ">may_go_on<")
    .replace('Ref="go_on"', 'Ref="may_go_on"')
)
"""The message waited for has an element of another id."""

VERIFY_FORM = DraftModel(ModelKind.FORM, "errand/verify", "", (MODELS / "forms/errand/check.json").read_bytes())


def release_newer(stage: Stage, people: People, text: str) -> str:
    """Have a newer errand drafted and released; return the version's public id."""
    return release_draft(stage, people, DraftModel(ModelKind.BPMN, "errand", "跑腿", text.encode(), "新版"))


def release_draft(stage: Stage, people: People, draft: DraftModel) -> str:
    """Have it drafted and released; return the version's public id."""
    with stage.acting(people.designer) as act:
        saved = save_draft_model(act, draft=draft)
    with stage.acting(people.publisher) as act:
        release_version(act, version=saved.public_id)
    return saved.public_id
