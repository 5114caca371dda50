"""Fields mean what they meant.

A schema says what a value may be, and not what it is: a time in another unit, a sender that is another user's id, a
text that does not come out as it went in are right by the schema, and wrong for whoever reads them.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change, promise

CLAUSE = "Fields keep their meaning."
KEYS = {"server_to_client": "echoes clocks sender", "server_to_client.sender": "user socket", "reply": "clocks"}


def judge(pair: Pair) -> Iterator[Change]:
    """Echoes, clocks and senders that are others."""
    for both in pair.of("server_to_client"):
        was, now = both.values("echoes", [])
        for name in [*was, *(name for name in now if name not in was)]:
            if name not in now:
                why = "it need not come out as it went in any more"
                yield change(both, RISKY, f"`{name}`", "echoed", "not echoed", why, "echoes")
            elif name not in was:
                yield change(both, SAFE, f"`{name}`", "not echoed", "echoed", "it comes out as it went in", "echoes")
        yield from _clocks(both)
        yield from _sender(both)
    for both in pair.of("client_to_server"):
        if both.inner("reply").is_in_both:
            yield from _clocks(both.inner("reply"))


def _clocks(both: Both) -> Iterator[Change]:
    was, now = both.values("clocks", {})
    for name in [*was, *(name for name in now if name not in was)]:
        yield from promise(
            both, name, f"time in `{name}`", lost=(RISKY, "it need not be the time of the service any more"),
            other=(BREAKING, "clients read another time in it"), gained="it is the time of the service", at=("clocks",),
        )  # fmt: skip


def _sender(both: Both) -> Iterator[Change]:
    was, now = (_named(one) for one in both.values("sender"))
    if was == now:
        return
    severity, why = (SAFE, "receivers learn who caused it") if was is None else (
        RISKY, "who caused it need not be named any more") if now is None else (
        BREAKING, "receivers take somebody else for the sender")  # fmt: skip
    yield change(both, severity, "sender", was, now, why, "sender")


def _named(sender: str | dict[str, str] | None) -> str | None:
    if sender is None:
        return None
    ((kind, field),) = sender.items() if isinstance(sender, dict) else (("user", sender),)
    return f"the {kind} in `{field}`"


SILENT = """
events/cursor-moved.json /server_to_client/sender = {"user": "user"}
"""
SPEAKS = """
events/cursor-moved.json /server_to_client/sender = {"socket": "user"}
"""
