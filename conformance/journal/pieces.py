"""Transcripts that were written in pieces, while they were recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from conformance.model.transcript import Transcript


def joined(pieces: Iterable[tuple[Transcript, bool]]) -> Iterator[Transcript]:
    """The transcripts, with the pieces of each put together and in the order of time.

    Args:
        pieces: each with whether it follows the one before it of the same act.
    """
    whole: list[list[Transcript]] = []
    latest: dict[str, list[Transcript]] = {}
    for piece, continues in pieces:
        own = latest.get(piece.act) if continues else None
        if own is None:
            own = latest[piece.act] = []
            whole.append(own)
        own.append(piece)
    for own in whole:
        yield own[0] if len(own) == 1 else _put_together(own)


def _put_together(pieces: list[Transcript]) -> Transcript:
    entries = sorted((entry for piece in pieces for entry in piece.entries), key=lambda entry: entry.at_s)
    stalls = tuple(stall for piece in pieces for stall in piece.stalls)
    return msgspec.structs.replace(pieces[0], entries=tuple(entries), stalls=stalls, ended_s=pieces[-1].ended_s)
