"""The journal: what a run saw and how it was judged, one JSON record a line, header first and footer last.

A journal without a footer was cut off, and whoever reads it is told so.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Annotated, Any, TypeAlias

import msgspec

from conformance.journal.pieces import joined
from conformance.model.known_failure import Known
from conformance.model.transcript import Transcript
from conformance.model.verdict import NotExercised, Verdict
from conformance.support import one_writer, pipes
from conformance.support.errors import UsageError
from conformance.target.capabilities import Capabilities

MOST_LINE_BYTES = 32_000_000
"""Of a record; an act whose transcript is larger is broken off long before."""

RECORD = "record"
"""The command of a recording, whose transcripts are written in pieces."""

FORMAT = 1
"""The version of the records; a reader refuses what is newer."""


class Header(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="header"):
    """What was run, on what. The target's address is without credentials, which it never had."""

    format: int = FORMAT
    tool: str = "roomcheck"
    version: str
    began: str
    """ISO 8601, UTC."""
    target: str
    api: str
    bundle: str
    """The place of the contracts: the path of their `bundle.json`, or what was asked for in its stead."""
    bundle_name: str = ""
    bundle_version: str
    transports: tuple[str, ...]
    rules: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    """The patterns of subjects that were selected; empty for all."""
    no_subjects: tuple[str, ...] = ()
    seed: int
    nonce: str
    ids: tuple[str, ...] = ()
    """How the ids of the run's rooms begin, by which they are known in a service's logs and data."""
    timeout_s: float | None = None
    min_verified: float | None = None
    """How much has to be verified, in percent; None where the run did not say."""
    events: tuple[str, ...] = ()
    """The documented event names, each of which a report gives a row."""
    nodes: tuple[str, ...] = ()
    """The addresses of the target's nodes, where it has several."""
    target_name: str = ""
    """Its name in the settings."""
    equipment: Capabilities = msgspec.field(default_factory=Capabilities)
    """What the target offers in place of documented causes and deadlines."""
    known: tuple[Known, ...] = ()
    again: tuple[str, ...] = ("roomcheck", "check")
    """The words of the command that runs the same again, without secrets."""
    command: str = "check"
    """`check`, `record`, `load` or `align`."""
    load: dict[str, str] = {}
    """The options of a load."""
    places: dict[str, str] = {}
    """Where the contract of each event and call stands, as `file:line`: there reports show what is said of it."""


class Played(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="transcript"):
    """One act's transcript, or a piece of one that is written while it is recorded."""

    transcript: Transcript
    continues: bool = False
    """Its entries follow those of the piece before it of the same act."""


class Note(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="note"):
    """Something about the run that no verdict says."""

    text: str
    remark: bool = False
    """It is worth knowing, and nothing is wrong with the run."""


class Footer(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="footer"):
    """How the run ended."""

    summary: dict[str, int]
    exit_code: Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]
    took_s: float
    why: str = ""
    """Why a run without failures is no success; empty where it is one, and where something else ended it."""


class Measured(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="measured"):
    """How a load stood at a time."""

    at_s: float
    sockets: int
    rooms: int
    counts: dict[str, int]
    """So far."""
    delivery_ms: dict[str, float]
    """Percentiles so far, as `p50`."""
    deliveries: int
    workers: dict[str, dict[str, float]] = {}
    """What each says of itself: `cpu_percent`, `lag_ms`, `backlog_bytes`, `rss_kb`."""
    recent_ms: dict[str, float] = {}
    """Percentiles of the last seconds, as `p50`; none where nothing was delivered."""
    gates: dict[str, float] = {}
    """What was measured of each gate so far, by its text."""


class Ledger(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="ledger"):
    """What became of every delivery of a scenario, or of a step of it."""

    scenario: str
    step: str = ""
    counts: dict[str, Annotated[int, msgspec.Meta(ge=0, lt=2**53)]]


class Timed(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="timed"):
    """Times of a load, in ms: a histogram of [time, count], each within 0.4 %."""

    metric: str
    tags: dict[str, str]
    least: float
    mean: float
    most: float
    histogram: list[tuple[float, int]]


class Gated(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="gate"):
    """A gate of a load, and whether it held."""

    gate: str
    outcome: str
    value: float | None


class Witnessed(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="witness"):
    """The first that shows a defect of a load; times in s of its worker's monotonic clock."""

    defect: str
    room: str
    socket: int
    at_s: float
    due_s: float
    stream: int
    number: int
    frame: str = ""
    why: str = ""
    event: str = ""
    user: str = ""
    publication: str = ""
    """In words: which of the user's."""


class Aligned(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="matrix"):
    """The matrix of an alignment.

    For each event and column: `ok`, `wrong`, `missing` or `not seen`, the place, and what stands there.
    """

    columns: tuple[str, ...]
    rows: dict[str, tuple[tuple[str, str, str], ...]]


Record: TypeAlias = (
    Header | Played | Verdict | NotExercised | Note | Footer | Measured | Ledger | Timed | Gated | Witnessed | Aligned
)
Write: TypeAlias = Callable[[Record], None]

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode(record: Record) -> bytes:
    """A record as one line, without its newline."""
    try:
        return _ENCODER.encode(record)
    except (UnicodeEncodeError, RecursionError):
        # A lone surrogate is legal in JSON text and in no UTF-8; escaped, it survives.
        return json.dumps(msgspec.to_builtins(record), ensure_ascii=True).encode()


def decode(line: bytes) -> Record:
    """A line as a record.

    Raises:
        msgspec.DecodeError: the line is no record of this format.
    """
    try:
        return _DECODER.decode(line)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        try:
            document = json.loads(line)
        except ValueError as error:
            raise msgspec.DecodeError(str(error)) from error
        record: Record = msgspec.convert(document, Record)
        return record


