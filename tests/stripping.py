"""Bundles without their examples, as somebody writes them who leaves examples out."""

import json
import shutil
from pathlib import Path
from typing import Any

PARTS = ("client_to_server", "server_to_client", "reply", "answer")


def stripped(bundle: Path, folder: Path) -> Path:
    """A copy of a bundle in a new folder, in which no event and no call has an example."""
    copy = Path(shutil.copytree(bundle, folder))
    for path in (*copy.glob("events/*.json"), *copy.glob("http/*.json")):
        path.write_text(json.dumps(_without(json.loads(path.read_text()))))
    return copy


def _without(part: dict[str, Any]) -> dict[str, Any]:
    made = {name: value for name, value in part.items() if name not in ("examples", "invalid_answer")}
    return made | {name: _without(made[name]) for name in PARTS if _is_part(made, name)}


def _is_part(part: dict[str, Any], name: str) -> bool:
    """Whether a key is a part with a schema of what it carries; `answer` of a call is none that has examples."""
    return name in part and "status" not in part[name]
