"""A scenario of one's own: one Python file outside of Roomcheck, given as `--scenario path.py`."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import sys
from pathlib import Path
from types import ModuleType

from conformance.support.errors import UsageError
from loadtests.worker.own_code import MODULE, where
from loadtests.workload.option import Option
from loadtests.workload.scenario import Scenario


def is_file(name: str) -> bool:
    """Whether the value of `--scenario` is a path, and no name of a scenario of Roomcheck."""
    return name.endswith(".py") or "/" in name or os.sep in name


def load(path: str) -> tuple[str, type[Scenario]]:
    """The scenario of a file, and the name that it is counted under: `my_rooms.py` is `MyRooms`.

    Raises:
        UsageError: there is no such file, it cannot be imported, or it has no scenario; says where.
    """
    file = Path(path)
    name = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^0-9A-Za-z]+", file.stem))
    if file.is_dir():
        raise UsageError(f"--scenario: {path} is a folder; expected a Python file with one scenario")
    if not file.exists():
        raise UsageError(f"--scenario: there is no file {path}")
    if not name.isidentifier():
        raise UsageError(
            f"--scenario: {path}: the name of the file has to begin with a letter: the scenario is named by it"
        )
    kind = _scenario_of(_imported(file), path)
    wrong = [one for one in kind.options if not isinstance(one, Option)] if isinstance(kind.options, tuple) else [kind]
    if wrong:
        raise UsageError(
            f"--scenario: {path}: options of {kind.__name__}: expected a tuple of loadtests.workload.option.Option"
        )
    return name, kind


def _imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(MODULE, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"--scenario: {file}: expected a Python file, whose name ends with .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    # Last: modules beside the file can be imported, and hide no library.
    folder = os.path.dirname(os.path.realpath(file))
    sys.path += [] if folder in sys.path else [folder]
    try:
        spec.loader.exec_module(module)
    except OSError as error:
        if error.filename == str(file):
            raise UsageError(f"--scenario: {file} cannot be read: {error.strerror}") from error
        raise UsageError(f"--scenario: {where(error, str(file))}") from error
    except (Exception, SystemExit) as error:
        raise UsageError(f"--scenario: {where(error, str(file))}") from error
    return module


def _scenario_of(module: ModuleType, path: str) -> type[Scenario]:
    own = [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Scenario) and one.__module__ == MODULE
    ]
    last = [one for one in own if not any(one in other.__mro__[1:] for other in own)]
    if len(last) != 1:
        found = f"it has {', '.join(sorted(one.__name__ for one in last))}" if last else "it has none"
        raise UsageError(
            f"--scenario: {path}: expected one class that is based on loadtests.workload.scenario.Scenario, and {found}"
        )
    return last[0]
