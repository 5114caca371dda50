"""A generated table of events is as the contracts have it.

`roomcheck align --update-blocks` writes what stands between `<!-- roomcheck: events-table -->` and
`<!-- /roomcheck -->`.
"""

from collections.abc import Iterator

from conformance.align import blocks
from conformance.align.model import Drift, Evidence

CLAUSE = "Generated blocks are current."
JUDGES = "block"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Blocks that say something else than the contracts."""
    for text in evidence.texts:
        if text.origin == "document":
            yield from blocks.stale(text.written, text.file, evidence.bundle)


SILENT = {"guide.md": "No block, and ` <!-- roomcheck -->` is none.\n"}
SPEAKS = {"guide.md": "<!-- roomcheck: events-table -->\n| event |\n|---|\n<!-- /roomcheck -->\n"}
