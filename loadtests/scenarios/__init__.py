"""Every other file of this folder is one load scenario: it defines one class named `Scenario`."""

from __future__ import annotations

import importlib
from pathlib import Path

from loadtests.workload.scenario import Scenario

FOLDER = Path(__file__).parent


def found(folder: Path = FOLDER) -> dict[str, str]:
    """The scenarios of a folder: the name that Locust shows (`room_churn.py` is `RoomChurn`), and the module."""
    modules = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    return {name_of(module): module for module in modules}


def name_of(module: str) -> str:
    """The name that Locust shows of a scenario's module."""
    return "".join(word.capitalize() for word in module.split("_"))


def scenarios() -> dict[str, type[Scenario]]:
    """The class of each scenario, under the name that Locust shows."""
    return {name: importlib.import_module(f"loadtests.scenarios.{module}").Scenario for name, module in found().items()}
