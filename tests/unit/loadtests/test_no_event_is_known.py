"""Load reads from contracts what a service is called to do: no event of the SOS service stands in its code."""

import ast
from pathlib import Path

import pytest

from contracts.load import load
from tests.running import ROOT

LOADTESTS = ROOT / "loadtests"
INCIDENT = LOADTESTS / "scenarios" / "incident.py"
"""The one scenario that is of one service alone."""

BUNDLES = tuple(load(name) for name in ("sos", "sos-built"))
CALLED = {part for bundle in BUNDLES for call in bundle.calls.values() for part in (call.name, call.path)}
NAMES = {name for bundle in BUNDLES for name in bundle.events if ":" in name} | CALLED
"""Names of one word, such as `ping`, are words of Socket.IO as well."""


def texts(path: Path) -> set[str]:
    """The texts in the code of a module, without what is documentation."""
    tree = ast.parse(path.read_text())
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documented)
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.mark.parametrize("path", sorted(LOADTESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(LOADTESTS)))
def test_no_event_or_call_of_the_sos_service_is_named(path: Path) -> None:
    named = {text for text in texts(path) if any(name == text or name in text.split() for name in NAMES)}
    assert bool(named) is (path == INCIDENT), named
