"""How a request is answered: by an ack, and by which value of it a refusal is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.inference.scenes import Emission
from conformance.inference.seen import Arguments
from contracts.pointer import pointed

FLAGS = ("ok", "success", "accepted", "done", "valid")
"""Fields of an ack that are false where the request was refused."""
WORDS = ("status", "type", "result", "code")
"""Fields of an ack that say in a word that the request was refused."""
BAD = ("error", "err", "fail", "failed", "ERROR", "rejected", "refused", "denied")
"""The words."""
ERRORS = ("error", "err", "errors", "reason")
"""Fields of an ack that are there, and not null, where the request was refused."""
ANSWERED = 0.9
"""The share of the acks asked for that came."""


@dataclass(slots=True, kw_only=True)
class Acks:
    """The acks of one request."""

    asked: int = 0
    came: int = 0
    refused: int = 0
    rule: dict[str, Any] | None = None
    """How a refusal is known, as `refused` of a contract says it."""
    good: Arguments = field(default_factory=Arguments)

    @property
    def is_acked(self) -> bool:
        """Whether the request is answered by an ack, which says something."""
        return self.came > 0 and self.came >= ANSWERED * self.asked and not self.is_empty

    @property
    def is_empty(self) -> bool:
        """Whether acks came, and all without an argument: some servers answer every name so, known or not."""
        return bool(self.good.total) and set(self.good.counts) == {0}


def acks_of(emissions: Sequence[Emission]) -> Acks:
    """Read the acks of a request's emissions; marks those that were refused."""
    came = [one for one in emissions if one.ack is not None]
    made = Acks(asked=sum(one.asked and not one.refused for one in emissions), came=len(came))
    for rule in _rules([one.ack for one in came if one.ack is not None]):
        bad = [one for one in came if _is_refusal(rule, one.ack)]
        if 0 < len(bad) < len(came):
            made.rule, made.refused = rule, len(bad)
            for one in bad:
                one.refused = True
            break
    for one in came:
        if not one.refused and one.ack is not None:
            made.good.add(one.ack)
    return made


def _rules(acks: Sequence[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The ways in which acks may say that a request was refused."""
    first = [args[0] if args else None for args in acks]
    if None in first and any(isinstance(one, str | dict) for one in first):
        yield {"at": "/0"}  # As callbacks of Node.js have it: the error first, or null.
    names = {name for args in acks for one in args[:1] if isinstance(one, dict) for name in one}
    for name in FLAGS:
        if name in names:
            yield {"at": f"/0/{name}", "const": False}
    for name in (name for name in WORDS if name in names):
        found = {pointed(list(args), f"/0/{name}") for args in acks if _is_text(args, name)}
        yield from ({"at": f"/0/{name}", "const": word} for word in BAD if word in found)
    for name in ERRORS:
        if name in names:
            yield {"at": f"/0/{name}"}


def _is_text(args: tuple[Any, ...], name: str) -> bool:
    return isinstance(pointed(list(args), f"/0/{name}"), str)


def _is_refusal(rule: dict[str, Any], args: tuple[Any, ...] | None) -> bool:
    value = pointed(list(args or ()), rule["at"])
    return value is rule["const"] or value == rule["const"] if "const" in rule else value is not None
