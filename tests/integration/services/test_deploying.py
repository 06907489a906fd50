"""Models are drafted by one, released by another, and deployed as a whole that no running case loses."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.forms import FormUnreadable
from app.domain.roles import RoleKey
from app.domain.states import IllegalTransition
from app.engine import ModelUnreadable
from app.services.acting import NotAllowed
from app.services.deployed import current_deployment, definition_of, form_of, form_version_of
from app.services.deploying import (
    Deployed,
    DraftModel,
    ModelHasErrors,
    VersionUnknown,
    import_directory,
    release_version,
    save_draft_model,
)
from app.services.listing import list_people
from app.services.people import Grant, end_role, grant_role
from app.store.models import AuditEvent, Deployment, Instance, ModelKind, ModelVersion, OpenTask
from tests.factories.acts import Stage
from tests.factories.errands import MODELS, begin, finish, found

BPMN = (MODELS / "bpmn/errand/errand.bpmn").read_bytes()
FORM = (MODELS / "forms/errand/check.json").read_bytes()


def _draft(stage: Stage, person: int, content: bytes, *, kind: ModelKind = ModelKind.BPMN, key: str = "errand"):
    with stage.acting(person) as act:
        return save_draft_model(act, draft=DraftModel(kind, key, "跑腿", content, "改一改"))


def _import(stage: Stage, root: Path) -> Deployed:
    with stage.acting() as act:
        return import_directory(act, root=root)


def test_a_directory_is_released_once(stage: Stage) -> None:
    found(stage, models=False)
    assert _import(stage, MODELS) == Deployed(number=1, versions=5)
    assert _import(stage, MODELS) == Deployed(number=1, versions=0)


def test_only_the_installation_imports(stage: Stage) -> None:
    people = found(stage, models=False)
    with pytest.raises(NotAllowed), stage.acting(people.publisher) as act:
        import_directory(act, root=MODELS)


def test_only_what_changed_gets_a_version(stage: Stage, tmp_path: Path) -> None:
    found(stage)
    shutil.copytree(MODELS, tmp_path / "models")
    form = tmp_path / "models/forms/errand/check.json"
    form.write_text(form.read_text().replace("结论", "核对结论"))
    assert _import(stage, tmp_path / "models") == Deployed(number=2, versions=1)
    with stage.reading() as act:
        rows = act.session.execute(select(ModelVersion.number, ModelVersion.state)).all()
    assert sorted(tuple(row) for row in rows) == [(1, "released")] * 4 + [(1, "retired"), (2, "released")]


def test_a_model_with_errors_is_not_imported_and_nothing_else_is(stage: Stage, tmp_path: Path) -> None:
    found(stage, models=False)
    shutil.copytree(MODELS, tmp_path / "models")
    (tmp_path / "models/bpmn/errand/errand.bpmn").write_bytes(BPMN.replace(b"errand_note", b"no_such_action"))
    with pytest.raises(ModelHasErrors) as refused:
        _import(stage, tmp_path / "models")
    assert (refused.value.params["model"], refused.value.params["count"]) == ("errand", 1)
    with stage.reading() as act:
        assert act.session.scalars(select(ModelVersion)).all() == []


def test_a_draft_is_kept_with_its_findings(stage: Stage) -> None:
    people = found(stage)
    saved = _draft(stage, people.designer, BPMN.replace(b"errand_note", b"no_such_action"))
    again = _draft(stage, people.designer, BPMN.replace("登记".encode(), "记下".encode()))
    assert ([finding.element for finding in saved.checked.errors], saved.number) == (["note"], 2)
    assert (again.public_id, again.number, again.checked.errors) == (saved.public_id, 2, ())
    with stage.reading() as act:
        row = act.session.scalars(select(ModelVersion).where(ModelVersion.public_id == saved.public_id)).one()
    assert (row.state, row.note, [finding["severity"] for finding in row.findings]) == ("draft", "改一改", ["warning"])


def test_two_designers_do_not_overwrite_each_other(stage: Stage) -> None:
    people = found(stage)
    first = _draft(stage, people.designer, BPMN)
    with stage.acting(people.secadmin) as act:
        grant_role(act, person_id=people.checker, grant=Grant(RoleKey.DESIGNER, people.units["P"], act.today))
    second = _draft(stage, people.checker, BPMN)
    assert (first.number, second.number) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "key", "content", "error"),
    [
        (ModelKind.BPMN, "errand", b"not xml", ModelUnreadable),
        (ModelKind.BPMN, "errand", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', ModelUnreadable),
        (ModelKind.BPMN, "another", BPMN, ModelUnreadable),
        (ModelKind.FORM, "errand/check", b"{", ModelUnreadable),
        (ModelKind.DMN, "routing", b"", ModelUnreadable),
    ],
)
def test_what_cannot_be_read_is_not_even_a_draft(stage: Stage, kind, key, content, error) -> None:
    people = found(stage)
    with pytest.raises((error, FormUnreadable)):
        _draft(stage, people.designer, content, kind=kind, key=key)


def test_a_release_takes_two(stage: Stage) -> None:
    people = found(stage)
    saved = _draft(stage, people.designer, BPMN.replace("登记".encode(), "记下".encode()))
    with pytest.raises(NotAllowed), stage.acting(people.designer) as act:
        release_version(act, version=saved.public_id)
    with stage.acting(people.publisher) as act:
        assert release_version(act, version=saved.public_id) == Deployed(number=2, versions=1)
    with pytest.raises(IllegalTransition), stage.acting(people.publisher) as act:
        release_version(act, version=saved.public_id)
    with stage.reading() as act:
        query = select(AuditEvent.action).where(AuditEvent.case_id == 0).order_by(AuditEvent.id)
        rows = act.session.scalars(query).all()
    assert rows[-3:] == ["save_draft_model", "deploy", "release_version"]


def test_nobody_releases_their_own_draft(stage: Stage) -> None:
    people = found(stage)
    saved = _draft(stage, people.designer, BPMN.replace("登记".encode(), "记下".encode()))
    with stage.acting(people.secadmin) as act:
        holding = next(row.held[0] for row in list_people(act) if row.id == people.designer)
        end_role(act, holding_id=holding.id, last_day=act.today)
        tomorrow = act.today + timedelta(days=1)
        grant_role(act, person_id=people.designer, grant=Grant(RoleKey.PUBLISHER, people.units["P"], tomorrow))
    stage.clock.move(days=1)
    with pytest.raises(NotAllowed) as refused, stage.acting(people.designer) as act:
        release_version(act, version=saved.public_id)
    assert refused.value.params == {"needed": "another_person"}


def test_a_draft_with_errors_is_not_released(stage: Stage) -> None:
    people = found(stage)
    saved = _draft(stage, people.designer, BPMN.replace(b"errand_note", b"no_such_action"))
    with pytest.raises(ModelHasErrors), stage.acting(people.publisher) as act:
        release_version(act, version=saved.public_id)
    with pytest.raises(VersionUnknown), stage.acting(people.publisher) as act:
        release_version(act, version="nothing")
    with stage.reading() as act:
        assert len(act.session.scalars(select(Deployment)).all()) == 1


def test_running_cases_keep_what_they_were_started_on(stage: Stage) -> None:
    people = found(stage)
    old = begin(stage, people)
    model = _draft(stage, people.designer, BPMN.replace('核对"'.encode(), '复核"'.encode()))
    form = _draft(
        stage,
        people.designer,
        FORM.replace("核对".encode(), "复核".encode()),
        kind=ModelKind.FORM,
        key="errand/check",
    )
    for saved in (model, form):
        with stage.acting(people.publisher) as act:
            release_version(act, version=saved.public_id)
    new = begin(stage, people)
    for case in (old, new):
        finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.reading() as act:
        shown = {}
        for task in act.session.scalars(select(OpenTask)):
            assert task.form_version_id is not None
            shown[task.instance_id] = (task.title, form_of(act.session, task.form_version_id).title.zh)
        pinned = [act.session.get_one(Instance, case.id).deployment_id for case in (old, new)]
        assert pinned[1] == current_deployment(act.session)
        names = [definition_of(act.session, deployment, "errand").elements["check"].name for deployment in pinned]
    assert shown == {old.id: ("核对", "核对"), new.id: ("复核", "复核")}
    assert names == ["核对", "复核"]


def test_a_restart_does_not_undo_what_people_released(stage: Stage) -> None:
    people = found(stage)
    saved = _draft(stage, people.designer, BPMN.replace('核对"'.encode(), '复核"'.encode()))
    with stage.acting(people.publisher) as act:
        release_version(act, version=saved.public_id)
    assert _import(stage, MODELS) == Deployed(number=2, versions=0)


def test_definitions_and_forms_are_read_once(stage: Stage) -> None:
    found(stage)
    with stage.reading() as act:
        deployment = current_deployment(act.session)
        definition_of(act.session, deployment, "errand")
        version = form_version_of(act.session, deployment, "errand", "check")
        assert version is not None
        form_of(act.session, version)
    with stage.reading() as act, stage.database.statements() as counted:
        definition_of(act.session, deployment, "errand")
        assert form_version_of(act.session, deployment, "errand", "check") == version
        form_of(act.session, version)
    assert counted.statements == []
