"""Backup and restore on both databases: all of it, proved, or refused with nothing changed."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.adapters.archive import ArchiveCorrupt, ArchiveExists
from app.domain.papers import PaperKind
from app.main import cli
from app.services.backing_up import (
    ArchiveNewer,
    FileLost,
    OtherDatabase,
    TargetNotEmpty,
    back_up,
    check,
    restore,
)
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.inbox import inbox
from app.services.outside import ports_of
from app.store import Database, copying
from app.store.models import Base, Evidence, OpenTask, PaperTemplate
from app.store.queries.evidence import NAMING_FILES
from tests.factories.acts import Stage
from tests.factories.clusters import create_database
from tests.factories.errands import People, StartedInstance, begin, finish, found
from tests.factories.invariants import check as check_store
from tests.factories.playing import pdf

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def begun(stage: Stage) -> tuple[People, StartedInstance]:
    """A case on its way, with two files, and a template of letters."""
    people = found(stage)
    case = begin(stage, people)
    with stage.acting(people.host) as act:
        (item,) = inbox(act).items
        for name in ("one", "two"):
            upload = Upload(f"{name}.pdf", io.BytesIO(pdf(name)))
            store_evidence(act, task_id=item.task_id, upload=upload, purpose=Purpose("papers", name))
        template = act.ports.files.put(b"a template")
        act.session.add(
            PaperTemplate(
                kind=PaperKind.RECEIPT, version=1, sha256=template, file_name="a.docx", by_id=people.host, at=AT
            )
        )
    return people, case


@pytest.fixture
def elsewhere(stage: Stage, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """An installation of the same kind that holds nothing yet."""
    if stage.database.connection is None:
        url = f"sqlite:///{tmp_path}/elsewhere.sqlite3"
    else:
        url = create_database(request.getfixturevalue("postgres_socket"), f"elsewhere_{tmp_path.name}")
    database = Database(url)
    yield Stage(database, ports_of(database, evidence_root=tmp_path / "elsewhere"), stage.clock)
    database.close()


def made(stage: Stage, folder: Path) -> Path:
    target = folder / "backup.zip"
    back_up(stage.database, stage.ports.files, target, at=AT, version="1.2")
    return target


def content(stage: Stage) -> copying.Content:
    with stage.database.reading() as session:
        return copying.content_of(session)


def test_what_was_backed_up_is_restored_and_goes_on(
    stage: Stage, elsewhere: Stage, begun: tuple[People, StartedInstance], tmp_path: Path
) -> None:
    people, case = begun
    target = made(stage, tmp_path)
    assert target.stat().st_mode & 0o777 == 0o600
    told = check(target)
    assert (told.files, told.version, told.made_at) == (3, "1.2", AT.isoformat())
    before = content(stage)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    assert restore(elsewhere.database, elsewhere.ports.files, target) == told
    assert content(elsewhere) == before
    with elsewhere.reading() as act:
        assert act.ports.files.get(act.session.scalars(select(PaperTemplate.sha256)).one()) == b"a template"
    assert sum(before.counts.values()) == told.rows
    check_store(elsewhere)
    finish(elsewhere, people.host, case, "ask", {"what": "茶"})
    finish(elsewhere, people.checker, case, "check", {"decision": "approve"})
    with elsewhere.reading() as act:
        assert [task.element_id for task in act.session.scalars(select(OpenTask))] == ["countersign"]
    check_store(elsewhere)
    with pytest.raises(TargetNotEmpty):
        restore(elsewhere.database, elsewhere.ports.files, target)


def test_every_column_that_names_a_file_is_known() -> None:
    tables = [table for table in Base.metadata.sorted_tables if "content" not in table.c]
    naming = {str(column) for table in tables for column in table.c if column.name.endswith("sha256")}
    assert naming == {str(column.property.columns[0]) for column in NAMING_FILES}


@pytest.mark.usefixtures("begun")
def test_nothing_is_overwritten_and_no_half_archive_stays(stage: Stage, tmp_path: Path) -> None:
    target = made(stage, tmp_path)
    with pytest.raises(ArchiveExists):
        made(stage, tmp_path)
    target.unlink()
    with stage.reading() as act:
        sha256 = act.session.scalars(select(Evidence.sha256)).first() or ""
    stage.ports.files.delete(sha256)
    with pytest.raises(FileLost) as lost:
        made(stage, tmp_path)
    assert lost.value.params == {"sha256": sha256}
    assert list(tmp_path.glob("backup*")) == []


def rewritten(source: Path, **changed: object) -> Path:
    """The archive with another manifest, or with members added, changed or left out (None)."""
    target = source.with_name("rewritten.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        about = orjson.loads(old.read("manifest.json"))
        about |= {name: value for name, value in changed.items() if name in about}
        members = {name: old.read(name) for name in old.namelist()}
        members["manifest.json"] = orjson.dumps(about)
        members |= {name: value for name, value in changed.items() if name not in about}
        for name, value in members.items():
            if value is not None:
                new.writestr(name, value)
    return target


@pytest.mark.parametrize(
    "changed",
    [
        {"database": b"torn"},
        {"database": None},
        {"manifest.json": b"{"},
        {"manifest.json": b'{"members": 3}'},
        {"../../outside": b"slipped"},
        {"members": {"database": [1, "0"], "../../outside": [7, "0"]}, "../../outside": b"slipped"},
        {"members": {"database": ["many", 3]}},
        {"rows": "none"},
    ],
    ids=str,
)
def test_a_damaged_archive_is_refused_and_nothing_changed(
    stage: Stage, elsewhere: Stage, begun: object, tmp_path: Path, changed: dict[str, object]
) -> None:
    assert begun
    source = made(stage, tmp_path)
    is_inside = "database" in changed
    source = replaced(source, changed["database"]) if is_inside else rewritten(source, **changed)
    for act in (check, lambda path: restore(elsewhere.database, elsewhere.ports.files, path)):
        with pytest.raises(ArchiveCorrupt):
            act(source)
    assert copying.is_empty(elsewhere.database)
    assert not (tmp_path / "elsewhere" / "outside").exists()
    assert not list(tmp_path.rglob("outside"))


def replaced(source: Path, database: object) -> Path:
    """The archive with another database inside, or none; its manifest as it was."""
    target = source.with_name("replaced.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != "database":
                new.writestr(name, old.read(name))
            elif isinstance(database, bytes):
                new.writestr(name, database)
    return target


@pytest.mark.usefixtures("begun")
def test_torn_and_foreign_files_are_refused(stage: Stage, tmp_path: Path) -> None:
    source = made(stage, tmp_path)
    torn = tmp_path / "torn.zip"
    torn.write_bytes(source.read_bytes()[:-200])
    foreign = tmp_path / "foreign.zip"
    foreign.write_text("no archive")
    middle = bytearray(source.read_bytes())
    middle[len(middle) // 2] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(middle)
    for path in (torn, foreign, tmp_path / "flipped.zip", tmp_path / "nowhere.zip"):
        with pytest.raises(ArchiveCorrupt):
            check(path)


@pytest.mark.usefixtures("begun")
def test_later_versions_and_other_databases_are_refused(stage: Stage, elsewhere: Stage, tmp_path: Path) -> None:
    source = made(stage, tmp_path)
    for changed in ({"revision": "9999"}, {"format": 2}):
        with pytest.raises(ArchiveNewer):
            restore(elsewhere.database, elsewhere.ports.files, rewritten(source, **changed))
    made_on = "postgresql" if stage.database.connection is None else "sqlite"
    with pytest.raises(OtherDatabase):
        restore(elsewhere.database, elsewhere.ports.files, with_kind(source, made_on))


def with_kind(source: Path, kind: str) -> Path:
    """The archive with another kind of database in its manifest."""
    target = source.with_name("kind.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                content = orjson.dumps({**orjson.loads(content), "database": kind})
            new.writestr(name, content)
    return target


def test_the_commands_back_up_check_and_restore(tmp_path: Path) -> None:
    def run(instance: str, *arguments: object) -> str:
        environment = {"SHUANGYOU_INSTANCE": str(tmp_path / instance), "SHUANGYOU_DATABASE_URL": None}
        done = CliRunner().invoke(cli, [str(each) for each in arguments], env=environment)
        assert done.exit_code == 0, done.output
        return done.output

    run("here", "upgrade")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert "完好" in run("here", "backup", folder)
    (archive,) = folder.glob("shuangyou-*.zip")
    assert "完好" in run("here", "backup", "--check", archive)
    assert "完好" in run("there", "restore", archive)
    assert "完好" in run("there", "audit", "verify")
    refused = CliRunner().invoke(cli, ["restore", str(archive)], env={"SHUANGYOU_INSTANCE": str(tmp_path / "there")})
    assert (refused.exit_code, "[target_not_empty]" in refused.output) == (2, True)
