"""Finds the lies: each is one file in `lies/` that holds a class `Lie`, the service with one thing changed."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from conformance.reference.service import Service


@cache
def lies() -> dict[str, type[Service]]:
    """Every lie by its name, which is its file's with dashes."""
    names = sorted(path.stem for path in (Path(__file__).parent / "lies").glob("*.py") if path.stem != "__init__")
    found = {}
    for name in names:
        module = importlib.import_module(f"conformance.reference.lies.{name}")
        found[name.replace("_", "-")] = module.Lie
    return found
