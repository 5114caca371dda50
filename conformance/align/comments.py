"""Payloads that guides give in comments and as types beside the code that sends or hears them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.align import labels, loose, payload
from conformance.align.labels import Subject
from conformance.align.markdown import Piece, line_starts
from conformance.align.model import Claim, Payload, Place
from conformance.align.nodes import text_of
from conformance.align.typescript import Code
from conformance.align.vocabulary import Vocabulary

MARKS = re.compile(r"//+|/\*+|\*/|(?m:^[ \t]*\*(?!/))")
INTRO = re.compile(
    r"(?:\b(?:payload|data|receives?|sends?|body|args?|params?|example(?:\s+payload)?|object|expects?|shape|emits?|"
    r"message|event|\w*[pP]ayload|\w*[dD]ata)\b|@param(?:\s+\{?\w+\}?)?(?:\s+\w+)?)[\s:=-]*$|^\s*$|\b(?P<name>\w+)\s*[:=]\s*$"
)
"""What stands before an object in a comment that is a payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comment:
    """Comments without code between them, as one."""

    first: int
    last: int
    """Lines of the file."""
    begin: int
    end: int
    """Offsets in the text."""
    behind: bool


def with_payloads(piece: Piece, code: Code, claims: Sequence[Claim], words: Vocabulary) -> Iterator[Claim]:
    """Claims, with the payloads that comments beside them give."""
    found = _comments(piece)
    begin, behind = ({one.first: one for one in found if one.behind is way} for way in (False, True))
    end = {one.last: one for one in found if not one.behind}
    text = _bare(piece.text)
    for claim in claims:
        wanted = claim.how == "on" or (claim.how == "emit" and claim.payload is None)
        if not found or claim.kind != "event" or not wanted:
            yield claim
            continue
        beside = [*_beside(behind, begin, end, claim)]
        if claim.how == "on":
            beside += _behind_a_log(piece, behind, begin, claim.place.line)
        shown = next((one for comment in beside if (one := _payload(piece, text, comment, claim))), None)
        if claim.payload is not None:
            yield claim  # What the handler reads of it; the comment shows the whole.
        if shown or claim.payload is None:
            yield replace(claim, payload=shown)


def _bare(text: str) -> str:
    """A text with the marks of comments blanked, so that what stands in them keeps its place."""
    return MARKS.sub(lambda found: " " * len(found[0]), text)


def _comments(piece: Piece) -> list[_Comment]:
    found: list[_Comment] = []
    for one in re.finditer(r"(?<![:'\"\w])//[^\n]*|/\*.*?\*/", piece.text, re.DOTALL):
        begin = piece.text.rfind("\n", 0, one.start()) + 1
        behind = bool(piece.text[begin : one.start()].strip())
        first, last = piece.place(one.start())[0], piece.place(one.end() - 1)[0]
        before = found[-1] if found else None
        if before and not behind and not before.behind and before.last + 1 == first:
            found[-1] = replace(before, last=last, end=one.end())
        else:
            found.append(_Comment(first=first, last=last, begin=one.start(), end=one.end(), behind=behind))
    return found


def _beside(
    behind: Mapping[int, _Comment], begin: Mapping[int, _Comment], end: Mapping[int, _Comment], claim: Claim
) -> Iterator[_Comment]:  # fmt: skip
    """The comments that may speak of a claim: behind it, right below as the first of its handler, right above."""
    line = claim.place.line
    asked = (behind.get(line), begin.get(line + 1) if claim.how == "on" else None, end.get(line - 1))
    return (one for one in asked if one is not None)


HANDLED = re.compile(
    r"(?:\(\s*|[\s,])(?:async\s+)?(?:function\s*\w*\s*)?"
    r"\(?\s*(?P<name>\w+)\s*(?::\s*[\w.]+\s*)?\)?\s*(?:=>|\{)"
)
"""The one argument of a handler."""
LOGGED = re.compile(r"\s*console\.\w+\((?:[\"'][^\"'\n]*[\"'],\s*)?(?P<name>\w+)\);?")
"""A handler that begins by printing what it was given."""


