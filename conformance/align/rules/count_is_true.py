"""As many events, rooms, fields or calls are listed as a document announces.

A count that is off says that one of the two was changed, and the other forgotten.
"""

from collections.abc import Iterator

from conformance.align import vocabulary
from conformance.align.counts import BELOW, LINE, SAID, TOTAL
from conformance.align.model import Claim, Drift, Evidence, Text
from conformance.align.vocabulary import Vocabulary

CLAUSE = "Counts are those of what is listed."
JUDGES = "count"
BEGINS, GAP = 3, 2
"""Lines below a number within which what it announces begins, and lines between two entries of it."""


def judge(evidence: Evidence) -> Iterator[Drift]:
    """Counts that neither their own section nor the whole document bears out."""
    words = vocabulary.of(evidence.bundle)
    for text in evidence.texts:
        for claim in text.claims:
            if claim.kind == "count" and not claim.refuted:
                yield from _judged(claim, text, words)


def _judged(claim: Claim, text: Text, words: Vocabulary) -> Iterator[Drift]:
    if claim.entries is not None:
        told = claim.subject.partition(" ")[0]
        if int(told) != claim.entries:
            yield Drift(
                subject=claim.subject, place=claim.place, got=told,
                expected=f"{claim.entries}, as many as are listed below",
            )  # fmt: skip
        return
    if claim.how == BELOW:
        yield from _below(claim, text, words)
        return
    if claim.how == TOTAL:
        yield from _total(claim, text, words)
        return
    whole = _listed(text, words, ())
    own = _listed(text, words, claim.section)
    if claim.section and claim.section[-1].startswith(LINE):
        whole = own
    outer = _listed(text, words, claim.section[:-1]) if whole is not own else own
    counts = {len(one) for one in (whole, own, outer) if one}
    if not counts:
        return
    counts |= {len(_listed(text, words, section, known=False)) for section in (claim.section, ())}
    if claim.how == "heading" and not own:
        return  # It counts what stands below it, and that is none of the contracts' events.
    number = int(claim.subject.rstrip("+"))
    if number in (len(words.events), len(words.bundle.events)) and max(counts) <= number / 2:
        return  # What is counted are those of the contracts, and not the few that stand near.
    if claim.how == SAID and number == len(words.bundle.events):
        return  # It is said of the whole, wherever only some of them are named.
    if number in counts or (claim.subject.endswith("+") and number <= max(counts)):
        return
    listed = own or whole
    yield Drift(
        subject=f"{claim.subject} events",
        place=claim.place,
        expected=f"{len(listed)}, as many as are listed",
        got=str(number),
    )


def _below(claim: Claim, text: Text, words: Vocabulary) -> Iterator[Drift]:
    """A number that announces the list or the table right below it: as many entries begin with an event."""
    first: dict[int, Claim] = {}
    for one in text.claims:
        if one.kind == "event" and one.listed and one.place.line > claim.place.line and one.how != "payload":
            line = one.place.line
            first[line] = min(one, first.get(line, one), key=lambda each: each.place.column)
    found, last = set[str](), claim.place.line + BEGINS
    for line, one in sorted(first.items()):
        if line > last + GAP:
            break
        found.add(one.subject)
        last = line
    number = int(claim.subject.rstrip("+"))
    if found & words.events and number != len(found) and number not in _grouped(claim, text, last):
        yield Drift(
            subject=f"{claim.subject} events", place=claim.place, got=str(number),
            expected=f"{len(found)}, as many as are listed below",
        )  # fmt: skip


def _grouped(claim: Claim, text: Text, last: int) -> set[int]:
    """How many names stand up to the end of each entry of a list, where some entry names several: a group."""
    entries = dict[int, set[str]]()
    for one in text.claims:
        if one.kind == "event" and one.listed and one.how != "payload" and claim.place.line < one.place.line <= last:
            entries.setdefault(one.place.line, set()).add(one.subject)
    if all(len(names) == 1 for names in entries.values()):
        return set()
    every, counts = set[str](), set[int]()
    for _, names in sorted(entries.items()):
        every |= names
        counts.add(len(every))
    return counts


def _total(claim: Claim, text: Text, words: Vocabulary) -> Iterator[Drift]:
    """A number that is said of the whole: that of what is listed or named, or of all events of the contracts."""
    named = {one.subject for one in text.claims if one.kind == "event" and not one.refuted} & words.events
    listed = [_listed(text, words, claim.section[:depth]) for depth in range(len(claim.section) + 1)]
    ways = [way for name in words.events for way in words.ways(name)]
    listed += [_listed(text, words, claim.section, known=False)]
    every = {len(words.events), len(words.bundle.events), len(ways)}
    number = int(claim.subject.rstrip("+"))
    if number in every | {len(named), *map(len, listed)} or claim.subject.endswith("+"):
        return
    shown = max((len(one) for one in listed[:-1]), default=0)
    own = f"{shown}, as many as are listed, or " if shown else ""
    yield Drift(
        subject=f"{claim.subject} events", place=claim.place, got=str(number),
        expected=f"{own}{len(words.bundle.events)}, all of the contracts",
    )  # fmt: skip


def _listed(text: Text, words: Vocabulary, section: tuple[str, ...], *, known: bool = True) -> set[str]:
    """The events that stand in lists, tables and constants of a section and those within it.

    Args:
        known: only those of the contracts; else also names that are none, which a writer counts as well.
    """
    return {
        claim.subject
        for claim in text.claims
        if claim.kind == "event" and claim.listed and not claim.refuted and claim.section[: len(section)] == section
        and (claim.subject in words.events or not known)
    }  # fmt: skip


SILENT = {"guide.md": "# Pens\n\nThe following 2 events:\n\n- `pen:take`\n- `pen:taken`\n"}
SPEAKS = {"guide.md": "# Pens\n\nThe following 3 events:\n\n- `pen:take`\n- `pen:taken`\n"}
