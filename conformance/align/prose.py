"""A Markdown document to claims: every reader of its pieces, and what they know of each other."""

from __future__ import annotations

import re
from functools import partial

from conformance.align import (
    acks_told,
    answers,
    asides,
    audiences,
    bases,
    below_requests,
    bounds_told,
    calls_listed,
    company,
    counts,
    counts_below,
    decisions,
    fences,
    field_lists,
    fields_told,
    gateways,
    keyed,
    named_fields,
    needs,
    optional_told,
    queries_told,
    refusals_told,
    sdk,
    siblings,
    spelled,
    stated,
    told_calls,
    told_values,
)  # fmt: skip
from conformance.align.markdown import pieces
from conformance.align.model import Claim, Text
from conformance.align.pieces_read import Prose
from conformance.align.vocabulary import Vocabulary

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

OF_PIECES = (
    named_fields.of_sentences, needs.claims, keyed.claims, stated.claims, answers.statuses, bounds_told.claims,
    fields_told.claims, queries_told.claims, acks_told.claims, optional_told.claims,
)  # fmt: skip
"""What else reads each piece that is no fence."""


def read(text: str, file: str, words: Vocabulary) -> Text:
    """What a Markdown document claims."""
    written, text = text, text.replace("\r\n", "\n").replace("\r", "\n")
    found: list[Claim] = []
    # Nobody reads a comment; lines and columns stay.
    bare = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
    bare = gateways.without_prefix(bare, words)
    parts = list(pieces(asides.unabbreviated(bare)))
    parts = decisions.without_the_gone(parts, company.gone_sections(parts, words))
    tables, speaks = told_calls.tables(parts, words), spelled.are_named(bare, words)
    parts = told_calls.without_others(parts, tables)
    faults: list[str] = []
    known = fences.shared(parts, file, words)
    numbered = counts.numbered(parts)
    old, others, told = company.old_versions(parts), set[str](), named_fields.Told()
    events, further = company.events(parts, words), company.further_rooms(parts, words)
    named = company.named(parts, words)
    for piece in parts:
        if piece.kind == "fence":
            found += fences.claims(piece, file, words, faults, known)
            found += counts.claims(piece, file)
        else:
            listed = company.of(piece) in events
            told.claims[company.of(piece)] += named_fields.claims(piece, file, words)
            found += Prose(
                piece, file, words, numbered, listed, old, others, told, piece.lines[0][0] in further,
                company.entries(piece, named, words), tables, speaks,
            ).claims()  # fmt: skip
            for of_piece in OF_PIECES:
                found += of_piece(piece, file, words)
    found = [
        one for one in found
        if (one.kind != "event" or one.subject not in others or words.known(one.subject) or words.slip_of(one.subject))
        and (one.kind != "count" or old.isdisjoint(one.section))
    ]  # fmt: skip
    found += told.completed(words)
    for reader in (
        field_lists.claims, sdk.claims, audiences.claims, audiences.scoped, told_values.claims, siblings.claims,
        answers.behind, calls_listed.claims, refusals_told.claims, counts_below.claims, below_requests.claims,
    ):  # fmt: skip
        made = reader(parts, file, words)
        found += (one for one in made if not (one.how == "values" or one.audience) or old.isdisjoint(one.section))
    found += asides.definitions(bare, parts, file)
    found = bases.completed(found, words, partial(bases.of, bare, parts))
    return Text(
        file=file, origin="document", claims=tuple(found), written=written, ignored=tuple(asides.ignored(text)),
        faults=tuple(f"{file}: {fault}" for fault in faults),
    )  # fmt: skip
