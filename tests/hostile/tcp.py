"""TCP: before a byte of HTTP has come back."""

import socket as sockets
import struct

from tests.hostile.row import Row
from tests.hostile.service import for_ever
from tests.hostile.wire import CHUNK, Wire


async def closes(wire: Wire) -> None:
    return


async def resets(wire: Wire) -> None:
    await wire.reader.read(1)  # A reset that comes before anything is sent may be that of the connection itself.
    wire.writer.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, struct.pack("ii", 1, 0))
    wire.writer.transport.abort()


async def says_nothing(wire: Wire) -> None:
    await wire.until_closed()


async def greets_as_ssh(wire: Wire) -> None:
    await wire.send(b"SSH-2.0-OpenSSH_9.6\r\n")
    await wire.until_closed()


async def sends_zeros(wire: Wire) -> None:
    await for_ever(lambda: wire.send(bytes(CHUNK)))


async def answers_as_redis(wire: Wire) -> None:
    await wire.request()
    await wire.send(b"-ERR unknown command 'GET'\r\n")


ROWS = [
    Row(
        what="nothing listens",
        worker="the connection was refused",
        closed=True,
        code=3,
        says="nothing answers at {url}: connection refused",
        sample=True,
    ),
    Row(
        what="closes each connection at once",
        worker="the connection was closed while it was made",
        serve=closes,
        code=3,
        says="{url}",
    ),
    Row(
        what="resets each connection",
        worker="the connection was closed while it was made",
        serve=resets,
        code=3,
        says="{url}/socket.io/ closed the connection without an answer to a handshake over websocket ([Errno 104]",
    ),
    Row(
        what="takes connections and says nothing",
        worker="no connection within 1 s",
        serve=says_nothing,
        code=3,
        says="{url} did not answer",
    ),
    Row(
        what="greets as an SSH server",
        worker="no connection within 1 s",
        serve=greets_as_ssh,
        code=3,
        says="{url}",
    ),
    Row(
        what="answers as a Redis server",
        worker="the connection was closed while it was made",
        serve=answers_as_redis,
        code=3,
        says='{url} listens, but does not speak HTTP: Bad status line: Expected HTTP/, RTSP/ or ICE/: b"-ERR unknown',
    ),
    Row(
        what="sends zeros without end",
        worker="the service did not answer as a websocket: upgrade response headers exceed max_size threshold: 16384",
        serve=sends_zeros,
        code=3,
        says="{url}",
    ),
]
