"""HTTP calls that provoke broadcasts without being documented to clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.schema import shown

REFUSAL_CHARACTERS = 400
"""How much of an answer is quoted where a trigger was refused: services say there what they would have taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An HTTP call that provokes a broadcast without being documented to clients.

    In `url`, `headers` and `body`, `{field}` stands for a field of the broadcast's payload, the room's key among them;
    `{now_ms}`, `{now_iso}` and `{uuid}` for the time and a fresh id. A body value that is a placeholder alone keeps
    the field's type.
    """

    event: str
    method: str
    url: str
    """A path of the API, or a whole address."""
    status: tuple[int, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    needs: tuple[str, ...] = ()
    """Names of headers whose values only a target knows; they go with this call alone."""
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Fields of which this call takes other values than the broadcast's contract has, with those that it takes."""

    def refusal(self, path: str, status: int | None, answer: Any) -> str:
        """That it was not taken, with what was called and what came back."""
        said = shown(answer, REFUSAL_CHARACTERS)
        came = f"answered {status} {said}" if status is not None else said
        return f"{self.method} {path} {came}, expected {' or '.join(map(str, self.status))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Triggers that come with a bundle, under a name that a target can choose."""

    name: str
    summary: str
    source: str
    calls: bool
    """Whether the documented HTTP calls are there as well."""
    triggers: Mapping[str, Trigger]
