"""Runs the reference service on uvicorn: by itself, or embedded in a running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn

from conformance.loop import on_uvloop
from conformance.reference.lie import lies
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.target import UsageError

BACKLOG = 4096
"""Connections that may wait to be accepted: a thousand sockets are opened at once in tests."""

GOODBYE_S = 1
"""How long open connections are waited for when the service stops."""


def make(lie: str | None = None, key: str | None = None, database: str = ":memory:") -> Service:
    """The service, honest or with one lie.

    Raises:
        UsageError: there is no such lie, or the database cannot be used.
    """
    kind: type[Service] = Service
    if lie is not None:
        if lie not in lies():
            near = difflib.get_close_matches(lie, lies(), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`roomcheck serve --help` names them all"
            raise UsageError(f"--lie: there is no lie {lie!r}; {hint}")
        kind = lies()[lie]
    try:
        return kind(Store.open(database), key)
    except sqlite3.Error as error:
        raise UsageError(f"--database: {database!r} cannot be used: {error}") from error


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.listening.set()


class _Embedded(_Server):
    """Leaves signals to whoever runs the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def config(service: Service) -> uvicorn.Config:
    """How uvicorn runs the service: quietly, on uvloop."""
    return uvicorn.Config(
        service.app,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws_max_size=service.io.eio.max_http_buffer_size * 2,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GOODBYE_S,
        backlog=BACKLOG,
    )


def bound(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UsageError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise UsageError(f"--host/--port: {host}:{port} cannot be listened on: {error}") from error
    return sock


def url_of(sock: socket.socket) -> str:
    """The address of a listening socket."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.asynccontextmanager
async def embedded(lie: str | None = None, key: str | None = None) -> AsyncIterator[str]:
    """The service on a free port of this machine, for as long as the context lasts; gives its URL."""
    async with hosted(make(lie, key)) as url:
        yield url


@contextlib.asynccontextmanager
async def hosted(service: Service) -> AsyncIterator[str]:
    """A service on a free port of this machine, for as long as the context lasts; gives its URL."""
    # Refused transports and junk are what a check is about, not news for its terminal.
    logging.getLogger("engineio.server").setLevel(logging.CRITICAL)
    sock = bound("127.0.0.1", 0)
    server = _Embedded(config(service))
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await server.listening.wait()
        yield url_of(sock)
    finally:
        # Polls that clients left behind are not waited for.
        server.should_exit = server.force_exit = True
        await serving
        await service.io.shutdown()
        service.store.close()


def serve_for_ever(
    host: str, port: int, database: str, lie: str | None, key: str | None, say: Callable[[str], None]
) -> None:
    """Serve until a signal; says the address once it listens.

    Raises:
        UsageError: the address or the database cannot be used, or there is no such lie.
    """
    service = make(lie, key, database)
    sock = bound(host, port)
    server = _Server(config(service))

    async def serving() -> None:
        task = asyncio.create_task(server.serve(sockets=[sock]))
        await server.listening.wait()
        said = f"telling the lie {lie}" if lie else "keeping the sos contracts"
        say(f"serving on {url_of(sock)}, {said}; stop with Ctrl-C")
        await task

    try:
        on_uvloop(serving())
    finally:
        service.store.close()
