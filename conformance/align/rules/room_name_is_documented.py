"""A room is called what the contracts call it.

A server that broadcasts to `board-1` while sockets have joined `board:1` reaches nobody, and no error tells of it.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import Drift, Evidence

CLAUSE = "Rooms are named by the documented template."
JUDGES = "room"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Rooms by another template."""
    words = vocabulary.of(evidence.bundle)
    for claim in evidence.stated("room"):
        if not words.is_a_room(claim.subject) or words.is_room(claim.subject):
            continue
        written = claim.place.end - claim.place.column == len(claim.subject)
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"`{words.room_as_documented(claim.subject)}`",
            got=f"`{claim.subject}`",
            # A quite other name may be meant for another room.
            replacement=words.room_as_documented(claim.subject)
            if written and claim.subject.lower().startswith(words.base)
            else None,
        )


SILENT = {
    "guide.md": "The room is `board:{room}`, as in `board:12`. ~~`board-{room}`~~\n",
    "source.ts": "const roomName = `board:${room}`;\nsocket.join(roomName);\n",
}
SPEAKS = {"source.ts": "socket.join(`board-${room}`);\n"}
