"""What is judged of a service that went away while it was fuzzed: one act of all that was sent, and of how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from conformance.model.transcript import UNCONNECTED, AnyEntry, Called, Closed, Missed, Opened, Sent, Transcript
from conformance.model.wire import raw
from conformance.plan.fuzzing import Forbidden, value_of
from contracts.model import Bundle

TOGETHER = "fuzz-batch"
"""The name of the act that stands for all acts of a batch."""


def together(transcripts: Iterable[Transcript], gone: str | None) -> list[Transcript]:
    """One act for each transport and part of all that its acts sent and saw.

    Args:
        gone: why the service cannot be reached any more; None where it can.
    """
    found: dict[tuple[str, str], list[Transcript]] = {}
    for transcript in transcripts:
        if transcript.broke is None:
            found.setdefault((transcript.transport, transcript.part), []).append(transcript)
    return [_merged(group, gone) for group in found.values()]


def _merged(group: Sequence[Transcript], gone: str | None) -> Transcript:
    entries: list[AnyEntry] = [
        msgspec.structs.replace(entry, actor=f"{transcript.act}/{entry.actor}")
        for transcript in group
        for entry in (*transcript.entries, *_left_open(transcript))
        if not isinstance(entry, Missed)
    ]
    entries.sort(key=lambda entry: entry.at_s)
    ended_s = max(transcript.ended_s for transcript in group)
    if gone is not None:
        entries.append(Missed(at_s=ended_s, actor="stage", what=f"{UNCONNECTED}{gone}"))
    return msgspec.structs.replace(
        group[0],
        act=TOGETHER,
        rooms=tuple(dict.fromkeys(room for one in group for room in one.rooms)),
        entries=tuple(entries),
        began_s=min(one.began_s for one in group),
        ended_s=ended_s,
        stalls=tuple(sorted({stall for one in group for stall in one.stalls})),
    )


def _left_open(transcript: Transcript) -> Iterator[Closed]:
    """The ends of connections that were open when an act was over: they are ended then, which no act writes down."""
    closed = {entry.actor for entry in transcript.entries if isinstance(entry, Closed)}
    for actor in dict.fromkeys(entry.actor for entry in transcript.entries if isinstance(entry, Opened)):
        if actor not in closed:
            yield Closed(at_s=transcript.ended_s, actor=actor, by="us")


def sent_value(bundle: Bundle, entry: AnyEntry) -> Forbidden | None:
    """The value that an entry shows as it was sent."""
    match entry:
        case Sent():
            return value_of(bundle, entry.event, raw(entry.args))
        case Called():
            return value_of(bundle, entry.call, (entry.body,))
    return None
