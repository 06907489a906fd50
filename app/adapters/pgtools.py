"""pg_dump and pg_restore: PostgreSQL's own programs, where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from app.domain.errors import DomainError, Kind

_DEBIAN = Path("/usr/lib/postgresql")


class ToolMissing(DomainError):
    """A program of PostgreSQL's client package is not installed here. Params: ``tool``."""

    code = "tool_missing"
    kind = Kind.CONFLICT


class ToolFailed(DomainError):
    """A program of PostgreSQL's ended with an error. Params: ``tool``, ``reason`` (its last line)."""

    code = "tool_failed"


def dump(connection: dict[str, Any], target: Path, *, snapshot: str, without_schema: str) -> None:
    """Write what the exported ``snapshot`` sees into ``target``, in PostgreSQL's custom format."""
    wanted = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={without_schema}")
    _run("pg_dump", connection, *wanted, f"--snapshot={snapshot}", f"--file={target}")


def load(connection: dict[str, Any], source: Path) -> None:
    """Load a dump into an empty database: all of it or nothing."""
    _run("pg_restore", connection, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", source)


def find(tool: str) -> Path:
    """Return the newest ``tool`` installed. Raises ``ToolMissing``."""
    packaged = sorted(_DEBIAN.glob(f"*/bin/{tool}"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which(tool)
    if packaged:
        return packaged[-1]
    if on_path is None:
        raise ToolMissing(tool=tool)
    return Path(on_path)


def _run(tool: str, connection: dict[str, Any], *arguments: object) -> None:
    """Run a tool; the password goes through the environment, where no list of processes shows it."""
    known = {name: value for name, value in connection.items() if name != "password"}
    environment = {**os.environ, "PGPASSWORD": str(connection.get("password", ""))}
    command = [str(find(tool)), f"--dbname={make_conninfo(**known)}", *map(str, arguments)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if done.returncode != 0:
        raise ToolFailed(tool=tool, reason=(done.stderr.strip().splitlines() or ["?"])[-1])
