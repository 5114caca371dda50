"""What stands right below a fence that makes one documented call: the answer in a fence, the status. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from conformance.align import answers, curl, labels, loose, moods, paths, sentences
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import Vocabulary

PRINTS = re.compile(
    r"\b(?:prints?|shows?|says?|see|hiện|in\s+ra|zeigt|affiche|muestra)\b[\s*_:`]*(?P<status>2\d\d)\b(?=[`*_]*\s*(?:[.,;(]|\Z|and\b|và\b))",
    re.IGNORECASE,
)
"""What a shell is said to print of a call: `It must print `201`.`"""
CODE = "%{http_code}"
"""What makes a shell print the status of a call."""
FEW = 60
"""Characters of what stands between a request and its answer."""
NEAR = 300
"""Characters of a paragraph below a request that are read."""


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The answers and the statuses that stand right below requests."""
    yield from _behind_labels(parts, file, words)
    for request, piece in pairwise(parts):
        if request.kind != "fence" or request.refuted or piece.refuted or request.section != piece.section:
            continue
        if piece.kind == "fence" and piece.text.lstrip()[:1] == "{":
            yield from _answer(request, piece, file, words)
        elif piece.kind in ("paragraph", "item") and answers.WELL.search(piece.text[:NEAR]):
            yield from _status(request, piece, file, words)


def _behind_labels(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The answers with a few words between them and their requests, such as `gives 201 and`."""
    for request, said, piece in zip(parts, parts[1:], parts[2:], strict=False):
        if piece.kind != "fence" or request.kind != "fence" or said.kind not in ("paragraph", "item"):
            continue
        if piece.section != request.section or request.refuted or piece.refuted or len(said.text) > FEW:
            continue
        apart = labels.labelled_as_error(said.text) or labels.events(said.text, words) or labels.CALL.search(said.text)
        if piece.text.lstrip()[:1] == "{" and not apart and labels.subject(piece, words) is None:
            yield from _answer(request, piece, file, words)


def _answer(request: Piece, piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The object that a fence shows right below a request: it has to begin as the answer does."""
    own = _call(request, file, words)
    if own is None:
        return
    begin = piece.text.index("{")
    shown = loose.payload(piece.text, begin, partial(piece.span, file))
    call = paths.call_of(words.bundle, own)
    known = set(call.answer.document.get("properties", ())) if call is not None else set[str]()
    names = {field.name for field in shown[0].fields} if shown is not None else set[str]()
    if shown is not None and len(names & known) * 2 > len(names):
        place = piece.span(file, begin, begin + 1)
        yield Claim(
            kind="call", subject=own, place=place, origin="document", how="payload", section=piece.section,
            answer=shown[0],
        )  # fmt: skip


def _status(request: Piece, piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The status that the first sentences below a request tell, where neither they nor a heading name another call."""
    if labels.CALL.search(piece.text) or any(labels.CALL.search(text) for text in piece.titles):
        return
    for begin, _, sentence in sentences.of(piece.text[:NEAR]):
        found = answers.STATUS.search(piece.text, begin, begin + len(sentence))
        if found is None and CODE in request.text:
            found = PRINTS.search(piece.text, begin, begin + len(sentence))
        if found is None or answers.OTHER_UNIT.match(piece.text, found.end()):
            continue
        if answers.FAILS.search(sentence) or moods.THEN.search(sentence) or sentence.rstrip("*_ ").endswith("?"):
            continue
        own = _call(request, file, words)
        if own is not None:
            yield answers.claim(piece, file, own, found)
        return


def _call(request: Piece, file: str, words: Vocabulary) -> str | None:
    """The one call that a fence makes, where it is a documented one and not made wrong on purpose."""
    if "curl" not in request.text and not labels.CALL.search(request.text):
        return None
    found = {claim.subject for claim in curl.claims(replace(request, trail=()), file) if claim.how == "call"}
    found |= {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(request.text)}
    titles = {call.title if (call := paths.call_of(words.bundle, one)) is not None else "" for one in found}
    if len(titles) != 1 or moods.wrong_on_purpose((*(text for _, text in request.trail[:1]), *request.section[-1:])):
        return None
    return titles.pop() or None
