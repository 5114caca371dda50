"""`roomcheck record` in front of a service, as tests use it."""

import contextlib
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conformance.journal.records import Journal, read
from conformance.model.transcript import AnyEntry, Transcript
from tests.running import PEER, lacking, started

EVERYTHING = ("node", str(Path(__file__).parent / "everything.mjs"))


@dataclass(slots=True)
class Recording:
    """A recording: where clients connect to, and once it is over what came of it."""

    url: str
    path: Path
    code: int | None = None
    printed: str = ""
    _journal: list[Journal] = field(default_factory=list)

    @property
    def journal(self) -> Journal:
        """The journal, read once."""
        if not self._journal:
            self._journal.append(read(self.path))
        return self._journal[0]

    def transcript(self, namespace: str = "/") -> Transcript:
        """What was recorded of a namespace."""
        return next(one for one in self.journal.transcripts if one.namespace == namespace)

    def of(self, kind: type[AnyEntry], namespace: str = "/") -> list[AnyEntry]:
        """The entries of a kind."""
        return [entry for entry in self.transcript(namespace).entries if isinstance(entry, kind)]


@contextlib.contextmanager
def recorded(url: str, folder: Path, *options: str) -> Iterator[Recording]:
    """A recording of a service; it is ended with the context, by SIGINT."""
    path = folder / "recording.ndjson"
    words = (sys.executable, "-m", "cli", "record", url, "--port", "0", "--journal", str(path), *options)
    with started(*words, said="recording ") as (program, line):
        found = re.search(r" on (http\S+);", line)
        assert found is not None, line
        made = Recording(url=found[1], path=path)
        yield made
        program.send_signal(signal.SIGINT)
        made.printed = program.stdout.read() if program.stdout else ""
        made.code = program.wait(60)


@contextlib.contextmanager
def everything() -> Iterator[str]:
    """The Node peer that does what clients have to hear of; its URL."""
    if not (PEER / "node_modules" / "socket.io-client").is_dir():
        lacking("the Node peer with its client")
    with started(*EVERYTHING) as (_, line):
        yield line.strip()
