"""Records what passes between clients and a service until a signal, and writes it down as a journal."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from conformance.journal.records import RECORD, Header, Note, Record, Unwritten
from conformance.judge.rule import Rule
from conformance.model.transcript import AnyEntry
from conformance.recording.book import RECORDED, Book
from conformance.recording.heads import Service
from conformance.recording.proxy import Line, listen
from conformance.recording.watch import SEEN_S, Watch
from conformance.reference.host import bound, url_of
from conformance.stage.clients.recorder import Clock
from conformance.stage.heartbeat import Heartbeat
from conformance.support.interrupt import current
from conformance.target.secrets import Secrets
from contracts.model import Bundle
from contracts.where import where

PASSES = 4
"""Turns of the event loop after the signal, in which what had been sent by then is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """What is to be recorded, and how."""

    service: Service
    tls: ssl.SSLContext | None
    host: str
    port: int
    most_bytes: int
    bundle: Bundle | None = None
    rules: tuple[Rule, ...] = ()
    version: str = ""
    again: tuple[str, ...] = ("roomcheck", "record")
    secrets: Secrets = field(default_factory=Secrets)


class Audience(Protocol):
    """Is told how a recording goes."""

    def began(self, url: str) -> None:
        """It listens on that address."""

    def saw(self, namespace: str, entry: AnyEntry) -> None:
        """An entry was recorded."""

    def tick(self) -> None:
        """Some time has passed."""

    def stopped(self, why: str) -> None:
        """Nothing more is recorded, and what passes goes on passing."""


@dataclass(slots=True, kw_only=True)
class Recorded:
    """What came of a recording."""

    notes: list[Note] = field(default_factory=list)
    entries: int = 0
    connections: int = 0
    calls: int = 0
    took_s: float = 0.0
    cut: bool = False
    """Whether recording ended before what passed did; the first note says why."""


def header(order: RecordRequest) -> Header:
    """The first record of the journal."""
    bundle = order.bundle
    return Header(
        version=order.version,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=order.service.url,
        api=order.service.url,
        bundle=bundle.place if bundle else "",
        bundle_name=bundle.name if bundle else "",
        bundle_version=bundle.version if bundle else "",
        transports=(RECORDED,),
        rules=tuple(rule.id for rule in order.rules),
        seed=0,
        nonce="",
        min_verified=0.0,
        events=tuple(bundle.events) if bundle else (),
        again=order.again,
        places=where(bundle) if bundle else {},
        command=RECORD,
    )


def record(order: RecordRequest, write: Callable[[bytes], None], audience: Audience) -> Recorded:
    """Record until a signal, which is the ordinary end of it.

    Args:
        write: takes each line of the journal but the header and the footer.

    Raises:
        UsageError: the address cannot be listened on.
    """
    import uvloop

    interruption = current()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        loop, stop = runner.get_loop(), asyncio.Event()
        with interruption.reacting(lambda: _set(loop, stop)):
            if interruption.at_s is not None:
                stop.set()
            made = runner.run(_recorded(order, write, audience, stop))
            interruption.accept()
        return made


def _set(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    loop.call_soon_threadsafe(stop.set)


async def _recorded(
    order: RecordRequest, write: Callable[[bytes], None], audience: Audience, stop: asyncio.Event
) -> Recorded:
    clock, began_s, result = Clock(), time.monotonic(), Recorded()

    def keep(_: Record, encoded: bytes) -> None:
        try:
            write(encoded)
        except Unwritten as error:
            watch.stop(str(error))

    book = Book(clock, order.secrets, keep, order.most_bytes)
    watch = Watch(book, audience.saw)
    asyncio.get_running_loop().set_exception_handler(lambda _, context: watch.odd(_told(context)))
    heartbeat = Heartbeat(clock)
    sock = bound(order.host, order.port)
    lines: set[Line] = set()
    server = await listen(sock, order.service, order.tls, watch, clock.now, lines)
    heartbeat.start()
    audience.began(url_of(sock))
    told = False
    while not stop.is_set():
        try:
            async with asyncio.timeout(SEEN_S):
                await stop.wait()
        except TimeoutError:
            book.flush()
            if book.is_full:
                watch.stop("the largest size was reached (--max-size)")
            audience.tick()
        if watch.stopped and not told:
            told = True
            audience.stopped(watch.stopped)
    for _ in range(PASSES):
        await asyncio.sleep(0)
    for line in tuple(lines):
        line.half_over()
    server.close()
    heartbeat.stop()
    watch.finish()
    if not watch.stopped:
        book.flush(tuple(heartbeat.stalls))
    result.entries, result.connections, result.calls = book.entries, watch.tally.connections, watch.tally.calls
    result.took_s = time.monotonic() - began_s
    result.cut = bool(watch.stopped or book.is_full)
    if result.cut:
        why = watch.stopped or "the largest size was reached (--max-size)"
        at_s = book.full_s if book.full_s is not None else clock.now()
        result.notes.append(Note(text=f"the recording ended after {at_s:.0f} s, before what passed did: {why}"))
    for what, count in watch.tally.unread.most_common(MOST_ODDITIES):
        result.notes.append(Note(text=f"{what}" + (f" ({count} times)" if count > 1 else ""), remark=True))
    return result


def _told(context: dict[str, Any]) -> str:
    """What to say of an error that no code of ours took."""
    error = context.get("exception")
    what = f"{type(error).__name__}: {error}" if error is not None else str(context.get("message"))
    return f"internal error, please report it: {what}"


MOST_ODDITIES = 20
"""Kinds of what could not be read that a journal tells."""
