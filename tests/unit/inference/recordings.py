"""Journals of scripts, for what is inferred from them."""

from pathlib import Path
from typing import Any

import msgspec

from conformance.analysis.script import script
from conformance.inference.documents import Inferred, Naming, inferred
from conformance.inference.seen import seen_in
from conformance.journal.records import Footer, Header, Played, encode
from conformance.model.transcript import Transcript
from contracts.load import load

HEADER = Header(
    version="0", began="2026-01-01T00:00:00Z", target="http://127.0.0.1:1", api="", bundle="", bundle_version="",
    transports=("websocket",), rules=(), seed=0, nonce="n", command="record",
)  # fmt: skip


def recording(text: str) -> Transcript:
    """A script as one act; its language needs some bundle, of which nothing is used."""
    return script(load("example"), text)


def inferred_of(*texts: str) -> Inferred:
    """What is inferred from scripts."""
    return inferred(seen_in(map(recording, texts)), Naming(name="b", source="a recording"))


def events_of(made: Inferred) -> dict[str, dict[str, Any]]:
    """The documents of events, by name."""
    return {one["event"]: one for one in made.documents.values() if "event" in one}


def journal(path: Path, *transcripts: Transcript) -> Path:
    """Write transcripts as the journal of a recording."""
    records = [HEADER, *(Played(transcript=one) for one in transcripts), Footer(summary={}, exit_code=0, took_s=1.0)]
    path.write_bytes(b"".join(encode(one) + b"\n" for one in records))
    return path


def renamed(transcript: Transcript, old: str, new: str) -> Transcript:
    """A transcript with another name for an event."""
    entries = [
        msgspec.structs.replace(one, event=new) if getattr(one, "event", None) == old else one
        for one in transcript.entries
    ]
    return msgspec.structs.replace(transcript, entries=tuple(entries))
