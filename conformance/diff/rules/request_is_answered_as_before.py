"""A request is answered in the way in which it was.

A callback that was called by an ack is never called; a reply under another event is never heard; a refusal that
stands elsewhere is taken for success. An answer that is added is safe: who does not ask for it does not get it.
"""

from collections.abc import Iterator

from conformance.diff.model import Change
from conformance.diff.pairing import Both, Pair
from conformance.diff.told import BREAKING, RISKY, SAFE, change, differ, promise

CLAUSE = "Requests are answered as before."
KEYS = {"client_to_server": "reply invalid_answer", "reply": "ack event refused promises roster",
        "reply.refused": "at const", "reply.roster": "members socket user count", "bundle": "errors",
        "examples": "invalid", "invalid": "payload answer"}  # fmt: skip


def judge(pair: Pair) -> Iterator[Change]:
    """Answers that are gone, come, or are given in another way."""
    for both in pair.of("client_to_server"):
        reply = both.inner("reply")
        if both.old is not None and both.new is not None and "reply" in both.old and "reply" not in both.new:
            yield change(both, BREAKING, "reply", "documented", "none", "clients wait for the answer in vain")
        elif reply.old is None and reply.new is not None:
            yield change(both, SAFE, "reply", "none", "documented", "who does not ask for it does not get it", "reply")
        else:
            yield from _reply(pair, reply)
        yield from _bad(both)
    was, now = pair.head.values("errors")
    was = pair.renamed_broadcasts.get(was, was)
    if was != now:
        severity, why = (SAFE, "clients need not listen to it") if was is None else (
            BREAKING, "clients do not learn that a request was bad")  # fmt: skip
        yield change(pair.head, severity, "event that answers bad requests", was, now, why, "errors")


def _reply(pair: Pair, reply: Both) -> Iterator[Change]:
    was, now = reply.values("ack", False)
    if was != now:
        severity, why = (SAFE, "callbacks are called, too") if now else (BREAKING, "callbacks are never called")
        yield change(reply, severity, "ack", was, now, why, "ack")
    was, now = reply.values("event")
    was = pair.renamed_broadcasts.get(was, was)
    if was != now:
        severity, why = (SAFE, "it comes beside the ack") if was is None and reply.old and reply.old.get("ack") else (
            BREAKING, "clients wait for the answer under the old name")  # fmt: skip
        yield change(reply, severity, "event that answers", was, now, why, "event")
    yield from promise(
        reply, "promises", "what the answer promises", at=(),
        lost=(RISKY, "whether the answer still means membership is left open"),
        other=(BREAKING, "clients take the answer for something that it is not"),
        gained="the answer means more than before",
    )  # fmt: skip
    yield from promise(
        reply, "roster", "list of members", lost=(BREAKING, "clients that read the list do not find it"),
        other=(BREAKING, "clients that read the list read another place"), gained="the list is documented",
    )  # fmt: skip
    yield from _refused(reply)


def _refused(reply: Both) -> Iterator[Change]:
    was, now = reply.values("refused")
    if was is None and now is None:
        return
    if was is None:
        why = "an answer may refuse now, and old clients take every answer for success"
        yield change(reply, RISKY, "refusal", None, now, why, "refused")
    elif now is None:
        yield change(reply, SAFE, "refusal", was, None, "every answer is one of success", "refused")
    else:
        old, new = ({key: one[key] for key in ("at", "const") if key in one} for one in (was, now))
        if differ(old, new):
            why = "clients that look for a refusal take one for success"
            yield change(reply, BREAKING, "refusal", old, new, why, "refused")


def _bad(both: Both) -> Iterator[Change]:
    """How bad requests are answered: in general, and of the same invalid example."""
    yield from promise(
        both, "invalid_answer", "answer to bad requests", lost=(RISKY, "clients may not learn that a request was bad"),
        other=(BREAKING, "clients expect another answer"), gained="clients learn that a request was bad",
    )  # fmt: skip
    was, now = both.inner("examples").values("invalid", ())
    for one in was:
        for its in now:
            if not differ(one["payload"], its["payload"]) and one.get("answer") != its.get("answer"):
                severity = RISKY if "answer" in one else SAFE
                why = "clients may expect the old answer" if "answer" in one else "clients learn more than before"
                what = "answer to an invalid example"
                yield change(both, severity, what, one.get("answer"), its.get("answer"), why, "examples", "invalid")


SILENT = """
events/pen-take.json /client_to_server/reply = {"ack": true, "payload": {"type": "object"}}
"""
SPEAKS = """
events/who.json /client_to_server/reply/ack = false
events/who.json /client_to_server/reply/event = "problem"
"""
