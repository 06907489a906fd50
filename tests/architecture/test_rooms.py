"""Imports go down only."""

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == os.EX_OK


def test_nothing_below_web_jobs_and_cli_reads_the_wall_clock():
    rooms = ("domain", "engine", "store", "services")
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for room in rooms
        for path in (ROOT / "app" / room).rglob("*.py")
        for word in ("datetime.now(", "datetime.utcnow(", "date.today(", "time.time(")
        if word in path.read_text()
    }
    assert found == set()


def test_the_commit_happens_at_the_edge_only():
    """Apart from the one commit there is that of migrations, which change tables, not business."""
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*.py") if ".commit()" in path.read_text()}
    assert found == {"app/store/base.py", "app/store/migrating.py"}


def test_what_is_heavy_is_not_loaded_where_pages_are_served() -> None:
    heavy = (
        "numpy",
        "scipy",
        "highspy",
        "PIL",
        "imagehash",
        "pikepdf",
        "pypdfium2",
        "openpyxl",
        "icalendar",
        "alembic",
        "authlib",
    )
    asked = f"import sys, app.main; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
