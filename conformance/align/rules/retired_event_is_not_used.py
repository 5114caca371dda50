"""A retired name is not used any more.

Naming it in order to forbid it is right; using it is how clients come to wait for events that are never sent.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import Claim, Drift, Evidence
from conformance.align.vocabulary import Vocabulary

CLAUSE = "Retired names do not come back."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Retired names that nothing around them calls wrong or old."""
    words = vocabulary.of(evidence.bundle)
    told = {(claim.place.file, claim.subject) for claim in evidence.stated("event") if claim.how != "payload"}
    for claim in evidence.stated("event"):
        instead = words.retired.get(claim.subject)
        if instead is None or (" " in instead and claim.how == "emit"):
            continue  # What has to be a call instead is another rule's.
        if claim.how == "payload" and (claim.place.file, claim.subject) in told:
            continue  # What shows a payload of it stands below the name itself.
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"`{instead}`",
            got=f"the retired `{claim.subject}`",
            replacement=instead if _fits(words, claim, instead) else None,
        )


def _fits(words: Vocabulary, claim: Claim, instead: str) -> bool:
    """Whether the new name can stand where the old one does: it goes in that direction."""
    return instead in words.events and (claim.direction is None or claim.direction in words.ways(instead))


SILENT = {
    "guide.md": "**Before:**\n\n- `note:new`\n\n**After:**\n\n- `note:added`\n\nDo not listen for `note:new`.\n",
    "source.ts": "// 'note:new' was the old name\nio.to(`board:${room}`).emit('note:added', note);\n",
}
SPEAKS = {"guide.md": "```js\nsocket.on('note:new', show);\n```\n"}
