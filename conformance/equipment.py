"""What a journal keeps of a target's triggers and deadlines, so that a run is judged again as it was played."""

from __future__ import annotations

from typing import Any

import msgspec

from conformance.hiding import Secrets
from conformance.target import Target
from conformance.triggers import API, Equipped, Triggers, equipped, with_deadlines
from contracts.model import Bundle, Trigger


class TriggerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger of a target. The values of its headers are not kept."""

    method: str
    url: str
    status: tuple[int, ...]
    body: Any = None
    needs: tuple[str, ...] = ()


class Equipment(msgspec.Struct, frozen=True, kw_only=True):
    """How a target differs from the documented causes and deadlines."""

    base: str = API
    own: dict[str, TriggerRecord | None] = {}
    headers: tuple[str, ...] = ()
    """The names of the headers that the target had values for."""
    deadlines_ms: dict[str, int] = {}
    target: str = ""


def equipment_of(target: Target, secrets: Secrets) -> Equipment:
    """What a journal keeps of a target."""
    own = target.triggers.own.items()
    return Equipment(
        base=target.triggers.base,
        own={event: _record(trigger, secrets) if trigger else None for event, trigger in own},
        headers=tuple(target.headers),
        deadlines_ms=dict(target.deadlines),
        target=target.name,
    )


def equip(bundle: Bundle, target: Target) -> Equipped:
    """The contracts as a target can be made to keep them."""
    where = f"targets.{target.name or 'NAME'}"
    return equipped(with_deadlines(bundle, target.deadlines), target.triggers, tuple(target.headers), where)


def with_equipment(bundle: Bundle, equipment: Equipment) -> Equipped:
    """The contracts as a target of another day could be made to keep them; to judge by, not to play from."""
    own = {event: _trigger(event, record) if record else None for event, record in equipment.own.items()}
    triggers = Triggers(base=equipment.base, own=own)
    where = f"targets.{equipment.target or 'NAME'}"
    return equipped(with_deadlines(bundle, equipment.deadlines_ms), triggers, equipment.headers, where)


def _record(trigger: Trigger, secrets: Secrets) -> TriggerRecord:
    return TriggerRecord(
        method=trigger.method,
        url=secrets.covered(trigger.url),
        status=trigger.status,
        body=secrets.cover(trigger.body),
        needs=trigger.needs,
    )


def _trigger(event: str, record: TriggerRecord) -> Trigger:
    return Trigger(event=event, **msgspec.structs.asdict(record))
