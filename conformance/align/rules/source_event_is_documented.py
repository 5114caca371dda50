"""An event that the source sends or hears is named in a document.

An event that no guide names is one that nobody who writes a client knows of.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import Drift, Evidence

CLAUSE = "Documents name every event of the source."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events of the source that no document names."""
    if not evidence.has("document"):
        return
    named = {claim.subject for claim in evidence.claims("event", origin="document")}
    words, told = vocabulary.of(evidence.bundle), set[str]()
    for claim in evidence.claims("event", origin="source"):
        if claim.subject not in named | told and claim.subject in words.events:
            told.add(claim.subject)
            yield Drift(
                subject=claim.subject,
                place=claim.place,
                expected="a document that names it",
                got=f"`{claim.subject}` alone",
            )


SILENT = {"guide.md": "`pen:take`\n", "source.ts": "socket.on('pen:take', take);\n"}
SPEAKS = {"guide.md": "Nothing.\n", "source.ts": "socket.on('pen:take', take);\n"}
