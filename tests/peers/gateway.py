"""A gateway before any service: it answers calls as strangely as HTTP allows, and counts exactly what it did.

python -m tests.peers.gateway --to URL [laws]

Websockets pass through. POSTs are numbered from 1, and so are the requests of each connection. GET /truth tells the
counts.
"""

import argparse
import asyncio
import contextlib
import json
import re
from collections import Counter
from collections.abc import Awaitable
from urllib.parse import urlsplit

REFUSED = b'{"success": false, "error": "one in so many is refused here"}'
COUNTS = ("posts", "refused", "closed_posts", "closed_gets", "late", "in_parts")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def nth(number: int, every: int) -> bool:
    return every > 0 and number % every == 0


def length_of(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


async def message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of a request or an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return head, await reader.readexactly(length_of(head))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return head, body


async def flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


class Gateway:
    """The laws: each is a flag of the command line. What has a number N happens to every N-th; 0 is never."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.laws = given
        self.to = urlsplit(given.to)
        self.truth = Counter(dict.fromkeys(COUNTS, 0))
        self.serving: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self.serve(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            upstream = await asyncio.open_connection(self.to.hostname, self.to.port)
            try:
                await self.requests((reader, writer), upstream)
            finally:
                upstream[1].close()
        writer.close()

    async def requests(self, client: Streams, upstream: Streams) -> None:
        number = 0
        while True:
            head, body = await message(client[0])
            number += 1
            if b"upgrade: websocket" in head.lower():
                upstream[1].write(head)
                await asyncio.gather(flow(client[0], upstream[1]), flow(upstream[0], client[1]))
                return
            if head.startswith(b"GET /truth "):
                await self.answer(client[1], b"200 OK", json.dumps(self.truth).encode())
            elif nth(number, self.laws.close_at):
                # It was just closing the connection, as the request came: nobody has read it.
                self.truth["closed_posts" if head.startswith(b"POST") else "closed_gets"] += 1
                return
            elif not head.startswith(b"POST"):
                await self.forward(head, body, client[1], upstream)
            else:
                await self.post(head, body, client[1], upstream)

    async def post(self, head: bytes, body: bytes, writer: asyncio.StreamWriter, upstream: Streams) -> None:
        self.truth["posts"] += 1
        number = self.truth["posts"]
        if nth(number, self.laws.refuse_every):
            self.truth["refused"] += 1
            await self.answer(writer, b"429 Too Many Requests", REFUSED)
        elif nth(number, self.laws.late_every):
            self.truth["late"] += 1
            await self.forward(head, body, writer, upstream, late_s=self.laws.late_s)
        else:
            await self.forward(head, body, writer, upstream)

    async def forward(
        self, head: bytes, body: bytes, writer: asyncio.StreamWriter, upstream: Streams, late_s: float = 0
    ) -> None:
        upstream[1].write(head + body)
        told, answer = await message(upstream[0])
        await asyncio.sleep(late_s)
        await self.answer(writer, told.split(b"\r\n")[0].split(b" ", 1)[1], answer)

    async def answer(self, writer: asyncio.StreamWriter, status: bytes, body: bytes) -> None:
        kind = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n" % status
        whole = kind + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        if not self.laws.in_parts:
            writer.write(whole)
            return
        self.truth["in_parts"] += 1
        half = len(body) // 2
        parts = [b"HTTP/1.1 100 Continue\r\n\r\n", kind[:7], kind[7:] + b"Transfer-Encoding: chunked\r\n\r\n"]
        parts += [b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part] + [b"0\r\n\r\n"]
        for part in parts if self.truth["in_parts"] % 2 else (whole[:3], whole[3:-2], whole[-2:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.001)  # What is written next goes as a packet of its own.


async def main(given: argparse.Namespace) -> None:
    gateway = Gateway(given)
    server = await asyncio.start_server(gateway.accept, "127.0.0.1", 0)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    serving: Awaitable[None] = server.serve_forever()
    await serving


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", required=True)
    options.add_argument("--refuse-every", type=int, default=0)
    options.add_argument("--late-every", type=int, default=0)
    options.add_argument("--late-s", type=float, default=0.0)
    options.add_argument("--in-parts", action="store_true")
    options.add_argument("--close-at", type=int, default=0, help="Of each connection: the request that is not read.")
    asyncio.run(main(options.parse_args()))
