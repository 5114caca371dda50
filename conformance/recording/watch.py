"""Reads what passed, beside the path of it: what came is queued, and read in short slices between other work."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from conformance.model.transcript import AnyEntry
from conformance.recording.book import Book
from conformance.recording.calls import called
from conformance.recording.content import decoded
from conformance.recording.exchange import Exchange
from conformance.recording.frames import Goodbye, Messages, Unreadable, extensions_of
from conformance.recording.heads import value_of
from conformance.recording.polls import packets_of
from conformance.recording.proxy import Side
from conformance.recording.redaction import learn, secrets_in, secrets_of_headers, secrets_of_query, shows_token
from conformance.recording.sessions import ROOT, Memory, Session

SLICE_S = 0.0005
"""How long reading goes on before what passes has its turn again."""

MOST_BEHIND = 64_000_000
"""Bytes that wait to be read. Beyond it the recording ends, since it can no longer keep up with what passes."""

PROTOCOL = "4"
"""The version of Engine.IO that is read."""

SEEN_S = 1.0
"""How often what was read is written down."""


@dataclass(slots=True, kw_only=True)
class _Websocket:
    """A websocket while it is open."""

    session: Session | None
    client: Messages | None
    service: Messages | None
    goodbye: tuple[Side, Goodbye] | None = None


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a recording has seen besides entries."""

    connections: int = 0
    calls: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    """What could not be read and was passed on, by how often."""


