"""A link to a file leads to one that is there.

A guide's links to the source are how its reader makes sure of it.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence

CLAUSE = "Links to files lead to files."
JUDGES = "link"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Links to files and folders that are not there; judged where somebody has looked."""
    for claim in evidence.claims("link"):
        if f"{claim.place.file} -> {claim.subject}" in evidence.missing:
            yield Drift(
                subject=claim.subject, place=claim.place, expected="a file that is there", got=f"`{claim.subject}`"
            )


SILENT = {"guide.md": "[more](other.md), [web](https://example.org/x), [below](#below)\n", "other.md": "Here.\n"}
SPEAKS = {"guide.md": "[more](nowhere.md)\n"}
