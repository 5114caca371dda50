"""Every event of the contracts is named in a document.

Judged where a document lists events at all: a guide to something else owes nothing.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence, Place

CLAUSE = "Documents name every event of the contracts."
JUDGES = "event"

LISTS = 3
"""From how many events on the documents are an account of them."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events that no document names, where documents name most."""
    documented = evidence.bundle.events
    named = {claim.subject for claim in evidence.claims("event", origin="document")} & documented.keys()
    if len(named) < max(LISTS, len(documented) / 2):
        return
    files = sorted({text.file for text in evidence.texts if text.origin == "document"})
    for name in documented:
        if name not in named:
            yield Drift(
                subject=name,
                place=Place(file=files[0], line=1, column=1),
                expected=f"`{name}` in a document",
                got=f"{len(named)} of {len(documented)} events",
            )


_ALL = (
    "`cursor:move`, `cursor:moved`, `note:added`, `pen:take`, `pen:taken`, `problem`, `room:end`, `room:enter`, "
    "`room:exit`"
)
SILENT = {"guide.md": f"Events: {_ALL}, `who`.\n", "other.md": "`pen:take`\n"}
SPEAKS = {"guide.md": f"Events: {_ALL}.\n"}
