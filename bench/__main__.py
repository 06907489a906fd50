"""Run every module of this directory that has ``figures``; ``ONLY`` names one module or one figure."""

import importlib
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure

HERE = Path(__file__).parent


def programs(only: str) -> Iterator[Path]:
    """Files that have figures; with ``only``, those of that name or in whose text a figure of that name stands."""
    for path in sorted(HERE.glob("*.py")):
        text = path.read_text()
        if (
            "def figures(" in text
            and path.stem != "__main__"
            and (not only or only == path.stem or f'"{only}"' in text)
        ):
            yield path


def measured(path: Path, only: str) -> Iterator[Figure]:
    """The figures of one file, all of them or the one asked for."""
    for figure in importlib.import_module(f"bench.{path.stem}").figures():
        if only in {"", path.stem, figure.name}:
            yield figure


def main() -> int:
    """Print a line of JSON for each figure, then a table; 1 if one does not hold or could not be measured."""
    only = os.environ.get("ONLY", "")
    found: list[Figure] = []
    failed = False
    begun = time.monotonic()
    for path in programs(only):
        try:
            for figure in measured(path, only):
                found.append(figure)
                print(figure.line(), flush=True)
        except Exception:  # noqa: BLE001 - one broken program does not hide the figures of the others
            traceback.print_exc()
            print(f"bench/{path.name}: not measured", file=sys.stderr)
            failed = True
    print()
    for figure in found:
        verdict = "holds" if figure.holds else "FALLS SHORT"
        print(f"{figure.name:<44} {figure.value:>14,.3f} {figure.unit:<12} {figure.bar:<12} {verdict}")
    print(f"{len(found)} figures in {time.monotonic() - begun:.0f} s")
    if not found and not failed:
        print(f"no figure is called {only!r}", file=sys.stderr)
    return int(failed or not found or not all(figure.holds for figure in found))


if __name__ == "__main__":
    sys.exit(main())
