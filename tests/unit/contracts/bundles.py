"""Every bundle of the project, and schemas of many forms."""

from functools import cache
from typing import Any

from contracts.exchange.source import Exported, exported, without
from contracts.load import HERE, bundled
from contracts.starter import Documents

TESTS = HERE.parent / "tests"
FOLDERS = sorted(
    str(path.parent)
    for pattern in ("cases/*/contracts", "services/*/contracts", "hostile/contracts")
    for path in TESTS.glob(f"{pattern}/bundle.json")
)
ALL = [*bundled(), *FOLDERS]


def documents(one: Exported) -> dict[str, Any]:
    """The documents of a bundle by what they are about; a namespace that is the usual one is left out."""
    made = {"bundle": without(one.source.head)}
    for some, key in ((one.source.events, "event"), (one.source.calls, "call"), (one.source.presets, "triggers")):
        made |= {f"{key} {document[key]}": without(document) for _, document in some}
    return _usual(made)


def by_name(made: Documents) -> dict[str, Any]:
    """Documents that were imported, in the same form."""
    keys = ("event", "call", "triggers")
    named = {next((f"{key} {one[key]}" for key in keys if key in one), "bundle"): one for one in made.values()}
    return _usual(named)


def _usual(made: dict[str, Any]) -> dict[str, Any]:
    usual = made["bundle"]["namespace"]
    return {
        name: without(one, "namespace") if name.startswith("event ") and one.get("namespace") == usual else one
        for name, one in made.items()
    }


@cache
def loaded(name: str) -> Exported:
    return exported(name)
