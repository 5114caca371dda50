"""Objects in fences to claims: payloads of what a label names, `["event", {...}]`, envelopes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from conformance.align import english, labels, loose, monitors, stance
from conformance.align.labels import CALL, Subject
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload, Place
from conformance.align.shown import known_fields
from conformance.align.vocabulary import NAME, Vocabulary

TUPLE = re.compile(r"\[\s*(?P<quote>['\"])\s*(?P<name>[^'\"\n]+?)\s*(?P=quote)\s*,?\s*")
ENVELOPE = re.compile(r"['\"]?(?:event|eventName|type|name)['\"]?\s*:\s*(['\"])(?P<name>[\w:-]+)\1")
INNER = re.compile(r"['\"]?(?:data|payload|body)['\"]?\s*:\s*(?=\{)")
COMMENT = re.compile(r"(?://|#)(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/", re.DOTALL)
NAMES = re.compile(r"(['\"])(?P<name>[A-Za-z][\w-]*(?::[A-Za-z][\w-]*)+)\1(?P<key>\s*:)?")
FRAME = re.compile(r"(?<!\w)42(?:(?P<namespace>/[\w-]*),)?\d*(?=\[\s*['\"])")
"""What begins the packet of an event."""
SCRIPTS = re.compile(r"['\"]?(?:scripts|scopes|permissions|roles|keys|queues|topics)['\"]?\s*:")


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """What the objects of a fence claim."""
    whole = labels.subject(piece, words)
    taken: set[tuple[int, int]] = set()
    end = 0
    for begin in loose.objects(piece.text):
        comment = _above(piece.text, end, begin)
        said = labels.shown(comment, words) if comment.strip() else None
        own = whole if said is None else None if said == "other" else said
        end = begin
        for claim in _object(piece, file, words, begin, own):
            taken.add((claim.place.line, claim.place.column))
            refuted = piece.refuted or stance.refuted(piece.above[-stance.LABEL_CHARACTERS :])
            yield replace(claim, refuted=refuted, section=piece.section)
    for claim in _within(piece, file, words) if '": [' in piece.text else ():
        if (claim.place.line, claim.place.column) not in taken:
            taken.add((claim.place.line, claim.place.column))
            yield replace(claim, refuted=piece.refuted, section=piece.section)
    if not taken or len(piece.text) < LONGEST:
        yield from _names(piece, file, words, taken)


PACKET = re.compile(r"\"\s*:\s*(?P<packet>\[\s*\"(?P<name>[\w:-]+)\"\s*,\s*)(?=\{)")
"""A packet that is the value of a field: `"data": ["pen:take", {...}]`."""


def _within(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads of packets that stand within what a fence shows, as brokers and traces have them."""
    for found in PACKET.finditer(piece.text):
        if found["name"] in words.events:
            yield from _object(piece, file, words, found.start("packet"), None)


