"""Reads HTTP messages as they pass: requests, which are written anew for the service, and answers, which are not."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import httptools

from conformance.recording.exchange import Exchange
from conformance.recording.heads import Headers, Service, request_head


class Line(Protocol):
    """The connection that messages come over."""

    service_at: Service
    waiting: deque[Exchange]
    now: Callable[[], float]

    def request_is_whole(self, exchange: Exchange) -> None:
        """A request is whole."""

    def current(self) -> Exchange | None:
        """The exchange whose answer comes next."""

    def answer_is_whole(self) -> None:
        """The answer of the current exchange is whole."""


class Requests:
    """Reads what a client sends, and writes it down for the service."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: Headers = []
        self._chunked = False
        self.exchange: Exchange | None = None
        self.out: list[bytes] = []

    def on_message_begin(self) -> None:
        """A request begins."""
        self._target, self._headers, self._chunked = b"", [], False

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those after the body are its trailers, which are left out."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        method = self.parser.get_method()
        self._chunked = any(
            name.lower() == b"transfer-encoding" and b"chunked" in value.lower() for name, value in self._headers
        )
        version = self.parser.get_http_version()
        self.out.append(request_head(self.line.service_at, method, self._target, version, self._headers))
        self.exchange = Exchange(
            method=method.decode("ascii", "replace"),
            target=self._target.decode("utf-8", "replace"),
            headers=list(self._headers),
            at_s=self.line.now(),
            is_upgrade=bool(self.parser.should_upgrade()),
        )
        self.line.waiting.append(self.exchange)

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        self.out.append(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)
        if self.exchange is not None:
            self.exchange.body.add(data)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._chunked:
            self.out.append(b"0\r\n\r\n")
        if self.exchange is not None:
            self.line.request_is_whole(self.exchange)
            self.exchange = None


class Answers:
    """Reads what the service sends; it was passed on before."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.parser = httptools.HttpResponseParser(self)
        self._headers: Headers = []
        self.is_bodiless = False
        """The answer is over with its head, as to `HEAD`, and the parser may yet wait for a body."""

    def on_message_begin(self) -> None:
        """An answer begins."""
        self._headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole."""
        exchange, status = self.line.current(), self.parser.get_status_code()
        if exchange is None or (status < 200 and status != 101):
            return
        exchange.status, exchange.answer_headers = status, self._headers
        self.is_bodiless = exchange.method == "HEAD"

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        exchange = self.line.current()
        if exchange is not None:
            exchange.answer.add(data)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        exchange = self.line.current()
        if exchange is not None and exchange.status is not None and exchange.status != 101:
            self.is_bodiless = False  # The head said that there is no body: the parser is ready for the next answer.
            self.line.answer_is_whole()
