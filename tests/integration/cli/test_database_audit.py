"""The commands that make a database ready and look into the audit trail, as they are run."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.installation import put_together
from app.config import read_settings
from app.domain.roles import RoleKey
from app.main import cli
from app.services.own_password import SetUpCodeWrong, take_set_up_code
from tests.factories.errands import PASSWORD, UNITS

ADMINISTRATORS = "".join(f"{role}\n{role}先生\n" for role in ("system", "security", "audit"))


def run(folder: Path, *command: str, entered: str = "") -> Result:
    environment = {"SHUANGYOU_INSTANCE": str(folder), "LANG": "C.UTF-8"}
    return CliRunner(env=environment).invoke(cli, command, input=entered)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with its three administrators and the office's units."""
    folder = tmp_path_factory.mktemp("instance")
    (folder / "units.csv").write_text(UNITS)
    done = run(folder, "init", "--units", str(folder / "units.csv"), entered=ADMINISTRATORS)
    assert done.exit_code == 0, done.stderr
    assert "units: 7 added" in done.stdout
    assert "administrators: system, security, audit" in done.stdout
    assert [login for login, _ in codes_in(done.stdout)] == ["system", "security", "audit"]
    return folder


def codes_in(said: str) -> list[tuple[str, str]]:
    """The logins and set-up codes that a command printed."""
    return re.findall(r"^set-up code: (\S+) ((?:\w{4}-){4}\w{4}) \(", said, re.MULTILINE)


def test_init_asks_once(installed: Path) -> None:
    done = run(installed, "init")
    assert (done.exit_code, "administrators: appointed before" in done.stdout) == (0, True)


def test_there_is_no_default_password_and_a_code_makes_ones_own(installed: Path) -> None:
    issued = run(installed, "set-up-code", "system")
    assert (issued.exit_code, issued.stdout.splitlines()[0]) == (0, "http://127.0.0.1:8000/set-up")
    [(login, code)] = codes_in(issued.stdout)
    place = put_together(read_settings({"SHUANGYOU_INSTANCE": str(installed)}))
    with place.acting() as act:
        taken = take_set_up_code(act, login=login, code=code, password=PASSWORD)
        assert [held.role for held in taken.held] == [RoleKey.SYSADMIN]
    with pytest.raises(SetUpCodeWrong), place.acting() as act:
        take_set_up_code(act, login=login, code=code, password="Another-horse-9")
    place.database.close()


def test_an_upgrade_of_what_is_current_changes_nothing(installed: Path) -> None:
    done = run(installed, "upgrade")
    assert (done.exit_code, done.stdout) == (0, "models: deployment 1, 0 new\n")


def test_the_trail_is_whole(installed: Path) -> None:
    done = run(installed, "audit", "verify")
    assert (done.exit_code, "whole" in done.stdout, done.stderr) == (0, True, "")


def test_the_trail_is_exported(installed: Path, tmp_path: Path) -> None:
    shown = run(installed, "audit", "export", "--case", "0")
    written = run(installed, "audit", "export", "--output", str(tmp_path / "events.csv"))
    assert (shown.exit_code, written.exit_code) == (0, 0)
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("id,case_id,seq,at,")
    assert (tmp_path / "events.csv").read_text(encoding="utf-8-sig").splitlines() == lines


def test_what_cannot_be_done_is_told_in_a_line(installed: Path, tmp_path: Path) -> None:
    refusals = [
        run(tmp_path / "empty", "audit", "verify"),
        run(installed, "audit", "export", "--output", str(tmp_path / "no/such/folder.csv")),
        run(installed, "init", "--units", str(tmp_path / "missing.csv")),
        run(tmp_path / "fresh", "init", entered="system\n"),
        run(tmp_path / "twice", "init", entered=ADMINISTRATORS.replace("audit", "system")),
        run(installed, "set-up-code", "nobody"),
    ]
    assert [done.exit_code for done in refusals] == [2] * 6
    assert all(isinstance(done.exception, SystemExit) for done in refusals)
    assert all(done.stderr.strip() for done in refusals)


def test_a_list_with_faults_is_refused_line_by_line(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(f"{UNITS}X,甲,town,P,\nY,乙,city,Q,\n")
    done = run(installed, "init", "--units", str(tmp_path / "units.csv"))
    assert done.exit_code == 2
    assert "line 9: kind_unknown town" in done.stderr
