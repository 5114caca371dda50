"""One connection of a hostile server: HTTP requests and websocket frames, read and written byte by byte."""

import asyncio
import base64
import contextlib
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CHUNK = 65_536


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def upgrades(self) -> bool:
        return self.headers.get("upgrade", "").lower() == "websocket"


@dataclass(slots=True)
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    state: dict[str, Any] = field(default_factory=dict)
    """Of all connections to the server."""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def request(self) -> Request:
        """The next HTTP request; the connection's end is an `IncompleteReadError`."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, address, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        parts = urlsplit(address)
        made = Request(method, parts.path, parse_qs(parts.query), headers)
        made.body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return made

    async def answer(self, status: str, body: bytes | str = b"", **headers: str) -> None:
        body = body.encode() if isinstance(body, str) else body
        lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        await self.send(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)

    async def upgrade(self, request: Request) -> None:
        digest = hashlib.sha1(request.headers["sec-websocket-key"].encode() + GUID).digest()  # noqa: S324 - RFC 6455
        accept = base64.b64encode(digest).decode()
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        await self.send(f"{head}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())

    async def frame(self, payload: bytes | str, opcode: int = TEXT, *, fin: bool = True, head: int = 0) -> None:
        await self.send(framed(payload, opcode, fin=fin, head=head))

    async def packet(self) -> str:
        """The next text message of the client; pongs are passed over."""
        while True:
            first, second = await self.reader.readexactly(2)
            size = second & 127
            if size > 125:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            mask = await self.reader.readexactly(4)
            body = await self.reader.readexactly(size)
            if first & 15 == CLOSE:
                raise ConnectionError
            if first & 15 == TEXT:
                return bytes(byte ^ mask[at % 4] for at, byte in enumerate(body)).decode()

    async def wait(self, pause_s: float) -> None:
        """Let a time go by, or less where the client closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self.until_closed()

    async def until_closed(self) -> None:
        """Take what comes, and say nothing more."""
        while await self.reader.read(CHUNK):
            pass


def framed(payload: bytes | str, opcode: int = TEXT, *, fin: bool = True, head: int = 0) -> bytes:
    """A frame of a server; `head` are further bits of its first byte."""
    payload = payload.encode() if isinstance(payload, str) else payload
    first = opcode | head | (128 if fin else 0)
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


def written(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
