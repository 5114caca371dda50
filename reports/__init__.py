"""Reports, each rendered from a journal alone. One file a format, found by folder."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

from conformance.journal.records import Journal

Render = Callable[[Sequence[Journal]], str]
"""From journals, usually one, to the report; an empty text where the format has nothing to say of such a run."""


def formats() -> tuple[str, ...]:
    """The names of the formats, which are those of their files."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


def renderer(name: str) -> Render:
    """The function that renders a format."""
    render: Render = importlib.import_module(f"reports.{name}").render
    return render


# Part of the distribution roomcheck.