class Watch:
    """Takes what the proxy passed on, and makes entries of it."""

    def __init__(self, book: Book, note: Callable[[str, AnyEntry], None]) -> None:
        """`note` is told each entry, with its namespace."""
        self.book = book
        self.tally = Tally()
        self.stopped = ""
        """Why nothing more is recorded; empty while it is."""
        self._note = note
        self._queue: deque[tuple[Callable[..., None], tuple[Any, ...], int]] = deque()
        self._behind = 0
        self._draining = False
        self._sessions: dict[str, Session] = {}
        self._websockets: dict[int, _Websocket] = {}
        self._memory = Memory()

    # What the proxy tells, as it happens.

    def asked(self, exchange: Exchange) -> None:
        """A request is whole."""
        self._later(self._asked, (exchange,), len(exchange.body.kept))

    def answered(self, exchange: Exchange) -> None:
        """Its answer is whole, or ended early."""
        self._later(self._answered, (exchange,), len(exchange.answer.kept))

    def switched(self, exchange: Exchange) -> None:
        """The connection became a websocket."""
        self._later(self._switched, (exchange,), 0)

    def passed(self, exchange: Exchange, side: Side, data: bytes, at_s: float) -> None:
        """Bytes of a websocket passed."""
        self._later(self._passed, (exchange, side, data, at_s), len(data))

    def ended(self, exchange: Exchange, side: Side, how: str, at_s: float) -> None:
        """A websocket's connection was ended by that side."""
        self._later(self._ended, (exchange, side, how, at_s), 0)

    def odd(self, what: str) -> None:
        """Something could not be read; it was passed on."""
        self.tally.unread[what[:200]] += 1

    def _later(self, what: Callable[..., None], facts: tuple[Any, ...], size: int) -> None:
        if self.stopped:
            return
        self._queue.append((what, facts, size))
        self._behind += size
        if self._behind > MOST_BEHIND:
            self.stop(f"more came than could be read: {MOST_BEHIND // 1_000_000} MB were waiting")
        elif not self._draining:
            self._draining = True
            asyncio.get_running_loop().call_soon(self._drain)

    def _drain(self) -> None:
        """Read for a short while, then let what passes have its turn."""
        until_s = time.perf_counter() + SLICE_S
        while self._queue:
            self._next()
            if time.perf_counter() >= until_s:
                break
        self._draining = bool(self._queue)
        if self._draining:
            asyncio.get_running_loop().call_soon(self._drain)

    def _next(self) -> None:
        what, facts, size = self._queue.popleft()
        self._behind -= size
        try:
            what(*facts)
        except (ValueError, RecursionError, OverflowError) as error:
            self.odd(f"what was sent could not be read: {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - what passes goes on passing, whatever became of its reading
            self.odd(f"internal error, please report it: {type(error).__name__}: {error}")
        if self.book.is_full:
            self.stop("the largest size was reached (--max-size)")

    def later_only(self) -> None:
        """Read nothing before `finish`, as where no event loop runs."""
        self._draining = True

    def finish(self) -> None:
        """Read everything that waits."""
        while self._queue:
            self._next()

    def stop(self, why: str) -> None:
        """Record nothing more; what passes goes on passing."""
        self.stopped = self.stopped or why
        self._queue.clear()
        self._behind = 0
        self._sessions.clear()
        self._websockets.clear()

    # What it means, a little later.

    def _asked(self, exchange: Exchange) -> None:
        learn(self.book.secrets, secrets_of_headers(exchange.headers))
        learn(self.book.secrets, secrets_of_query(exchange.path_and_query[1]))
        session = self._session_of(exchange)
        if session is None or exchange.method != "POST":
            return
        if exchange.body.is_cut:
            session.give_up("a message that is too large", exchange.at_s)
            return
        body = decoded(bytes(exchange.body.kept), exchange.headers)
        for packet in packets_of(body):
            session.packet("client", packet, exchange.at_s)
        self._forget(session)

    def _answered(self, exchange: Exchange) -> None:
        learn(self.book.secrets, secrets_of_headers(exchange.answer_headers))
        query = _query(exchange)
        if query.get("EIO") is None:
            self._call(exchange)
            return
        if query["EIO"] != PROTOCOL:
            self.odd(f"Engine.IO {query['EIO'][:5]} is not read, only {PROTOCOL}")
            return
        if exchange.method != "GET" or exchange.status != 200:
            return
        session = self._session_of(exchange)
        if exchange.answer.is_cut:
            if session is not None:
                session.give_up("a message that is too large", exchange.done_s)
            return
        packets = list(packets_of(decoded(bytes(exchange.answer.kept), exchange.answer_headers)))
        if session is None and "sid" not in query and packets:
            session = self._opened(exchange, packets[0], "polling")
        if session is None:
            return
        for packet in packets:
            session.packet("service", packet, exchange.done_s)
        self._forget(session)

    def _call(self, exchange: Exchange) -> None:
        learn(self.book.secrets, _secrets_in_body(exchange))
        entry = called(exchange)
        if entry is not None:
            self.tally.calls += 1
            self._take(ROOT, entry)

    def _session_of(self, exchange: Exchange) -> Session | None:
        return self._sessions.get(_query(exchange).get("sid", ""))

    def _opened(self, exchange: Exchange, packet: str | bytes, transport: Any) -> Session | None:
        """The session that a handshake opens."""
        sid = _sid(packet)
        if sid is None:
            return None
        session = self._new(exchange, transport)
        session.sid = sid
        self._sessions[sid] = session
        return session

    def _forget(self, session: Session) -> None:
        """Keep nothing of a session that is over."""
        if session.is_over:
            self._sessions.pop(session.sid, None)

    def _new(self, exchange: Exchange, transport: Any) -> Session:
        self.tally.connections += 1
        secrets = self.book.secrets
        session = Session(
            f"c{self.tally.connections}", self._take, self._memory, lambda shown: learn(secrets, secrets_in(shown))
        )
        session.transport, session.asked_s = transport, exchange.at_s
        session.shown = any(True for _ in secrets_of_headers(exchange.headers)) or shows_token(_query(exchange))
        return session

    def _switched(self, exchange: Exchange) -> None:
        query = _query(exchange)
        learn(self.book.secrets, secrets_of_headers(exchange.headers))
        if query.get("EIO") != PROTOCOL:
            self.odd("a websocket of another protocol than Engine.IO 4 was passed on unread")
            return
        session = self._session_of(exchange) if "sid" in query else self._new(exchange, "websocket")
        extensions = value_of(exchange.answer_headers, b"sec-websocket-extensions").decode("latin-1")
        try:
            own = _Websocket(
                session=session,
                client=Messages(extensions_of(extensions, of_client=True), of_client=True),
                service=Messages(extensions_of(extensions, of_client=False), of_client=False),
            )
        except Unreadable as error:
            self.odd(f"a websocket was passed on unread: {error}")
            return
        self._websockets[id(exchange)] = own

    def _passed(self, exchange: Exchange, side: Side, data: bytes, at_s: float) -> None:
        own = self._websockets.get(id(exchange))
        messages = None if own is None else own.client if side == "client" else own.service
        if own is None or messages is None:
            return
        try:
            for message in messages.read(data):
                if isinstance(message, Goodbye):
                    own.goodbye = own.goodbye or (side, message)
                elif own.session is not None:
                    own.session.packet(side, message, at_s)
        except Unreadable as error:
            self.odd(f"a websocket was passed on unread: {error}")
            if own.session is not None:
                own.session.give_up(str(error), at_s)
            del self._websockets[id(exchange)]

    def _ended(self, exchange: Exchange, side: Side, how: str, at_s: float) -> None:
        own = self._websockets.pop(id(exchange), None)
        if own is None or own.session is None:
            return
        said = own.goodbye
        by, reason = (said[0], str(said[1])) if said else (side, f"transport closed: {how}")
        own.session.end(by, reason, at_s)
        self._forget(own.session)

    def _take(self, namespace: str, entry: AnyEntry) -> None:
        args = getattr(entry, "args", None)
        if args:
            learn(self.book.secrets, secrets_in(args))
        self._note(namespace, entry)
        self.book.add(namespace, entry)


def _query(exchange: Exchange) -> dict[str, str]:
    """The parameters of the request, the first of each name."""
    return {name: values[0] for name, values in parse_qs(exchange.path_and_query[1]).items()}


def _sid(packet: str | bytes) -> str | None:
    """The id of the session that a packet opens."""
    from conformance.support.opening import opening_of

    if not isinstance(packet, str) or not packet.startswith("0"):
        return None
    try:
        sid: str = opening_of(packet)["sid"]
    except ValueError:
        return None
    return sid


def _secrets_in_body(exchange: Exchange) -> list[str]:
    entry = called(exchange)
    return [] if entry is None else [*secrets_in(entry.body), *secrets_in(entry.answer), *secrets_in(entry.query)]
