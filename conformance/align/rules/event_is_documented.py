"""An event that a text names is one that the contracts have.

Socket.IO never complains about an event that nobody sends: a client that listens for a name from a guide with a slip in
it silently gets nothing.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence
from conformance.align.vocabulary import Vocabulary

CLAUSE = "Guides and source name events as the contracts do."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Names that are neither documented nor retired, and are not quoted as wrong."""
    words = Vocabulary(evidence.bundle)
    for claim in evidence.stated("event"):
        if claim.subject in words.events or claim.subject in words.retired:
            continue
        near = words.nearest(claim.subject, claim.direction)
        slip = near is not None and words.is_slip(claim.subject, near) and claim.how != "payload"
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"`{near}`" if near else "an event of the contracts",
            got=f"`{claim.subject}`",
            replacement=near if slip else None,
        )


SILENT = {
    "guide.md": "Listen for `pen:taken`; `pen:grabbed` was its old name.\n",
    "source.ts": "socket.on('pen:take', take);\n",
}
SPEAKS = {"guide.md": "Listen for `pen:takn`.\n"}
