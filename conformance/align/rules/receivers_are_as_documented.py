"""A broadcast goes to those to whom the contracts send it.

A client that waits for its own typing to come back waits for ever; one that does not expect it draws a message twice.
"""

from collections.abc import Iterator

from conformance.align.model import Claim, Drift, Evidence
from contracts.model import Broadcast, Bundle

CLAUSE = "Each broadcast has its receivers."
JUDGES = "receivers"

SAID = {
    "others": "everyone but the sender",
    "everyone-with-sender": "everyone, the sender included",
    "room": "the room",
    "sender": "the sender alone",
    "everywhere": "every socket, whatever its room",
}
"""How what a text says is told."""
KNOWN = {
    "room": "everyone in the room, the sender included",
    "everyone": "every socket, the sender included",
    "room-but-sender": "everyone in the room but the sender",
    "everyone-but-sender": "every socket but the sender's",
    "requester": "the requester alone",
}
"""How the receivers of a contract are told."""
DENIED = {
    "room": {"others", "sender", "everywhere"},
    "everyone": {"others", "sender"},
    "room-but-sender": {"everyone-with-sender", "sender", "everywhere"},
    "everyone-but-sender": {"everyone-with-sender", "sender"},
    "requester": {"others", "everyone-with-sender", "room", "everywhere"},
}
"""What is not so where a contract has these receivers."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Receivers that a text gives to a broadcast, and its contract does not."""
    coded = [claim for claim in evidence.stated("event") if claim.audience is not None]
    apart = {(claim.place.file, claim.subject) for claim in coded if claim.audience == "sender"}
    # What code sends to one socket may be all of it, or what the others are sent by another call.
    coded = [claim for claim in coded if (claim.place.file, claim.subject) not in apart]
    for claim in (*evidence.stated("receivers"), *coded):
        if claim.audience is None:
            continue
        known = _known(evidence.bundle, claim)
        if known is not None and claim.audience in DENIED[known]:
            yield Drift(subject=claim.subject, place=claim.place, expected=KNOWN[known], got=SAID[claim.audience])


def _known(bundle: Bundle, claim: Claim) -> str | None:
    """The receivers of an event; None where the contracts have none, or where payloads name them."""
    event = bundle.events.get(claim.subject)
    broadcast = event.broadcast if event is not None else None
    replies = claim.subject in bundle.reply_names()
    if broadcast is None:
        return "requester" if replies else None
    told = claim.kind == "receivers" or claim.audience == "everywhere" or _tells(bundle, broadcast)
    if replies or broadcast.receivers not in DENIED or not told:
        return None
    return broadcast.receivers


def _tells(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether code that leaves a socket out, or does not, tells of the sender: one is there, and is in the room."""
    cause = bundle.request(broadcast.caused_by_event) if broadcast.caused_by_event else None
    return cause is not None and cause.membership is None


SILENT = {
    "guide.md": "`cursor:moved` goes to everyone in the room but the sender.\n",
    "source.ts": "io.on('connection', (socket) => {\n  socket.to(`board:${room}`).emit('cursor:moved', at);\n});\n",
}
SPEAKS = {"guide.md": "`cursor:moved` goes to everyone in the room, including the sender.\n"}
