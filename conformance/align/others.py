"""Code in languages without a reader of their own: `on` and `emit` by their strings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from conformance.align import loose, other_reads, receivers, sides
from conformance.align.built import argument as built_of
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Origin
from conformance.align.vocabulary import Vocabulary

CALL = re.compile(
    r"(?P<receiver>(?<![\w$.?!()])[\w$.?!()]{0,200}?|[\w$.?!()]{200})[.?!]{1,4}(?P<method>on|once|off|emit|emitWithAck|listen|On|Emit|EmitAsync|EmitAsyncWithAck|fromEvent)"
    r"(?:<[^<>\n]*>)?\(\s*(?P<quote>['\"])(?P<name>[A-Za-z][\w:.-]*)(?P=quote)(?P<rest>\s*,\s*)?"
)
COMMENT = re.compile(r"(?:^|(?<=\s))(?://|#(?!\[))[^\n]*|/\*.*?\*/", re.DOTALL)
ACK = re.compile(r"\back\s*:\s*|\bAck\s*(?=\{)|\.timingOut\([^)\n]*\)\s*(?=\{)")
"""What stands before the handler of an answer in Dart, Kotlin and Swift."""
ACKED = 200
"""Characters behind the name of a request in which it stands."""
OWN = receivers.OWN | {"statusChange", "error", "ping", "pong"}
"""What clients in other languages say of themselves."""


def claims(piece: Piece, file: str, words: Vocabulary, *, origin: Origin = "document") -> Iterator[Claim]:
    """The events that are sent and heard, with the payloads that are written there."""
    text = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), piece.text)
    own = sides.own(piece.text)

    placed = partial(piece.span, file)

    for found in CALL.finditer(text):
        name, method = found["name"], found["method"].lower()
        if receivers.kind(found["receiver"]) == "other" or (name in OWN and not words.known(name)):
            continue
        if "." in name and not words.other_spelling(name):
            continue
        if ":" not in name and not words.known(name) and receivers.kind(found["receiver"]) != "socket":
            continue
        shown, built = None, None
        read = None if method.startswith("emit") else other_reads.of_handler(text, found.end(), placed)
        if found["rest"]:
            at = re.compile(r"(?:<[^>\n]*>)?\s*(?:new\s+)?(?=[\[{])").match(text, found.end())
            shown = loose.payload(text, at.end(), placed) if at and method.startswith("emit") else None
            built = built_of(text, found.end(), placed) if shown is None and method.startswith("emit") else None
        made = Claim(
            kind="event", subject=name, origin=origin, how="emit" if method.startswith("emit") else "on",
            place=placed(found.start("name"), found.end("name")), section=piece.section,
            payload=shown[0] if shown and shown[0].fields else built or read,
        )  # fmt: skip
        if (
            method.startswith("emit")
            and name in words.events
            and (given := ACK.search(text, found.end(), found.end() + ACKED))
        ):
            answer = other_reads.of_handler(text, given.end(), placed)
            if answer is not None:
                yield replace(made, how="payload", payload=answer, of_reply=True, place=answer.fields[0].place)
        yield sides.directed(
            made, "sends" if method.startswith("emit") else "hears", "client" if origin == "client" else own
        )
    for one in other_reads.calls(text, placed):
        yield Claim(
            kind="call", subject=f"{one.method} {one.path}", origin=origin, how="call", section=piece.section,
            place=placed(one.at, one.at + len(one.path)), payload=one.body, query=one.query, via=one.via,
        )  # fmt: skip
