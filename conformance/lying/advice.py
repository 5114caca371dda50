"""What to write into contracts where no clause notices a lie; pure."""

from __future__ import annotations

from conformance.lying.spots import Field, errors_of, part_with
from contracts.model import Broadcast, Bundle

NO_WAY_IN = "no check becomes a member of its room: document a request with `membership`, or `entered_by` in `rooms`"
NO_ECHO = "nothing tells one of them from another: list a field that its cause gives in `echoes`"
VOLATILE = "it is `volatile`, so that its loss is no fault: leave that away where clients rely on it"
NOT_SURE = "no check causes it for sure: give its request valid examples, and a `reply` that shows that it was taken"
NO_BAD_ONE = 'no request says that a bad one is answered by an error: give one `"invalid_answer": "error"`'
SAYS_TYPE = {"type", "enum", "const", "binary", "anyOf", "oneOf", "allOf", "properties"}
"""Keywords by which a schema says of which type a value is."""
NO_FENCE = (
    "nothing shows that a socket would have received it by then: document a request with a `reply`, "
    "or a broadcast that every member receives"
)


def seen(bundle: Bundle, event: str) -> Broadcast:
    """The broadcast of that name."""
    found = bundle.broadcast(event)
    if found is None:
        raise LookupError(f"the contracts have no broadcast {event}")
    return found


def of_delivery(bundle: Bundle, event: str) -> str:
    """Why it is not noticed whether a broadcast comes, and what to add."""
    if event in {broadcast.event for broadcast in errors_of(bundle)}:
        return NO_BAD_ONE
    broadcast = seen(bundle, event)
    part = part_with(bundle, event)
    if broadcast.to_room and not part.has_way_in:
        return NO_WAY_IN
    if broadcast.to_everyone and not broadcast.echoes:
        return NO_ECHO
    if broadcast.volatile:
        return VOLATILE
    if broadcast.causes.other is not None or broadcast.causes.every_s is not None:
        return "it may come for a reason that no check sees: name its event or call in `caused_by`"
    return NOT_SURE


def of_echoes(bundle: Bundle, event: str) -> str:
    """Why two deliveries are not told apart, and what to add."""
    broadcast = seen(bundle, event)
    key = part_with(bundle, event).room.key
    return of_delivery(bundle, event) if set(broadcast.echoes) - {key} else NO_ECHO


def of_absence(bundle: Bundle, event: str) -> str:
    """Why it is not noticed who else receives a broadcast, and what to add."""
    broadcast = seen(bundle, event)
    if broadcast.to_room and not part_with(bundle, event).has_way_in:
        return NO_WAY_IN
    if broadcast.volatile:
        return f"{VOLATILE}; {NO_FENCE}"
    return NO_FENCE


def of_type(field: Field) -> str:
    """What a schema lacks that takes a value of another type; the empty text where it says the type."""
    if not SAYS_TYPE & set(field.shape):
        return f"the type of `{field.title}` is free: give it a `type`"
    return ""
