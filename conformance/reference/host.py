"""Runs the reference service on uvicorn: by itself, or embedded in a running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Protocol

import uvicorn

from conformance.reference.built import Built
from conformance.reference.guide import algorithms_of
from conformance.reference.lie import lies
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.support.errors import UsageError
from conformance.support.event_loop import on_uvloop
from conformance.support.suggest import nearest

BACKLOG = 4096
"""Connections that may wait to be accepted: a thousand sockets are opened at once in tests."""

GOODBYE_S = 1
"""How long open connections are waited for when the service stops."""


class Hostable(Protocol):
    """A service that can be run: an ASGI application with a Socket.IO server."""

    nodes: ClassVar[int]
    app: Any
    io: Any

    def finish(self) -> None:
        """Let go of what it keeps."""


DIALECTS: dict[str, type[Service]] = {"sos": Service, "sos-built": Built}


def make(lie: str | None = None, key: str | None = None, database: str = ":memory:", dialect: str = "sos") -> Service:
    """The service, honest or with one lie.

    Args:
        dialect: the contracts that it keeps; those of the guide where it knows none of that name.

    Raises:
        UsageError: there is no such lie, or the database cannot be used.
    """
    kind = DIALECTS.get(dialect, Service)
    if lie is not None and kind is not Service:
        raise UsageError(f"--lie: lies are told in the dialect sos, not in {dialect}")
    if lie is not None:
        if lie not in lies():
            hint = nearest(lie, lies(), "`roomcheck serve --lie list` names them all")
            raise UsageError(f"--lie: there is no lie {lie!r}; {hint}")
        kind = lies()[lie]
    try:
        return kind(Store.open(database), key)
    except sqlite3.Error as error:
        raise UsageError(f"--database: {database!r} cannot be used: {error}") from error


def dialects() -> tuple[str, ...]:
    """The contracts that the service can keep."""
    return tuple(DIALECTS)


def key_of(shared: str | None, public: Path | None) -> str | None:
    """What tokens are verified with.

    Raises:
        UsageError: the file holds no public key that can be used, or both are given.
    """
    if public is None:
        return shared
    if shared is not None:
        raise UsageError("--jwt-key and --jwt-public-key: give one of them")
    try:
        text = public.read_text("utf-8")
        if "BEGIN" not in text:
            raise ValueError("it is no PEM")
        algorithms_of(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"--jwt-public-key: {str(public)!r} holds no public key: {error}") from error
    return text


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


def config(service: Hostable) -> uvicorn.Config:
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
async def embedded(
    lie: str | None = None, key: str | None = None, dialect: str = "sos"
) -> AsyncIterator[tuple[str, ...]]:
    """The service on free ports of this machine, for as long as the context lasts; gives the URLs of its nodes.

    It tells administrators its rooms.
    """
    service = make(lie, key, dialect=dialect)
    service.admin = True
    async with _hosted(service) as urls:
        yield urls


@contextlib.asynccontextmanager
async def hosted(service: Hostable) -> AsyncIterator[str]:
    """A service on a free port of this machine, for as long as the context lasts; gives its URL."""
    async with _hosted(service) as urls:
        yield urls[0]


@contextlib.asynccontextmanager
async def _hosted(service: Hostable) -> AsyncIterator[tuple[str, ...]]:
    # Refused transports and junk are what a check is about, not news for its terminal.
    logging.getLogger("engineio.server").setLevel(logging.CRITICAL)
    socks = [bound("127.0.0.1", 0) for _ in range(service.nodes)]
    server = _Embedded(config(service))
    serving = asyncio.create_task(server.serve(sockets=socks))
    try:
        await server.listening.wait()
        yield tuple(map(url_of, socks))
    finally:
        # Polls that clients left behind are not waited for.
        server.should_exit = server.force_exit = True
        await serving
        await service.io.shutdown()
        service.finish()


def serve_for_ever(host: str, port: int, service: Hostable, said: str, say: Callable[[str], None]) -> None:
    """Serve until a signal; says the address once it listens.

    Raises:
        UsageError: the address cannot be used.
    """
    sock = bound(host, port)
    server = _Server(config(service))

    async def serving() -> None:
        task = asyncio.create_task(server.serve(sockets=[sock]))
        await server.listening.wait()
        say(f"serving on {url_of(sock)}, {said}; stop with Ctrl-C")
        await task

    try:
        on_uvloop(serving())
    finally:
        service.finish()