def frames(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The events of packets as they are on the wire: `42["event",{...}]`, also in strings of code."""
    if "42" not in piece.text:
        return
    piece = replace(piece, text=piece.text.replace('\\"', ' "'))
    for found in FRAME.finditer(piece.text):
        if (found["namespace"] or "/") in words.namespaces:
            way = monitors.direction(piece.text, found.start()) or ("to-client" if _arrives(piece) else None)
            shown = (
                replace(claim, direction=way, how="packet") if way else claim
                for claim in _object(piece, file, words, found.end(), None)
            )
            yield from (
                claim
                for claim in shown
                if claim.subject in words.events
                or words.like_an_event(claim.subject)
                or words.other_spelling(claim.subject)
            )


TOLD = re.compile(
    rf"{NAME.pattern}['\"`]?[^{{}}\n]{{0,24}}\b(?:payload|data|body|args?|params?|with|sends)\b[^{{}}\n\w]{{0,8}}"
    r"(?:\w+\s*[:=]\s*)?(?=\{)"
    rf"|{NAME.pattern}['\"`]?\s*[(:]?\s*(?=\{{)"
)
"""A name, and behind it in its line the object that goes with it: `emit "x" with payload: {...}`."""


SAYS = re.compile(r"\w")


def told(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads that the lines of a text name their events with."""
    for found in TOLD.finditer(piece.text) if "{" in piece.text else ():
        name = NAME.match(piece.text, found.start())
        if name is None or name[0] not in words.events:
            continue
        claim = beside(piece, file, name.span(), found.end())
        if claim is not None and SAYS.search(found[0][len(name[0]) :]):
            yield claim
        elif claim is not None:
            yield from pictured(claim, words)


def beside(piece: Piece, file: str, name: tuple[int, int], begin: int) -> Claim | None:
    """An event with the object that begins behind its name; None where it has no fields."""
    shown = loose.payload(piece.text, begin, partial(piece.span, file))
    if shown is None or not shown[0].fields:
        return None
    return _claim("event", piece.text[slice(*name)], piece.span(file, *name), shown[0])


def pictured(claim: Claim, words: Vocabulary) -> Iterator[Claim]:
    """The payload of a picture, which leaves out what everybody knows, and may have a note in braces instead."""
    fields, known = claim.payload.fields if claim.payload else (), known_fields(words.bundle, claim)
    if sum(field.name in known for field in fields) * 2 >= len(fields):
        yield replace(claim, payload=Payload(fields=fields, whole=False))


def _arrives(piece: Piece) -> bool:
    """Whether the paragraph right above packets says that somebody gets them, and names no server."""
    kind, text = piece.trail[0] if piece.trail else ("", "")
    if kind not in ("paragraph", "item"):
        return False
    last = list(english.VERB.finditer(text))[-1:]
    hears = bool(last) and last[0]["hears"] is not None
    doers = [one for one in english.SUBJECT.finditer(text) if one.start() < last[0].start()] if last else []
    return hears and not (doers and doers[-1]["server"])


LONGEST = 20_000
"""Characters of an example; what is longer is data."""


def _above(text: str, first: int, last: int) -> str:
    """The last comment between two objects."""
    found = list(COMMENT.finditer(text, first, last))
    return (found[-1]["line"] or found[-1]["block"] or "") if found else ""


def _object(piece: Piece, file: str, words: Vocabulary, begin: int, own: Subject | None) -> Iterator[Claim]:
    """What one object shows."""
    text = piece.text
    placed = partial(piece.span, file)

    pair = TUPLE.match(text, begin)
    if pair:
        if words.known(pair["name"]) or words.other_spelling(pair["name"]) or NAME.fullmatch(pair["name"]):
            shown = loose.payload(text, pair.end(), placed)
            if shown or text[pair.end() : pair.end() + 1] == "]":
                at = placed(pair.start("name") - 1, pair.end("name"))
                yield _claim("event", pair["name"], at, shown[0] if shown else None)
        return
    if text[begin] != "{":
        return
    shown = loose.payload(text, begin, placed)
    if shown is None:
        return
    envelope, inner = ENVELOPE.search(text, begin, shown[1]), INNER.search(text, begin, shown[1])
    if envelope and inner and (words.known(envelope["name"]) or NAME.fullmatch(envelope["name"])):
        within = loose.payload(text, inner.end(), placed)
        if within and inner.end() <= envelope.start() < within[1]:
            return  # What is inside names itself, and not what is around it.
        at = placed(envelope.start("name"), envelope.end("name"))
        yield _claim("event", envelope["name"], at, within[0] if within else None)
    elif own is not None and shown[0].fields:
        claim = _claim(own.kind, own.name, placed(begin, begin + 1), shown[0])
        yield replace(claim, direction=own.direction, others=own.others) if own.kind == "event" else claim


def _claim(kind: labels.Kind, subject: str, place: Place, shown: Payload | None) -> Claim:
    return Claim(kind=kind, subject=subject, place=place, origin="document", how="payload", payload=shown)


def _names(piece: Piece, file: str, words: Vocabulary, taken: set[tuple[int, int]]) -> Iterator[Claim]:
    """Names of events and calls in strings that can be nothing else, but for those of which claims were made."""
    if SCRIPTS.search(piece.text):
        return
    for found in NAMES.finditer(piece.text):
        if words.surely_an_event(found["name"]):
            line, column = piece.place(found.start("name"))
            if (line, column) in taken or (line, column - 1) in taken:
                continue
            yield Claim(
                kind="event", subject=found["name"], origin="document", how="string", section=piece.section,
                place=Place(file=file, line=line, column=column, end=column + len(found["name"])),
                listed=True, refuted=piece.refuted,
            )  # fmt: skip
    for call in CALL.finditer(piece.text):
        line, column = piece.place(call.start("path"))
        path = call["path"].rstrip(".")
        place = Place(file=file, line=line, column=column, end=column + len(path))
        yield Claim(
            kind="call", subject=f"{call['method']} {path}", origin="document", how="string", place=place,
            section=piece.section, refuted=piece.refuted,
        )  # fmt: skip
