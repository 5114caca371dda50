"""What a run leaves behind: its journal as it goes on, and at its end what reports and history are made of."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import IO, Any

from conformance.journal.records import Record, Writer, gather, open_writer
from conformance.support import streams
from conformance.support.errors import UsageError
from reports.output.destinations import Destination, outlets, report


def asked(options: Any) -> list[Destination]:
    """The reports that are asked for; what cannot be written is refused before anything is loaded.

    Raises:
        UsageError: a format or a folder is not there, or a file cannot be written.
    """
    journal = Path(options.journal) if options.journal else None
    if journal and (os.path.isdir(journal) or not os.path.isdir(journal.absolute().parent)):
        raise UsageError(f"--journal: {journal} cannot be written: it is a folder, or in one that is not there")
    return outlets(tuple(options.report or ()), journal, Path(options.history) if options.history else None)


class JournalWriter:
    """Of one run after another, the journal of the one that goes on."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._writer: Writer | None = None
        self._records: list[Record] = []
        self._outlets: list[Destination] = []
        self._history: Path | None = None
        self._whole = True

    def open(self, options: Any) -> None:
        """A run begins.

        Raises:
            UsageError: what it is to leave behind cannot be written.
        """
        self._shut()
        self._whole, self._records = True, []
        self._outlets = asked(options)
        self._history = Path(options.history) if options.history else None
        if options.journal:
            self._writer, self._file = open_writer(Path(options.journal))

    @property
    def wanted(self) -> bool:
        """Whether anything is to be written."""
        return self._writer is not None or bool(self._outlets) or self._history is not None

    def write(self, *records: Record) -> None:
        """Add records; a journal that cannot be written any more is told once, and the load goes on."""
        if self._outlets or self._history:
            self._records += records
        try:
            if self._writer is not None:
                self._writer.write(*records)
        except OSError as error:
            self._failed(f"--journal: it cannot be written any more: {error.strerror}")
            self._writer = None

    def close(self) -> bool:
        """The run is over: write what is made of it. Whether all could be written."""
        self._shut()
        if self._records:
            try:
                report(gather(self._records, "this run"), self._outlets, self._history, is_told=True)
            except UsageError as error:
                self._failed(str(error))
        self._records = []
        return self._whole

    def _failed(self, message: str) -> None:
        streams.complain(message)
        self._whole = False

    def _shut(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # What could not be written was told.
                self._file.close()
        self._writer = self._file = None