def _behind_a_log(
    piece: Piece, behind: Mapping[int, _Comment], begin: Mapping[int, _Comment], line: int
) -> Iterator[_Comment]:
    """The comments behind and below the line in which a handler first prints its argument: they show what that is."""
    handled = HANDLED.search(_line(piece, line))
    logged = LOGGED.match(_line(piece, line + 1)) if handled else None
    if handled and logged and handled["name"] == logged["name"]:
        yield from (one for one in (behind.get(line + 1), begin.get(line + 2)) if one is not None)


def _payload(piece: Piece, text: str, comment: _Comment, claim: Claim) -> Payload | None:
    """The payload in a comment, where it is introduced as one."""
    at = text.find("{", comment.begin, comment.end)
    if at < 0:
        return None
    intro = INTRO.search(text[comment.begin : at].strip(" \t*").rsplit("\n", 1)[-1])
    if intro is None:
        return None
    if intro["name"] and not re.search(rf"\b{re.escape(intro['name'])}\b\s*[,)]", _line(piece, claim.place.line)):
        return None
    shown = loose.payload(text[: comment.end], at, _Placer(piece=piece, file=claim.place.file))
    if shown is None or len(shown[0].fields) < 1:
        return None
    return replace(shown[0], whole=False) if claim.how == "on" else shown[0]


def _line(piece: Piece, line: int) -> str:
    """The text of a line of the file."""
    starts, number = line_starts(piece.text), line - piece.lines[0][0]
    if not 0 <= number < len(starts):
        return ""
    return piece.text[starts[number] : starts[number + 1] if number + 1 < len(starts) else None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placer:
    piece: Piece
    file: str

    def __call__(self, first: int, last: int) -> Place:
        line, column = self.piece.place(first)
        return Place(file=self.file, line=line, column=column, end=column + last - first)


NAMED = re.compile(
    r"(?://+|/\*+)\s*(?:event:?\s+)?[`'\"]?(?P<name>[a-z][\w-]*(?:[:.][\w-]+)+|[a-z]+(?:[A-Z][a-z]+)+)[`'\"]?(?:\s*[,(—–][^\n]{0,24})?(?:\s*\*/)?"
)
"""A comment that is nothing but a name, as people set them above what is shown of an event."""


def misnamed(code: Code, words: Vocabulary) -> Iterator[Claim]:
    """The names that comments of their own give to what stands below them, where no contract has them so."""
    for node in code.nodes:
        found = NAMED.fullmatch(text_of(node)) if node.type == "comment" else None
        if found is None or words.known(found["name"]):
            continue
        name = found["name"]
        if words.surely_an_event(name) if ":" in name else words.other_spelling(name):
            place = code.place(node)
            first = place.column + found.start("name")
            yield code.claim("event", name, replace(place, column=first, end=first + len(name)), "text")


def shown(piece: Piece, code: Code, own: Subject | None, words: Vocabulary) -> Iterator[Claim]:
    """Types and objects of a fence that are the payload of the event that a comment above them, or the label, names."""
    tops = []
    for node in code.root.named_children:
        inner = node.named_children[-1] if node.type == "export_statement" and node.named_children else node
        if inner.type in ("interface_declaration", "type_alias_declaration", "lexical_declaration"):
            tops.append(inner)
    above = {last - code.line: text for _, last, text, behind in code.comments() if not behind}
    alone = len(tops) == 1 and len([one for one in code.root.named_children if one.type != "comment"]) == 1
    for node in tops:
        comment = above.get(node.start_point[0] - 1, "")
        said = labels.shown(comment, words) if comment else None
        subject = said if isinstance(said, Subject) else own if alone and said is None else None
        if subject is None:
            continue
        if node.type == "lexical_declaration":
            value = node.named_children[0].child_by_field_name("value") if node.named_children else None
            told = payload.of_value(code.scope, value, placeholders=True)
        else:
            told = payload.of_type(code.scope, node.child_by_field_name("body") or node.child_by_field_name("value"))
        name = node.child_by_field_name("name")
        if told is not None and told.fields:
            extended = name is not None and text_of(name) in code.scope.extended
            claim = code.claim(subject.kind, subject.name, code.place(name or node), "payload", payload=told)
            claim = replace(claim, payload=replace(told, whole=told.whole and not extended))
            yield replace(claim, direction=subject.direction, others=subject.others)
