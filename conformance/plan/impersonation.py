"""The act about who is named as the sender: a client claims to be somebody else in what it sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.model.act import Act, Emit, SocketOf, UserOf
from conformance.plan.audience import addressing
from conformance.plan.stimulus import (
    Setting,
    Stimulus,
    act,
    at_once,
    caused_broadcasts,
    connect,
    cue,
    enter,
    heard,
)
from contracts.model import Broadcast
from contracts.schema import kinds

IMPERSONATION = "impersonation"
"""The name of the act. A service may refuse what claims to be of somebody else: only rules that ask for it judge it."""

SOMEBODY = "somebody-else"
"""In the place of an id that is known only as the step is taken."""
CLAIMANT, WITNESS, OTHER = "mal", "bob", "oda"


def impersonation(setting: Setting) -> Act | None:
    """`mal` causes each broadcast that names its sender, and claims to be `oda`; `bob` hears what is made of it."""
    room = setting.room(IMPERSONATION, "1")
    made = [_claiming(setting, one, room, f"i{number}") for number, one in enumerate(caused_broadcasts(setting.bundle))]
    claims = [one for one in made if one is not None]
    if not claims:
        return None
    return act(
        IMPERSONATION,
        (room,),
        connect(CLAIMANT, WITNESS, OTHER),
        enter(setting, room, CLAIMANT, WITNESS),
        at_once(claims),
        heard(claims, WITNESS),
    )


def _claiming(setting: Setting, broadcast: Broadcast, room: str, mark: str) -> Stimulus | None:
    """A request with the name of somebody else in the field in which the broadcast names its sender.

    None where the contract has the service refuse it, or the field is no text in an object.
    """
    bundle, field = setting.bundle, broadcast.sender
    request = bundle.request(broadcast.caused_by_event or "")
    if field is None or request is None or not broadcast.is_shared:
        return None
    is_object = request.form is None or request.form.is_object
    if not is_object or "string" not in kinds(broadcast.payload.properties().get(field)):
        return None
    one = cue(setting, broadcast, room, CLAIMANT, mark, addressing(setting, broadcast, WITNESS), by="event")
    if one is None or not isinstance(one.step, Emit):
        return None
    (payload,) = one.step.args
    if not request.payload.is_valid({**_settled(payload), field: SOMEBODY}):
        return None
    claim = UserOf(actor=OTHER) if broadcast.sender_is == "user" else SocketOf(actor=OTHER)
    return replace(one, step=replace(one.step, args=({**payload, field: claim},)))


def _settled(value: Any) -> Any:
    """A payload in which each id that the service will have given is a text."""
    if isinstance(value, dict):
        return {name: _settled(inner) for name, inner in value.items()}
    return SOMEBODY if isinstance(value, UserOf | SocketOf) else value
