"""What a target offers to provoke broadcasts: the documented API, internal calls, or what its settings describe.

The contracts of a run are the documented ones with these causes in place of those that the target does not have.
Pure: the rules never learn by which road a broadcast was provoked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.support.suggest import nearest
from conformance.support.template import names_in, unknown_name
from contracts.model import Broadcast, Bundle, Call
from contracts.schema import Schema
from contracts.trigger import Preset, Trigger

API = "api"
"""The documented HTTP calls, and nothing besides."""
NONE = "none"
"""No HTTP at all: only what clients emit."""

OWN_VALUES = ("now_ms", "now_iso", "uuid")
"""What a template may ask for besides the fields of the broadcast's payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """What a target says of its triggers: a base, and single events that differ from it."""

    base: str = API
    own: Mapping[str, Trigger | None] = field(default_factory=dict)
    """None where the target has no call that provokes the event."""


DOCUMENTED = Triggers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipped:
    """The contracts as a target can be made to keep them."""

    bundle: Bundle
    reasons: Mapping[str, str]
    """Subjects that nothing provokes, each with the setting that would change it."""
    otherwise: str = ""
    """Why anything else may not have come up."""


def fault(bundle: Bundle, triggers: Triggers) -> str | None:
    """What is wrong with a target's triggers; None where they can be used."""
    known = [API, NONE, *bundle.presets]
    if triggers.base not in known:
        hint = nearest(triggers.base, known, f"there are {', '.join(known)}, or a table for each event")
        return f"there are no triggers {triggers.base!r} with {bundle.name}; {hint}"
    preset = bundle.presets.get(triggers.base)
    for event, trigger in [*(preset.triggers.items() if preset else ()), *triggers.own.items()]:
        broadcast = bundle.broadcast(event)
        if broadcast is None or not broadcast.to_room:
            names = [one.event for one in bundle.broadcasts() if one.to_room]
            hint = nearest(event, names, "`roomcheck contracts list` names them")
            return f"no event that the server sends to a room is called {event!r}; {hint}"
        if trigger is not None:
            known = sorted({*values_of(bundle, broadcast), *trigger.values})
            wrong = unknown_name([trigger.url, dict(trigger.headers), trigger.body], known)
            wrong = wrong or unused_values(trigger)
            if wrong:
                return f"{event}: {wrong}"
    return None


def values_of(bundle: Bundle, broadcast: Broadcast) -> list[str]:
    """What a trigger's template may ask for."""
    return sorted({*exemplary(broadcast), bundle.room.key, *OWN_VALUES})


def exemplary(broadcast: Broadcast) -> dict[str, Any]:
    """A value for every field that a valid example of the broadcast has, of the first that has it."""
    examples = [example for example in broadcast.examples.valid if isinstance(example, dict)]
    return {name: value for example in reversed(examples) for name, value in example.items()}


def equipped(bundle: Bundle, triggers: Triggers, headers: Collection[str], where: str) -> Equipped:
    """Put a target's triggers in the place of the documented causes.

    Args:
        headers: the names of the headers that the target has values for.
        where: the name of the target's table in the settings, for hints.
    """
    preset = bundle.presets.get(triggers.base)
    has_calls = triggers.base == API or bool(preset and preset.calls)
    calls: dict[str, Call] = dict(bundle.calls) if has_calls else {}
    events = dict(bundle.events)
    reasons: dict[str, str] = {}
    lower = {name.lower() for name in headers}
    for broadcast in list(bundle.broadcasts()):
        if not broadcast.to_room:
            continue
        trigger, why = _chosen(broadcast, triggers, preset, lower, where)
        cause = broadcast.caused_by_call if has_calls and broadcast.event not in triggers.own else None
        if trigger is not None:
            made = _call(bundle, broadcast, trigger)
            calls[made.name] = made
            cause = made.name
        elif cause is None and not broadcast.caused_by_event:
            reasons[broadcast.event] = why or (
                f'no trigger causes it: set triggers = "{API}", or a table [{where}.triggers."{broadcast.event}"]'
            )
        event = events[broadcast.event]
        events[broadcast.event] = replace(event, broadcast=replace(broadcast, caused_by_call=cause))
    otherwise = "" if has_calls else f'the HTTP API is not part of this target: set triggers = "{API}" and api_url'
    return Equipped(bundle=replace(bundle, events=events, calls=calls), reasons=reasons, otherwise=otherwise)


def _chosen(
    broadcast: Broadcast, triggers: Triggers, preset: Preset | None, headers: set[str], where: str
) -> tuple[Trigger | None, str]:
    """The trigger of a broadcast, or why there is none."""
    if broadcast.event in triggers.own:
        trigger = triggers.own[broadcast.event]
    else:
        trigger = preset.triggers.get(broadcast.event) if preset else None
    lacking = [name for name in trigger.needs if name.lower() not in headers] if trigger else []
    if lacking:
        return None, f'its trigger needs the header {lacking[0]}: add {lacking[0]} = "${{...}}" to [{where}.headers]'
    return trigger, ""


def _call(bundle: Bundle, broadcast: Broadcast, trigger: Trigger) -> Call:
    documented = bundle.calls.get(broadcast.caused_by_call or "")
    return Call(
        name=f"trigger of {broadcast.event}",
        summary=f"Provokes {broadcast.event}.",
        source="the target's settings",
        place=bundle.place,
        method=trigger.method,
        path=trigger.url,
        role="trigger",
        status=trigger.status,
        answer=Schema({}),
        broadcasts=(broadcast.event,),
        texts=documented.texts if documented else (),
        trigger=trigger,
    )


def unused_values(trigger: Trigger) -> str | None:
    """What is wrong with a trigger's values: its template asks for no such field. None where it asks for each."""
    asked = sorted(used(trigger))
    for name in trigger.values:
        if name not in asked:
            hint = nearest(name, asked, f"it asks for {', '.join(asked) or 'nothing'}")
            return f"values: the template does not ask for {{{name}}}; {hint}"
    return None


def used(trigger: Trigger) -> set[str]:
    """The names that a trigger's template asks for."""
    return set(names_in([trigger.url, dict(trigger.headers), trigger.body]))


def with_deadlines(bundle: Bundle, deadlines: Mapping[str, int]) -> Bundle:
    """The contracts with other deadlines, in milliseconds, for some events."""
    events = dict(bundle.events)
    for name, deadline_ms in deadlines.items():
        if name not in events:
            continue  # A run is judged again by contracts that may have lost the event.
        event = events[name]
        events[name] = replace(
            event,
            request=replace(event.request, deadline_ms=deadline_ms) if event.request else None,
            broadcast=replace(event.broadcast, deadline_ms=deadline_ms) if event.broadcast else None,
        )
    return replace(bundle, events=events)
