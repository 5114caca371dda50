"""Free texts of generated payloads, unlike in every request of a run.

Clients number or name what they send, so that a service can tell a repetition: it rightly ignores a request that
carries such a text again. Which texts these are no schema says, so that each is drawn anew. Written examples are left
as they are: a text in one may name what is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from conformance.model.act import Act, Burst, Connect, Emit, Enter, Exit, InOrder, Insist, Step, Together
from conformance.plan.stimulus import TOLD_LATER, Setting
from contracts.free_texts import is_uuid, made_texts
from contracts.model import Bundle, Request

BITS = 40
"""Of what is drawn: two texts of a service's whole life are never the same."""
MARK = BITS // 4
"""Its hexadecimal digits."""


def unrepeated(setting: Setting, act: Act) -> Act:
    """The act with free texts of their own in each valid request, but for those that broadcasts echo."""
    return replace(act, steps=tuple(map(_Drawing(setting=setting, act=act.name, numbers=count()).step, act.steps)))


def drawn(setting: Setting, request: Request, payload: Any, mark: str, *, echoed: bool = True) -> Any:
    """A payload with free texts of its own in place of the generated ones.

    Args:
        mark: tells the payload from others of the run.
        echoed: whether those are drawn, too, that come out as they went in.
    """
    texts = made_texts(setting.bundle, request, echoed=echoed)
    found = {name: text for name, text in texts.items() if isinstance(payload, dict) and payload.get(name) == text}
    ends = _edges(setting.bundle, request, payload) if echoed else {}
    if not (found or ends) or not _is_valid(request, payload):
        return payload
    shapes = request.payload.properties()
    made: dict[str, Any] = {}
    for name, text in {**found, **ends}.items():
        bits = setting.chance(setting.nonce, mark, request.event, name).getrandbits(128)
        made[name] = _other(text, shapes[name], bits) if name in found else text[:-MARK] + _mark(bits)
    return {**payload, **made}


def is_too_short(bundle: Bundle, request: Request, payload: Any) -> bool:
    """Whether a text at an edge of its schema has no room for what tells it from that of another run."""
    return any(len(text) < MARK for text in _edges(bundle, request, payload).values())


def _edges(bundle: Bundle, request: Request, payload: Any) -> dict[str, str]:
    """The free texts of a payload that are not the generated ones, and that no broadcast echoes."""
    texts = made_texts(bundle, request, echoed=False)
    given = {name: payload.get(name) for name in texts} if isinstance(payload, dict) else {}
    return {name: value for name, value in given.items() if isinstance(value, str) and value != texts[name]}


def restored(bundle: Bundle, request: Request, payload: Any) -> Any:
    """A payload with the generated texts again, by which it can be compared with others."""
    if not isinstance(payload, dict):
        return payload
    texts = made_texts(bundle, request, echoed=True)
    return {**payload, **{name: text for name, text in texts.items() if _stands_for(payload.get(name), text)}}


def _mark(bits: int) -> str:
    return f"{bits % (1 << BITS):0{MARK}x}"


def _other(text: str, shape: Mapping[str, Any], bits: int) -> str:
    if "format" in shape:
        return str(uuid.UUID(int=bits, version=4))
    mark = f" {_mark(bits)}"
    return text + mark if len(text) + len(mark) <= shape.get("maxLength", len(text) + len(mark)) else text


def _stands_for(value: Any, text: str) -> bool:
    """Whether a value has been drawn in place of a generated text."""
    if not isinstance(value, str):
        return False
    head, _, mark = value.rpartition(" ")
    return (head == text and len(mark) == MARK) or (is_uuid(text) and is_uuid(value))


def _is_valid(request: Request, payload: Mapping[str, Any]) -> bool:
    """Whether a payload keeps its schema, or will once the step is taken: what stands for a value is no JSON."""
    later = any(isinstance(value, TOLD_LATER) for value in payload.values())
    return later or request.payload.is_valid(payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """The texts of one act."""

    setting: Setting
    act: str
    numbers: Iterator[int]

    def step(self, step: Step) -> Step:
        match step:
            case Emit():
                return self._emit(step)
            case Enter() if step.event:
                return replace(step, payload=self._of(step.event, step.payload))
            case Exit():
                left = self.step(step.step)
                return replace(step, step=left) if isinstance(left, Emit) else step
            case Connect():
                return replace(step, at_once=tuple(map(self._emit, step.at_once)))
            case Insist():
                return replace(step, tries=tuple(map(self.step, step.tries)))
            case Burst():
                emits = tuple(map(self._emit, step.emits))
                return replace(step, emits=emits, then=tuple(map(self.step, step.then)))
            case Together() | InOrder():
                return replace(step, steps=tuple(map(self.step, step.steps)))
            case _:
                return step

    def _emit(self, emit: Emit) -> Emit:
        first, *rest = emit.args or (None,)
        return replace(emit, args=(self._of(emit.event, first), *rest)) if emit.args else emit

    def _of(self, event: str, payload: Any) -> Any:
        request = self.setting.bundle.request(event)
        if request is None:
            return payload
        return drawn(self.setting, request, payload, f"{self.act}/{next(self.numbers)}", echoed=False)
