"""The source sends or hears every documented event.

What the source never names, nobody will ever hear, whatever the guide says.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence, Place

CLAUSE = "Documented events exist in the source."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events of the contracts that no source names."""
    if not evidence.has("source"):
        return
    there = {claim.subject for claim in evidence.claims("event", origin="source")}
    for name, event in evidence.bundle.events.items():
        if name not in there:
            yield Drift(
                subject=name,
                place=Place(file=event.place, line=1, column=1),
                expected=f"`{name}` in the source",
                got="no place that sends or hears it",
            )


SILENT = {"guide.md": "`pen:take`\n"}
SPEAKS = {"source.ts": "socket.on('pen:take', take);\n"}
