"""Every other file of this folder is one load scenario: it defines one Locust user class named `Scenario`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def found(folder: Path = FOLDER) -> dict[str, str]:
    """The scenarios of a folder: the name that Locust shows, and the module. `room_churn.py` is shown as `RoomChurn`.

    Nothing is imported here: importing a scenario imports Locust, which patches the whole process.
    """
    modules = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    return {"".join(word.capitalize() for word in module.split("_")): module for module in modules}
