"""An event goes in the direction that the contracts give it.

A client that emits what only the server sends is ignored; one that listens for what only clients send waits for ever.
"""

from collections.abc import Iterator

from conformance.align.model import DIRECTIONS, Drift, Evidence

CLAUSE = "Each event has its direction."
JUDGES = "direction"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events that are sent or heard by the wrong side."""
    bundle, replies = evidence.bundle, evidence.bundle.reply_names()
    for claim in evidence.stated("event"):
        event = bundle.events.get(claim.subject)
        if claim.direction is None or claim.how == "payload" or (event is None and claim.subject not in replies):
            continue
        up = event is not None and event.request is not None
        down = (event is not None and event.broadcast is not None) or claim.subject in replies
        if (claim.direction == "to-server" and up) or (claim.direction == "to-client" and down):
            continue
        if event and event.broadcast and event.broadcast.caused_by_call and claim.how == "emit":
            continue  # Another rule tells that there is a call for it.
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=DIRECTIONS["to-client" if down else "to-server"],
            got=DIRECTIONS[claim.direction],
        )


SILENT = {
    "guide.md": "### Client → Server\n\n- `pen:take`\n\n### Server → Client\n\n- `pen:taken`\n- `who:list`\n",
    "source.ts": "socket.on('pen:take', take);\nio.to(room).emit('pen:taken', pen);\n",
}
SPEAKS = {"guide.md": "| Event | Direction |\n|---|---|\n| `pen:take` | Server → Client |\n"}
