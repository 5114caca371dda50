"""The source sends or hears every documented event.

What the source never names, nobody will ever hear, whatever the guide says. Judged where the source is that of a whole
service: a folder with its package, or with the file that sets up the server, and no import that leads out of it.
What was not named is not missing.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence, Place

CLAUSE = "Documented events exist in the source."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events of the contracts that no source names."""
    if not evidence.has("source") or evidence.partly:
        return
    for name in evidence.unseen():
        yield Drift(
            subject=name,
            place=Place(file=evidence.bundle.events[name].place, line=1, column=1),
            expected=f"`{name}` in the source",
            got="no place that sends or hears it",
        )


SILENT = {"guide.md": "`pen:take`\n", "source.ts": "socket.on('pen:take', take);\n"}
SPEAKS = {
    "source.ts": "import { Server } from 'socket.io';\n"
    "new Server(3000).on('connection', (socket) => socket.on('pen:take', take));\n"
}
