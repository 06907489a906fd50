"""``shuangyou dossier verify``: whole, changed, incomplete, no dossier at all; without database or network (C6.2)."""

import zipfile

import pytest
from click.testing import CliRunner

from app.domain.dossier import MANIFEST, SEAL
from app.main import cli
from app.services.dossier.packing import export_dossier, public_key
from tests.factories.studios import Building

LIFE = "工作室.xlsx"


@pytest.fixture
def sealed(stage, tmp_path):
    """A studio's dossier as its office sends it, and the key that the office makes known."""
    play = Building(stage)
    key = play.open()
    with stage.acting(play.province.people["province"]) as act:
        bundle, known = export_dossier(act, public_id=key), public_key(act)
    path = tmp_path / "卷宗.zip"
    path.write_bytes(b"".join(bundle.chunks()))
    return path, known


def verify(path, *words):
    """No installation is named: the check needs none."""
    return CliRunner(env={"SHUANGYOU_DATABASE_URL": "nowhere"}).invoke(cli, ["dossier", "verify", str(path), *words])


def changed(path, change):
    with zipfile.ZipFile(path) as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    change(content)
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as packed:
        for name, part in content.items():
            packed.writestr(name, part)
    return verify(other)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_says_whether_a_dossier_is_whole(sealed):
    path, key = sealed
    whole = verify(path, "--key", key)
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert "完好 / whole" in whole.stdout
    assert f"key {key}" in whole.stdout
    says_what_is_wrong(path)
    tells_what_is_no_dossier(path)


def says_what_is_wrong(path):
    with zipfile.ZipFile(path) as packed:
        name = next(each for each in packed.namelist() if each.endswith(LIFE))
    one_byte = changed(path, lambda content: content.update({name: content[name][:-1] + b"\x01"}))
    assert (one_byte.exit_code, one_byte.stderr) == (1, f"文件已被改动 / file changed: {name}\n")
    assert one_byte.stdout.endswith("有误 / broken\n")
    missing = changed(path, lambda content: content.pop(name))
    assert (missing.exit_code, missing.stderr) == (1, f"缺少文件 / file missing: {name}\n")
    added = changed(path, lambda content: content.update({"附件.txt": b"x"}))
    assert (added.exit_code, added.stderr) == (1, "清单以外的文件 / file that is not on the list: 附件.txt\n")
    another = verify(path, "--key", "00" * 32)
    assert (another.exit_code, another.stderr) == (1, f"不是所给公钥签的封条 / sealed with another key: {SEAL}\n")


def tells_what_is_no_dossier(path):
    folder = path.parent
    torn, plain, empty = folder / "torn.zip", folder / "plain.zip", folder / "empty.zip"
    torn.write_bytes(path.read_bytes()[:-200])
    with zipfile.ZipFile(plain, "w") as packed:
        packed.writestr("a.txt", b"a")
    empty.write_bytes(b"")
    no_list = changed(path, lambda content: content.pop(MANIFEST))
    no_seal = changed(path, lambda content: content.update({SEAL: b"{"}))
    refused = [no_list, no_seal, *(verify(each) for each in (torn, plain, empty, folder, folder / "missing.zip"))]
    assert [each.exit_code for each in refused] == [2] * len(refused)
    assert [isinstance(each.exception, SystemExit) for each in refused] == [True] * len(refused)
    assert [each.stdout for each in refused] == [""] * len(refused)
    assert all("[dossier_unreadable]" in each.stderr for each in refused)
