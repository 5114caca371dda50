"""What a target offers in place of documented causes and deadlines: to play by, and for a journal to judge by again."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from conformance.model.ids import FORMS, SUBJECTS, Form
from conformance.target.secrets import Secrets
from conformance.target.target import Target
from conformance.target.triggers import DOCUMENTED, Equipped, Triggers, equipped, with_deadlines
from contracts.model import Bundle
from contracts.trigger import Trigger


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """How a target differs from the documented causes and deadlines."""

    triggers: Triggers = DOCUMENTED
    headers: tuple[str, ...] = ()
    """The names of the headers that the target had values for."""
    deadlines_ms: dict[str, int] = {}
    id_forms: tuple[Form, ...] = FORMS
    """The forms of room ids that are tried besides `RC-...`."""
    where: str = ""
    """The table of the settings that describes it, for hints."""


def equipment_of(target: Target) -> Capabilities:
    """What a target offers."""
    return Capabilities(
        triggers=target.triggers,
        headers=tuple(target.headers),
        deadlines_ms=dict(target.deadlines),
        id_forms=target.id_forms,
        where=target.where,
    )


def without_secrets(equipment: Capabilities, secrets: Secrets) -> Capabilities:
    """What a journal keeps of it: enough to judge by, with no value of a header."""

    def kept(trigger: Trigger) -> Trigger:
        return replace(trigger, headers={}, url=secrets.covered(trigger.url), body=secrets.cover(trigger.body))

    own = {event: kept(trigger) if trigger else None for event, trigger in equipment.triggers.own.items()}
    return msgspec.structs.replace(equipment, triggers=Triggers(base=equipment.triggers.base, own=own))


def equip(bundle: Bundle, equipment: Capabilities) -> Equipped:
    """The contracts as such a target can be made to keep them."""
    made = with_deadlines(bundle, equipment.deadlines_ms)
    found = equipped(made, equipment.triggers, equipment.headers, equipment.where)
    off = {subject for subject, form in SUBJECTS.items() if form is not None and form not in equipment.id_forms}
    reason = f"`id_forms` of [{equipment.where}] leaves such ids out"
    return replace(found, reasons={**found.reasons, **dict.fromkeys(off, reason)})
