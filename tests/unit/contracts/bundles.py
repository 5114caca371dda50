"""Every bundle of the project, and schemas of many forms."""

from functools import cache
from typing import Any

import pytest

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
VARIED = {"example", "auction_rooms", "darkroom_binary", "ferry_arguments", "lighthouse_acks", "studio_entered_by_call"}
"""Bundles that have, together, nearly all that contracts can say; `make test-long` has the others as well."""
EACH = [
    pytest.param(
        name, marks=[] if VARIED & set(name.split("/")) else pytest.mark.long, id=name.removeprefix(f"{TESTS}/")
    )
    for name in ALL
]


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
