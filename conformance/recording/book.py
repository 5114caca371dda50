"""Writes down what was recorded while it comes: entries by namespace, as pieces of one transcript each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.journal.records import Played, Record, encode
from conformance.model.transcript import AnyEntry, Transcript
from conformance.recording.sessions import ROOT
from conformance.stage.clients.recorder import Clock
from conformance.target.secrets import Secrets

ACT = "recorded"
"""The act of the transcripts; those of other namespaces than `/` have the namespace behind it."""

RECORDED = "recorded"
"""The transport of the transcripts: each connection has one of its own."""

MOST_ENTRIES = 500
MOST_BYTES = 2_000_000
"""Of a piece, after which it is written: a journal that is cut off loses little, and no line becomes long."""


def act_of(namespace: str) -> str:
    """The name of the act of a namespace."""
    return ACT if namespace == ROOT else f"{ACT} {namespace}"


@dataclass(slots=True)
class _Piece:
    """Entries of a namespace that are not written yet."""

    began_s: float
    entries: list[AnyEntry] = field(default_factory=list)
    is_first: bool = True


class Book:
    """What was recorded, and how much of it there is."""

    def __init__(self, clock: Clock, secrets: Secrets, write: Callable[[Record, bytes], None], most_bytes: int) -> None:
        """`write` takes each record, encoded as well; `most_bytes` is how large all of them may become."""
        self.clock = clock
        self.secrets = secrets
        self.size = 0
        self.entries = 0
        self.full_s: float | None = None
        """When the largest size was reached; None while it was not."""
        self._write = write
        self._most_bytes = most_bytes
        self._pieces: dict[str, _Piece] = {}
        self._written = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return self.full_s is not None

    def add(self, namespace: str, entry: AnyEntry, size: int = 0) -> None:
        """Take an entry; `size` is about how many bytes it is made of."""
        if self.is_full:
            return
        piece = self._pieces.get(namespace)
        if piece is None:
            piece = self._pieces[namespace] = _Piece(began_s=self.clock.now())
        piece.entries.append(entry)
        self.entries += 1
        self._written += size
        if len(piece.entries) >= MOST_ENTRIES or self._written >= MOST_BYTES:
            self.flush()

    def flush(self, stalls: tuple[tuple[float, float], ...] = ()) -> None:
        """Write what has come since the last time; `stalls` are those of the event loop."""
        self._written = 0
        for namespace, piece in self._pieces.items():
            if (not piece.entries and not stalls and not piece.is_first) or self.is_full:
                continue
            played = Played(transcript=self._transcript(namespace, piece, stalls), continues=not piece.is_first)
            encoded = encode(played)
            if self.size + len(encoded) > self._most_bytes:
                self.full_s = self.clock.now()
                return
            self.size += len(encoded) + 1
            self._write(played, encoded)
            self._pieces[namespace] = _Piece(began_s=self.clock.now(), is_first=False)

    def _transcript(self, namespace: str, piece: _Piece, stalls: tuple[tuple[float, float], ...]) -> Transcript:
        made = Transcript(
            act=act_of(namespace),
            rooms=(),
            entries=tuple(sorted(piece.entries, key=lambda entry: entry.at_s)),
            began_s=piece.began_s,
            ended_s=self.clock.now(),
            transport=RECORDED,
            epoch_s=self.clock.epoch_s,
            reset_epochs_s=self.clock.reset_epochs_s(),
            stalls=stalls,
            namespace=namespace,
        )
        return self.secrets.cover_transcript(made)
