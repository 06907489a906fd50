"""The command line's way in: `shuangyou`, or `python -m app`."""

import gc
from importlib import import_module


def run() -> None:
    """Load the product and do what the command line says.

    Loading makes a million objects that all stay: looking among them for what could go costs a start a sixth of its
    time, and later every process of a server a share of its memory.
    """
    gc.disable()
    cli = import_module("app.main").cli
    gc.freeze()
    gc.enable()
    cli()


if __name__ == "__main__":
    run()
