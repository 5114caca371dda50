"""Parsers of what commands about contracts and recordings are given: documents, recordings, versions, HTTP heads, options."""

import random
from pathlib import Path
from typing import Any

from conformance.diff.changelog import changelog
from conformance.diff.pairing import Pair
from conformance.diff.rule import judge, rules
from conformance.diff.verdicts import verdicts
from conformance.diff.versions import version
from conformance.inference.documents import Naming, inferred
from conformance.inference.seen import seen_in
from conformance.journal import records as journals
from conformance.recording.heads import Service
from conformance.recording.proxy import Line
from conformance.recording.watch import Watch
from contracts.exchange.asyncapi_import import imported
from loadtests.workload.ramp import stages
from loadtests.workload.rooms import sizes
from tests.fuzzing.recorded import watching
from tests.running import ROOT

MOST_SIZES = 50
"""Sizes of rooms that are drawn of one option, which has no end."""


def imported_from(path: Path) -> None:
    """Make contracts of a document of AsyncAPI."""
    imported(path, "fuzzed")


def recordings() -> list[bytes]:
    """The header of a check, some of its acts, and its footer."""
    lines = (ROOT / "tests/golden/check.ndjson").read_bytes().splitlines(keepends=True)
    played = sorted((line for line in lines if b'"transcript"' in line), key=len)
    return [b"".join([lines[0], *some, lines[-1]]) for some in (played[:2], played[2:3], played[3:4])]


def inferred_from(path: Path) -> None:
    """Make contracts of a journal."""
    seen = seen_in(journals.transcripts(path))
    inferred(seen, Naming(name="fuzzed", source="a recording"))


def compared(folder: str) -> None:
    """Compare a bundle with `example`, either being the new one."""
    versions = [version("example", str(ROOT / "contracts" / "example")), version("fuzzed", folder)]
    for old, new in (versions, versions[::-1]):
        pair = Pair(old=old, new=new)
        found = judge(pair, rules())
        verdicts(pair, found, rules())
        changelog(found, "2.0.0")


HEADS = (
    b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n\r\n",
    b"POST /api/messages/a?limit=5 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\": 1}\n",
    b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer abc\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n",
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\x81\x020{",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
)  # fmt: skip
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def headed(data: bytes) -> None:
    """What a client sends through `record`, and what a service answers: both read as they pass."""
    watch = watching()
    for client, service in ((data, PLAIN), (HEADS[1], data), (HEADS[3], data), (data, data)):
        line = _line(watch)
        line.from_client(client)
        line.from_service(service)
    watch.finish()
    wrong = [what for what in watch.tally.unread if what.startswith("internal error")]
    if wrong:
        raise AssertionError(wrong[0])


class _Nowhere:
    """A side of a line that is connected to nobody."""

    is_closing = False

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def _line(watch: Watch) -> Line:
    made = Line(Service(host="127.0.0.1", port=9), None, watch, lambda: 0.0, set())
    made.client = made.service = _Nowhere()  # type: ignore[assignment]
    made._early = None
    return made


OPTIONS = (b"50", b"2-20", b"5:80,50:15,1000:5", b"10:30s,100:1m,0:30s")


def optioned(text: bytes) -> None:
    """The options of a load that have a language of their own: sizes of rooms, and stages of users."""
    failed = 0
    for read in (_sizes, stages):
        try:
            read(text.decode())
        except ValueError:
            failed += 1
    if failed == 2:
        raise ValueError("neither")


def _sizes(text: str) -> None:
    drawn = sizes(text, random.Random(0))
    for _ in range(MOST_SIZES):
        next(drawn)
