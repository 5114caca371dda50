"""The command under a name that no other distribution has: what `roomcheck` and `python -m roomcheck` start.

Installed, this folder is the top-level package `roomcheck`, beside `cli`, `contracts` and the others. Those have common
names, so that they are not imported before it is certain that they are ours.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import NoReturn

FINDER = os.path.join("conformance", "support", "own_packages.py")


def run() -> NoReturn:
    """Run a command, and end with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Until the command takes signals: Ctrl-C tells no traceback.
    folder = os.path.dirname(os.path.abspath(__file__))
    while not os.path.isfile(os.path.join(folder, FINDER)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            print("roomcheck: parts of it are missing; install roomcheck again", file=sys.stderr)
            sys.exit(2)
    spec = spec_from_file_location("own_packages", os.path.join(folder, FINDER))
    assert spec is not None  # noqa: S101 - it has the name of a Python file
    assert spec.loader is not None  # noqa: S101 - files have one
    finder = module_from_spec(spec)
    spec.loader.exec_module(finder)
    finder.come_first(folder)
    sys.exit(import_module("cli").run())
