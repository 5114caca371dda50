"""One document does not say two things of the same event.

Whoever reads only one of the two places is told wrong, and nobody can tell which.
"""

from collections import defaultdict
from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.model import DIRECTIONS, Claim, Direction, Drift, Evidence
from conformance.align.senses import inflected
from conformance.align.vocabulary import Vocabulary

CLAUSE = "Documents do not contradict themselves."
JUDGES = "direction"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Events that one document gives two directions; of documented ones another rule tells which is wrong."""
    words = vocabulary.of(evidence.bundle)
    for text in evidence.texts:
        said: dict[str, dict[Direction, list[Claim]]] = defaultdict(lambda: defaultdict(list))
        for claim in text.claims:
            if claim.kind != "event" or claim.how == "payload":
                continue
            if not claim.refuted and claim.direction and text.origin == "document":
                said[claim.subject][claim.direction].append(claim)
        for subject, ways in said.items():
            if len(ways) > 1 and subject not in evidence.bundle.events and not _is_two_slips(words, subject):
                first, second = sorted((claims[0] for claims in ways.values()), key=lambda claim: claim.place)
                assert first.direction is not None  # noqa: S101 - each was given one
                assert second.direction is not None  # noqa: S101 - as was this
                yield Drift(
                    subject=subject,
                    place=second.place,
                    expected=f"{DIRECTIONS[first.direction]}, as in line {first.place.line}",
                    got=DIRECTIONS[second.direction],
                    related=(first.place,),
                )


def _is_two_slips(words: Vocabulary, name: str) -> bool:
    """Whether a name stands for two documented ones, one in each direction: another rule tells of both."""
    ways: tuple[Direction, ...] = ("to-server", "to-client")
    meant = {one for way in ways if (one := words.nearest(name, way)) is not None}
    return len(meant) > 1 and any(inflected(name, one) for one in meant)


SILENT = {"guide.md": "### Client → Server\n\n- `pen:draw`\n\n### Server → Client\n\n- `pen:drawn`\n"}
SPEAKS = {"guide.md": "### Client → Server\n\n- `pen:draw`\n\n### Server → Client\n\n- `pen:draw`\n"}
