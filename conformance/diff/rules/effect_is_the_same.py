"""Requests, calls and whatever else provokes a broadcast still do.

A request that causes a broadcast no longer leaves its receivers waiting; one that no longer enters the room leaves
its socket outside. A cause that is added is safe: receivers get what they know. It is the same whether the cause or
the broadcast says so.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change
from contracts.cause import Causes
from contracts.model import Bundle

CLAUSE = "Causes keep their effects."
KEYS = {"client_to_server": "effect", "server_to_client": "caused_by", "http": "effect",
        "effect": "broadcast membership other",
        "cause": "event call bad_request connection disconnect every_s broadcast other when"}  # fmt: skip
MEANT = {"enter": "enters the room", "leave": "leaves the room", "close": "closes the room", None: "none"}


def judge(pair: Pair) -> Iterator[Change]:
    """Causes and changes of memberships that are gone, come, or are others."""
    for both in pair.of("server_to_client"):
        old, new = _causes(pair.old.bundle, both.old_name), _causes(pair.new.bundle, both.new_name)
        was, now = _named(old, pair), _named(new, None)
        if was - now:
            why = "receivers wait for it in vain after these"
            yield change(both, BREAKING, "causes", sorted(was), sorted(now), why, "caused_by")
        elif now - was:
            yield change(both, SAFE, "causes", sorted(was), sorted(now), "receivers know the event", "caused_by")
        if old.every_s is not None and new.every_s is not None and old.every_s != new.every_s:
            late = new.every_s > old.every_s
            why = "it comes in another rhythm" + (", and clients may miss it" if late else "")
            yield change(both, RISKY, "period", f"{old.every_s:g} s", f"{new.every_s:g} s", why, "caused_by")
        if old.other != new.other:
            yield change(both, RISKY, "cause in words", old.other, new.other, "only people can tell", "caused_by")
    for both in (*pair.of("client_to_server"), *pair.calls):
        if both.is_in_both:
            yield from _membership(both.inner("effect"))
            was, now = both.inner("effect").values("other")
            if was != now:
                yield change(both, RISKY, "effect in words", was, now, "only people can tell", "effect", "other")


def _causes(bundle: Bundle, name: str) -> Causes:
    broadcast = bundle.broadcast(name)
    return broadcast.causes if broadcast else Causes()


def _named(causes: Causes, renamed: Pair | None) -> set[str]:
    events = renamed.renamed_requests if renamed else {}
    broadcasts = renamed.renamed_broadcasts if renamed else {}
    calls = renamed.renamed_calls if renamed else {}
    found = {f"the event `{events.get(name, name)}`" for name in causes.events}
    found |= {f"the call `{calls.get(name, name)}`" for name in causes.calls}
    found |= {f"the broadcast `{broadcasts.get(name, name)}`" for name in causes.follows}
    found |= {"a bad request"} if causes.bad_request else set()
    found |= {"a connection"} if causes.connection else set()
    found |= {"a disconnection"} if causes.disconnect else set()
    found |= {"a schedule"} if causes.every_s is not None else set()
    maybe = _named(causes.maybe, renamed) if causes.maybe is not None else set()
    return found | {f"sometimes {one}" for one in maybe}


def _membership(both: Both) -> Iterator[Change]:
    was, now = both.values("membership")
    if was == now:
        return
    severity, why = BREAKING, "sockets of old clients are in other rooms than they expect"
    if was is None and now == "enter":
        severity, why = RISKY, "sockets get what is sent to the room, which they did not before"
    yield change(both, severity, "membership", MEANT[was], MEANT[now], why, "membership")


SILENT = """
events/cursor-moved.json /server_to_client/caused_by = [{"event": "cursor:move"}, {"event": "pen:take"}]
events/pen-take.json /client_to_server/effect/broadcast = ["pen:taken", "cursor:moved"]
"""
SPEAKS = """
- events/room-exit.json /client_to_server/effect/membership
events/room-exit.json /client_to_server/effect/broadcast = "pen:taken"
events/pen-taken.json /server_to_client/caused_by = [{"event": "pen:take"}, {"event": "room:exit"}]
"""
