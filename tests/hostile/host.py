"""Serves every row, each at a port of its own, and prints the addresses; ends when its standard input does.

One process for all: what a check needs of memory and time is measured without that of its servers.
"""

import asyncio
import json
import logging
import socket
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.certificates import AUTHORITY, context
from tests.hostile.row import Row
from tests.hostile.rows import HOSTED
from tests.hostile.wire import Wire

GONE = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError, asyncio.CancelledError)


async def listen(row: Row, folder: Path) -> str:
    """Serve a row; its address."""
    made = row.service() if row.service else None
    state: dict[str, object] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer, state)
        with suppress(*GONE):
            await (row.serve(wire) if row.serve else made.serve(wire) if made else wire.until_closed())
        writer.close()

    if row.closed:
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))  # Nothing listens there, and nobody else is given the port.
        BOUND.append(bound)
        return f"http://127.0.0.1:{bound.getsockname()[1]}"
    server = await asyncio.start_server(
        serve, "127.0.0.1", 0, ssl=context(row.tls, folder) if row.tls not in (None, "none") else None
    )
    port = server.sockets[0].getsockname()[1]
    SERVERS.append(server)
    return f"{'https' if row.tls else 'http'}://127.0.0.1:{port}"


SERVERS: list[asyncio.Server] = []
BOUND: list[socket.socket] = []


async def serve_all() -> None:
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # It tells of writes to who is gone.
    with TemporaryDirectory() as folder:
        urls = [await listen(row, Path(folder)) for row in HOSTED]
        print(json.dumps({"urls": urls, "authority": str(Path(folder) / AUTHORITY)}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve_all())
