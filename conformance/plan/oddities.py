"""Acts of `roomcheck fuzz` about what other acts about bad input leave out: only that the service stays up is judged.

What they send has no documented answer, and a service may do much with it: JavaScript, for one, drops arguments that a
handler does not take.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.model.act import Act, Emit, InOrder, Request, Step, Together
from conformance.plan.payloads import invalid_payload, valid_payload
from conformance.plan.questions import asking, question
from conformance.plan.stimulus import Setting, act, connect, enter, path_params, signal
from contracts.binary import binary
from contracts.model import Bundle
from contracts.model import Request as ClientRequest

ODDITIES, UNPLAYED = "oddities", "unplayed"
"""The names of these acts."""

UNKNOWN = "unknown"
"""The actor that emits events that no contract names."""

NAMES = ("roomcheck:no-such-event", "__proto__", "constructor", "toString", "*", "\u202eevent", "e" * 300)
"""Names of events that mean something to a language or a library, and others that are nobody's. Those that Socket.IO
itself reserves are not among them: a client that emits one breaks the protocol."""

WATCHER = "wes"


def oddities(setting: Setting) -> Act | None:
    """Events that no contract names, and documented ones with other numbers of arguments, a socket for each."""
    bundle = setting.bundle
    requests = list(bundle.requests())
    if not requests:
        return None
    room = setting.room(ODDITIES, "1")
    lanes: dict[str, tuple[Step, ...]] = {UNKNOWN: tuple(_unknown(bundle, requests[0], room))}
    for number, request in enumerate(requests):
        actor = f"odd{number}"
        payload = valid_payload(bundle, request, room)
        more = (payload, "more", {"and": "more"}, 1)
        emits = [Emit(actor=actor, event=request.event, args=args) for args in ((), more)]
        lanes[actor] = tuple(emits)
    return _act(setting, ODDITIES, room, lanes)


def _unknown(bundle: Bundle, request: ClientRequest, room: str) -> Iterator[Emit]:
    payload = valid_payload(bundle, request, room)
    for name in NAMES:
        if bundle.request(name) is None:
            for args in ((payload,), (None,), (binary(b"\x00\xff"),)):
                yield Emit(actor=UNKNOWN, event=name, args=args)


def unplayed(setting: Setting) -> Act | None:
    """Invalid payloads of requests without an effect on a room, and bodies whose answer is not documented."""
    bundle = setting.bundle
    room = setting.room(UNPLAYED, "1")
    lanes: dict[str, tuple[Step, ...]] = {}
    for number, request in enumerate(bundle.requests()):
        broadcast = bundle.broadcast(request.broadcast or "")
        played = bundle.has_way_in and (request.membership or (broadcast is not None and broadcast.to_room))
        actor = f"un{number}"
        steps = () if played else tuple(_invalid(setting, request, actor, room))
        lanes |= {actor: steps} if steps else {}
    calls = tuple(_calls(setting, room))
    if not lanes and not calls:
        return None
    return _act(setting, UNPLAYED, room, lanes, calls)


def _invalid(setting: Setting, request: ClientRequest, actor: str, room: str) -> Iterator[Emit]:
    for invalid in request.examples.invalid:
        payload = invalid_payload(setting.bundle, invalid, room, setting.number)
        yield Emit(actor=actor, event=request.event, args=(payload,))


def _calls(setting: Setting, room: str) -> Iterator[Request]:
    for call in setting.bundle.calls.values():
        params = path_params(call, setting.bundle, room, "no-such-thing")
        for invalid in call.examples.invalid:
            if not isinstance(invalid.answer, int):
                yield Request(call=call.name, params=params, body=invalid.payload)


def _act(
    setting: Setting, name: str, room: str, lanes: dict[str, tuple[Step, ...]], calls: tuple[Step, ...] = ()
) -> Act:
    """Each socket does what it has to, and `wes`, who did nothing, then asks something and hears the room."""
    bundle, asked = setting.bundle, question(setting.bundle)
    fence = signal(setting, room, WATCHER, f"{name}9") if bundle.has_way_in else None
    return act(
        name,
        (room,),
        connect(WATCHER, *lanes),
        enter(setting, room, WATCHER) if bundle.has_way_in else None,
        Together(steps=(*(InOrder(steps=steps) for steps in lanes.values()), *calls)),
        asking(bundle, asked, room, WATCHER) if asked else None,
        fence.step if fence else None,
        fence.heard_by(WATCHER) if fence else None,
        _listed(bundle, room) if calls else None,
    )


def _listed(bundle: Bundle, room: str) -> Request | None:
    """A look at what is stored of the room, where it can be listed."""
    listing = bundle.by_role("list")
    if listing is None or set(listing.params()) != {bundle.room.key}:
        return None
    return Request(call=listing.name, params={bundle.room.key: room})
