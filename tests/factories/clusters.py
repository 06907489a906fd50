"""A PostgreSQL cluster of our own, for one run: in a temporary folder, on a socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

MISSING = (
    "PostgreSQL's initdb was found neither on PATH nor under /usr/lib/postgresql/*/bin: "
    "run `make setup-test`, or install the package `postgresql`"
)
_FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c listen_addresses='' "
    "-c autovacuum=off"  # rows come and go with every test, which puts them in the order of their entry
)
_DURABLE = "-c max_connections=60 -c listen_addresses=''"


def find_binaries() -> Path:
    """Return the folder with initdb and pg_ctl, of the newest version there is."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not installed:
        raise RuntimeError(MISSING)
    return installed[-1].parent


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a cluster and yield the folder of its socket. It does not outlive a crash of ours unless ``durable``."""
    binaries = find_binaries()
    with tempfile.TemporaryDirectory(prefix="shuangyou-pg-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        if os.geteuid() == 0:
            shutil.chown(root, "postgres")
        _run(
            [
                binaries / "initdb",
                "-D",
                root / "data",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ]
        )
        options = f"-k {root} {_DURABLE if durable else _FAST}"
        _run([binaries / "pg_ctl", "-D", root / "data", "-w", "-l", root / "log", "-o", options, "start"])
        try:
            yield str(root)
        finally:
            _run([binaries / "pg_ctl", "-D", root / "data", "-w", "-m", "immediate", "stop"])


def restart(socket: str) -> None:
    """Stop the cluster of that socket as a power cut would, and start it again with the same options."""
    _run(
        [find_binaries() / "pg_ctl", "-D", f"{socket}/data", "-w", "-m", "immediate", "-l", f"{socket}/log", "restart"]
    )


def _run(command: list[Path | str]) -> None:
    """PostgreSQL refuses to run as root: then its own user runs it."""
    user = {"user": "postgres", "cwd": "/"} if os.geteuid() == 0 else {}
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True, **user)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")


def create_database(socket: str, name: str, *, template: str | None = None) -> str:
    """Make a database and return its address; as a copy of ``template`` if one is named."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        like = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{like}')
    return f"postgresql+psycopg://postgres@/{name}?host={socket}"
