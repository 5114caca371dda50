"""What is created by an HTTP call is not sent by socket.

A message that a client emits is stored by nobody: whoever opens the room later never sees it.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import Drift, Evidence

CLAUSE = "State changes by HTTP alone; sockets only tell of them."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Clients that emit what only a call creates."""
    bundle, words = evidence.bundle, vocabulary.of(evidence.bundle)
    calls = {
        broadcast.event: bundle.calls[broadcast.caused_by_call].title
        for broadcast in bundle.broadcasts()
        if broadcast.caused_by_call
        and broadcast.caused_by_call in bundle.calls
        and bundle.events[broadcast.event].request is None
    }
    calls |= {name: instead for name, instead in words.retired.items() if " " in instead}
    for claim in evidence.stated("event"):
        if claim.subject in calls and claim.direction == "to-server" and claim.how == "emit":
            yield Drift(
                subject=claim.subject,
                place=claim.place,
                expected=f"`{calls[claim.subject]}`",
                got=f"`{claim.subject}` emitted by a client",
            )


SILENT = {
    "guide.md": "```js\nsocket.on('note:added', show);\n// Wrong! Use HTTP\nsocket.emit('note:send', note);\n```\n",
    "source.ts": "io.to(room).emit('note:added', note);\n",
}
SPEAKS = {"guide.md": "```js\nsocket.emit('note:send', { text });\n```\n"}
