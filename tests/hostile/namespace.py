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
    Row(what="confirms with a number for a session id", worker="the confirmation of the connection is broken: expected a text that is not empty for sid, got 5", service=answers('40{"sid":5}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the", sample=True),
    Row(what="confirms with null for a session id", worker="the confirmation of the connection is broken: expected a text that is not empty for sid, got null", service=answers('40{"sid":null}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with an empty session id", worker='the confirmation of the connection is broken: expected a text that is not empty for sid, got ""', service=answers('40{"sid":""}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms without a session id", worker="the confirmation of the connection is broken: sid is missing", service=answers("40{}"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms without data", worker="the confirmation of the connection is broken: expected an object with a sid, got nothing", service=answers("40"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with a list", worker='the confirmation of the connection is broken: expected an object with a sid, got ["s"]', service=answers('40["s"]'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with broken JSON", worker="the confirmation of the connection is broken: expected JSON: Expecting value: line 1 column 8 (char 7)", service=answers('40{"sid":'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with JSON nested 100,000 deep", worker="the confirmation of the connection is broken: expected JSON: it is nested too deeply", service=answers("40" + "[" * 100_000), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms with a number for pid", worker="the confirmation of the connection is broken: expected a text for pid, got 5", service=answers('40{"sid":"s","pid":5}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: broken confirmation of the"),
    Row(what="confirms another namespace", worker="no connection within 1 s", service=answers('40/other,{"sid":"s"}'), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="answers no connection to the namespace", worker="no connection within 1 s", service=partial(Service, connect=nothing), code=1, says="socket-connects: expected a connection over websocket, got could not connect: no connection"),
    Row(what="closes at the connection to the namespace", worker="the connection was closed while it was made: close frame 1000", service=partial(Service, connect=closes), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="breaks off at the connection to the namespace", worker="the connection was closed while it was made", service=partial(Service, connect=breaks_off), code=1,
        says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="refuses the namespace without a reason", worker="the service refused the connection", service=answers("44"), code=4, says="socket-connects: the service refused the connection: no reason given"),
    Row(what="refuses the namespace with a number for a message", worker="the service refused the connection: 5", service=answers('44{"message":5}'), code=4, says="socket-connects: the service refused the connection: 5"),
    Row(what="refuses the namespace with a text", worker="the service refused the connection: no", service=answers('44"no"'), code=4, says="socket-connects: the service refused the connection: no"),
    Row(what="disconnects at the connection to the namespace", worker="the connection was closed while it was made", service=answers("41"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="answers the connection by an unknown packet", worker="the confirmation of the connection is broken: expected a Socket.IO packet", service=answers("49"), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is no"),
]  # fmt: skip
