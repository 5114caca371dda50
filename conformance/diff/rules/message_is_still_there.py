"""Every event and call of the old version is still there.

Clients emit an event that nobody takes any more, or wait for one that nobody sends; a call is answered with 404. What
has another name is told by `event-keeps-its-name`, what has another direction by `event-keeps-its-direction`, and a
call that has moved by `call-is-where-it-was`. What is added is safe.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change

CLAUSE = "Events and calls are not taken away."
KEYS = {"event": "client_to_server server_to_client", "http": "call", "bundle": "retired_events extends without",
        "retired": "event direction instead", "client_to_server": "by"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Events of each direction and calls that are in one version alone."""
    for both in pair.messages:
        turned = both.subject in pair.old.events and both.subject in pair.new.events
        if both.is_in_both:
            yield from _by_peer(both)
        elif not turned:
            yield _event(pair, both)
    for both in pair.calls:
        if both.new is None:
            yield change(both, BREAKING, "call", "documented", "removed", "clients that make it get no answer")
        elif both.old is None:
            yield change(both, SAFE, "call", "not documented", "added", "nobody makes it yet")
    yield from _retired(pair)


def _event(pair: Pair, both: Both) -> Change:
    if both.old is None:
        retired = {(one["event"], one["direction"]) for one in pair.old.head.document.get("retired_events", ())}
        again = (both.subject, both.way) in retired
        why = "the name was retired, and old clients may know it in another meaning" if again else "nobody knows it yet"
        return change(both, RISKY if again else SAFE, "event", "not documented", "added", why)
    if both.old.get("receivers") == "nobody":
        return change(both, SAFE, "event", "documented", "removed", "nobody received it")
    sent = both.way == "client_to_server"
    why = "what clients send under it has no effect" if sent else "receivers that wait for it wait forever"
    retired_now = [one for one in pair.new.head.document.get("retired_events", ()) if one["event"] == both.subject]
    instead = f"; instead: {retired_now[0]['instead']}" if retired_now else ""
    return change(both, BREAKING, "event", "documented", "removed", why + instead)


def _by_peer(both: Both) -> Iterator[Change]:
    was, now = both.values("by")
    if was != now:
        severity, why = (
            (SAFE, "clients may emit it, too") if now is None else (BREAKING, "clients may not emit it any more")
        )
        yield change(both, severity, "emitted by", was or "clients", now or "clients", why, "by")


def _retired(pair: Pair) -> Iterator[Change]:
    """Names that are called retired in one version alone, and were no event of the old one."""
    old, new = ({(one["event"], one["direction"]): one for one in some.head.document.get("retired_events", ())}
                for some in (pair.old, pair.new))  # fmt: skip
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key, {}).get("instead"), new.get(key, {}).get("instead")
        if was != now:
            why = "a name that nobody uses"
            yield change(pair.head, SAFE, f"retired name `{key[0]}`", was, now, why, "retired_events", subject=key[0])


SILENT = """
events/pen-drop.json = {"event": "pen:drop", "summary": "Drops it.", "source": "Guide", "client_to_server": {
"payload": {"type": "object", "properties": {"room": {"type": "string"}}}, "reply": {"ack": true, "payload": {}}}}
"""
SPEAKS = """
- events/who.json
"""
