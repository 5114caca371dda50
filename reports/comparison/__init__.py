"""Two runs held against each other, each format a file that renders a `reports.parts.compare.Comparison`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from reports.parts.compare import Comparison

Render = Callable[[Comparison], str]


def formats() -> tuple[str, ...]:
    """The names of the formats, which are those of their files."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


def renderer(name: str) -> Render:
    """The function that renders a format."""
    render: Render = importlib.import_module(f"reports.comparison.{name}").render
    return render
