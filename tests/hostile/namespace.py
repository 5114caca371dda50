"""The namespace: the packet that answers a Socket.IO connection."""

from collections.abc import Callable
from functools import partial

from tests.hostile.row import Row
from tests.hostile.service import Service, Socket
from tests.hostile.wire import CLOSE


def answers(packet: str) -> Callable[[], Service]:
    async def step(socket: Socket) -> None:
        await socket.wire.frame(packet)

    return partial(Service, connect=step)


async def nothing(socket: Socket) -> None:
    pass


async def closes(socket: Socket) -> None:
    await socket.wire.frame(b"\x03\xe8", CLOSE)


async def breaks_off(socket: Socket) -> None:
    socket.wire.writer.close()


ROWS = [
    Row(what="confirms with a number for a session id", service=answers('40{"sid":5}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the", sample=True),
    Row(what="confirms with null for a session id", service=answers('40{"sid":null}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with an empty session id", service=answers('40{"sid":""}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms without a session id", service=answers("40{}"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms without data", service=answers("40"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with a list", service=answers('40["s"]'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with broken JSON", service=answers('40{"sid":'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with JSON nested 100,000 deep", service=answers("40" + "[" * 100_000), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with a number for pid", service=answers('40{"sid":"s","pid":5}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms another namespace", service=answers('40/other,{"sid":"s"}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="answers no connection to the namespace", service=partial(Service, connect=nothing), code=1, says="socket-connects: expected a connection over websocket, got could not connect: no connection"),
    Row(what="closes at the connection to the namespace", service=partial(Service, connect=closes), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="breaks off at the connection to the namespace", service=partial(Service, connect=breaks_off), code=1,
        says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="refuses the namespace without a reason", service=answers("44"), code=4, says="socket-connects: the service refused the connection: no reason given"),
    Row(what="refuses the namespace with a number for a message", service=answers('44{"message":5}'), code=4, says="socket-connects: the service refused the connection: 5"),
    Row(what="refuses the namespace with a text", service=answers('44"no"'), code=4, says="socket-connects: the service refused the connection: no"),
    Row(what="disconnects at the connection to the namespace", service=answers("41"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="answers the connection by an unknown packet", service=answers("49"), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is no"),
]  # fmt: skip
