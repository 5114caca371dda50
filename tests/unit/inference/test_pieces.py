"""A recording is written in pieces: what is inferred does not depend on where they begin."""

from pathlib import Path

import msgspec
import pytest

from conformance.inference.documents import Naming, inferred
from conformance.inference.seen import seen_in
from conformance.journal.records import RECORD, Header, Played, encode, transcripts
from conformance.model.transcript import Got, Opened, Sent, Transcript

ROOMS = {"ann": "kitchen", "bob": "kitchen", "cyd": "garden", "dan": "garden"}


def recording() -> Transcript:
    """Two rooms of two, in which everybody says three things."""
    entries = [Opened(at_s=n, actor=actor, socket=f"s{n}", token="none") for n, actor in enumerate(ROOMS)]
    entries += [Sent(at_s=10.0 + n, actor=actor, event="enter", args=({"room": ROOMS[actor]},)) for n, actor in enumerate(ROOMS)]  # fmt: skip
    at_s = 20.0
    for number, actor in enumerate([*ROOMS, *reversed(ROOMS), *ROOMS]):
        said = {"room": ROOMS[actor], "text": f"text {number}"}
        entries.append(Sent(at_s=at_s, actor=actor, event="say", args=(said,)))
        entries += [Got(at_s=at_s + 0.01, actor=one, event="said", args=(said,)) for one, room in ROOMS.items() if room == ROOMS[actor]]  # fmt: skip
        at_s += 1
    return Transcript(act="recorded", rooms=(), entries=tuple(entries), began_s=0.0, ended_s=at_s, transport="recorded", epoch_s=0.0)  # fmt: skip


def journal(path: Path, whole: Transcript, length: int) -> Path:
    """A journal of a recording whose pieces have so many entries."""
    header = Header(version="1", began="2026-01-01T00:00:00Z", target="", api="", bundle="", bundle_version="", transports=(), rules=(), seed=0, nonce="", command=RECORD)  # fmt: skip
    cuts = range(0, len(whole.entries), length)
    pieces = [msgspec.structs.replace(whole, entries=whole.entries[cut : cut + length]) for cut in cuts]
    records = [header, *(Played(transcript=piece, continues=n > 0) for n, piece in enumerate(pieces))]
    path.write_bytes(b"".join(encode(record) + b"\n" for record in records))
    return path


@pytest.mark.parametrize("length", [1000, 7, 1])
def test_rooms_are_found_wherever_the_pieces_begin(length: int, tmp_path: Path) -> None:
    path = journal(tmp_path / "run.ndjson", recording(), length)
    assert list(transcripts(path)) == [recording()]
    made = inferred(seen_in(transcripts(path)), Naming(name="talk", source="run.ndjson")).documents
    assert made["bundle"]["room"]["key"] == "room"
    assert made["events/said"]["server_to_client"]["receivers"] == "room"
    assert made["events/enter"]["client_to_server"]["effect"] == {"membership": "enter"}
