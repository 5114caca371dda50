"""An event that a text names is one that the contracts have.

Socket.IO never complains about an event that nobody sends: a client that listens for a name from a guide with a slip in
it silently gets nothing.
"""

from collections.abc import Iterator

from conformance.align import advice, vocabulary
from conformance.align.model import Claim, Drift, Evidence
from conformance.align.senses import inflected
from conformance.align.vocabulary import Vocabulary

CLAUSE = "Guides and source name events as the contracts do."
JUDGES = "event"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Names that are neither documented nor retired, and are not quoted as wrong."""
    words = vocabulary.of(evidence.bundle)
    shapes = advice.shapes(evidence, words)
    for claim in evidence.stated("event"):
        if words.known(claim.subject):
            continue
        near = advice.advised(words, claim, shapes)
        yield Drift(
            subject=claim.subject,
            place=claim.place,
            expected=f"`{near}`" if near else "an event of the contracts",
            got=f"`{claim.subject}`",
            replacement=_replacement(words, claim),
        )


def _replacement(words: Vocabulary, claim: Claim) -> str | None:
    """The only name that can be meant; a form of a word, such as `updated`, tells it only with the direction."""
    meant = words.slip_of(claim.subject, claim.direction) if claim.how != "payload" else None
    if meant is None or (claim.direction is None and inflected(claim.subject, meant)):
        return None
    return meant


SILENT = {
    "guide.md": "Listen for `pen:taken`; `pen:grabbed` was its old name.\n",
    "source.ts": "socket.on('pen:take', take);\n",
}
SPEAKS = {"guide.md": "Listen for `pen:takn`.\n"}