class Unwritten(UsageError):
    """A journal could not be written any further, as on a full disk; what is there can be read."""


class Writer:
    """Appends records to an open file, each whole before the next: a crash loses at most one.

    Where the file takes no more, it is closed, `Unwritten` is raised once, and later records are dropped.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failed = False

    def write(self, *records: Record | bytes) -> None:
        """Append records; one that is encoded already is taken as it is.

        Raises:
            Unwritten: the file takes no more.
        """
        if self.failed:
            return
        try:
            for record in records:
                self._file.write((record if isinstance(record, bytes) else encode(record)) + b"\n")
            self._file.flush()
        except OSError as error:
            self.failed = True
            with contextlib.suppress(OSError):  # What is buffered cannot be written, either.
                self._file.close()
            raise Unwritten(f"--journal: it cannot be written any more: {error.strerror}") from error


def open_writer(path: Path) -> tuple[Writer, IO[bytes]]:
    """Create a journal; while it is open no other run writes it.

    Raises:
        UsageError: the file cannot be written, or another run is at it.
    """
    try:
        file = one_writer.opened(path)
    except OSError as error:
        raise UsageError(f"--journal: {path} cannot be written: {error.strerror}") from error
    return Writer(file), file


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """A journal as read."""

    header: Header
    transcripts: tuple[Transcript, ...]
    verdicts: tuple[Verdict, ...]
    not_exercised: tuple[NotExercised, ...]
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    footer: Footer | None = None
    """None where the journal was cut off."""
    measured: tuple[Measured, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    timed: tuple[Timed, ...] = ()
    gates: tuple[Gated, ...] = ()
    witnesses: tuple[Witnessed, ...] = ()
    matrix: Aligned | None = None


def read(path: Path) -> Journal:
    """Read a journal whole.

    Raises:
        UsageError: it is missing, no journal, or of a newer format; says the line.
    """
    try:
        with pipes.opened(path) as file:
            return gather(_records(path, file), str(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def each(path: Path) -> Iterator[Record]:
    """The records of a journal one at a time, so that a large one is never in memory as a whole; its header first.

    Raises:
        UsageError: it is missing, no journal, or of a newer format; says the line.
    """
    try:
        with pipes.opened(path) as file:
            records = _records(path, file)
            first = next(records, None)
            gather([first] if isinstance(first, Header) else [], str(path))
            yield from (record for record in [first] if record is not None)
            yield from records
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def transcripts(path: Path) -> Iterator[Transcript]:
    """The transcripts of a journal one at a time.

    Raises:
        UsageError: as `each`.
    """
    records = each(path)
    header = next(records, None)
    pieces = (record for record in records if isinstance(record, Played))
    if isinstance(header, Header) and header.command == RECORD:
        yield from joined((piece.transcript, piece.continues) for piece in pieces)
    else:
        yield from (piece.transcript for piece in pieces)


def _lines(path: Path, file: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """(number, line, whether it is the last) of a journal, one at a time."""
    number, line = 1, file.readline(MOST_LINE_BYTES)
    while line:
        if len(line) == MOST_LINE_BYTES:
            most = MOST_LINE_BYTES // 1_000_000
            raise UsageError(
                f"{path}:{number}: a line of more than {most} MB, which is no record of a Roomcheck journal"
            )
        following = file.readline(MOST_LINE_BYTES)
        yield number, line, not following
        number, line = number + 1, following


def _records(path: Path, file: IO[bytes]) -> Iterator[Record]:
    ended = False
    for number, line, last in _lines(path, file):
        try:
            record = decode(line)
            ended = ended or isinstance(record, Footer)
            yield record
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:  # Unicode: words about a lone surrogate.
            if last and number > 1 and not ended:
                return  # The last line of a run that was killed may be half written.
            said = str(error).encode("utf-8", "backslashreplace").decode()
            raise UsageError(f"{path}:{number}: expected a record of a Roomcheck journal: {said}") from error


def gather(records: Iterable[Record], name: str) -> Journal:
    """Sort records into a journal.

    Raises:
        UsageError: there is no header, or it is of a newer format.
    """
    by_kind: dict[type[Any], list[Any]] = {}
    for record in records:
        by_kind.setdefault(type(record), []).append(record)
    headers: list[Header] = by_kind.get(Header, [])
    if len(headers) != 1:
        raise UsageError(f"{name}: expected one header of a Roomcheck journal, found {len(headers)}")
    if headers[0].format > FORMAT:
        raise UsageError(f"{name}: format {headers[0].format} is newer than this version reads ({FORMAT}): upgrade")
    for kind, what in ((Footer, "footer"), (Aligned, "matrix")):
        if len(by_kind.get(kind, [])) > 1:
            raise UsageError(
                f"{name}: expected one {what}, found {len(by_kind[kind])}: are these two journals in one file?"
            )
    footers: list[Footer] = by_kind.get(Footer, [])
    return Journal(
        header=headers[0],
        transcripts=tuple(joined((one.transcript, one.continues) for one in by_kind.get(Played, []))),
        verdicts=tuple(by_kind.get(Verdict, [])),
        not_exercised=tuple(by_kind.get(NotExercised, [])),
        notes=tuple(note.text for note in by_kind.get(Note, []) if not note.remark),
        remarks=tuple(note.text for note in by_kind.get(Note, []) if note.remark),
        footer=footers[-1] if footers else None,
        measured=tuple(by_kind.get(Measured, [])),
        ledgers=tuple(by_kind.get(Ledger, [])),
        timed=tuple(by_kind.get(Timed, [])),
        gates=tuple(by_kind.get(Gated, [])),
        witnesses=tuple(by_kind.get(Witnessed, [])),
        matrix=next(iter(by_kind.get(Aligned, [])), None),
    )
