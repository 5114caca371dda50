"""Engine.IO: the frames of a websocket and the packet that opens a session."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.hostile.row import Row
from tests.hostile.service import OPENING, Service, Socket, for_ever, opened
from tests.hostile.wire import BINARY, CLOSE, PING, TEXT, written


def opens(packet: str) -> Callable[[], Service]:
    async def step(socket: Socket) -> None:
        await socket.wire.frame(packet)

    return partial(Service, open=step)


def says(**fields: Any) -> Callable[[], Service]:
    """An opening in which these fields are otherwise; what is None is missing."""
    return opens("0" + written({name: value for name, value in (OPENING | fields).items() if value is not None}))


def frames(*sent: tuple[bytes, int], fin: bool = True, head: int = 0, endless: bool = False) -> Callable[[], Service]:
    """Frames in place of an opening; at last those of one kind without end."""

    async def step(socket: Socket) -> None:
        for payload, opcode in sent:
            await socket.wire.frame(payload, opcode, fin=fin, head=head)
        if endless:
            payload, opcode = sent[-1]
            await for_ever(lambda: socket.wire.frame(payload, opcode, fin=fin))

    return partial(Service, open=step)


def floods(packet: str, opcode: int = TEXT) -> Callable[[], Service]:
    """Packets without end right after the opening."""

    async def step(socket: Socket) -> None:
        await opened(socket)
        await for_ever(lambda: socket.wire.frame(packet, opcode))

    return partial(Service, open=step)


async def large(socket: Socket) -> None:
    await opened(socket)
    await socket.wire.frame("4" + "x" * 60_000_000)
    await socket.wire.until_closed()


async def closes(socket: Socket) -> None:
    await opened(socket)
    await socket.wire.frame(b"\x03\xe9", CLOSE)


async def mute(socket: Socket) -> None:
    await socket.wire.until_closed()


async def masked(socket: Socket) -> None:
    await socket.wire.send(b"\x81\x83abcd" + bytes((0x30 ^ 0x61, 0x7B ^ 0x62, 0x7D ^ 0x63)))
    await socket.wire.until_closed()


ROWS = [
    Row(what="opens with no packet", worker="no connection within 1 s", service=partial(Service, open=mute), code=3, says="{url} did not answer"),
    Row(what="opens with text that is no packet", worker="the service opened no Engine.IO session: expected an Engine.IO packet, got b'hello'", service=opens("hello"), code=3, says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got hello; correct the URL, or `path` of the"),
    Row(what="opens with broken JSON", worker="the service opened no Engine.IO session: Expecting value: line 1 column 8 (char 7)", service=opens('0{"sid":'), code=3, says="{url}/socket.io/ sent a broken Engine.IO handshake over websocket: Expecting value: line 1 column 8 (char 7)"),
    Row(what="opens with JSON nested 100,000 deep", worker="the service opened no Engine.IO session: it is nested too deeply", service=opens('0{"sid":' + "[" * 100_000), code=3, says="{url}/socket.io/ sent a broken Engine.IO handshake over websocket: it is nested too deeply"),
    Row(what="opens without a session id", worker="the Engine.IO handshake is broken: sid is missing", service=says(sid=None), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken", sample=True),
    Row(what="opens with a number for a session id", worker="the Engine.IO handshake is broken: expected a text that is not empty for sid, got 5", service=says(sid=5), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens without pingInterval", worker="the Engine.IO handshake is broken: pingInterval is missing", service=says(pingInterval=None), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a text for pingInterval", worker='the Engine.IO handshake is broken: expected milliseconds from 0 to 2147483647 for pingInterval, got "25000"', service=says(pingInterval="25000"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a huge pingInterval", worker="the Engine.IO handshake is broken: expected milliseconds from 0 to 2147483647 for pingInterval, got 1000000000", service=says(pingInterval=10**400), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a negative pingTimeout", worker="the Engine.IO handshake is broken: expected milliseconds from 0 to 2147483647 for pingTimeout, got -1", service=says(pingTimeout=-1), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with NaN for pingTimeout", worker="the Engine.IO handshake is broken: NaN is no JSON", service=says(pingTimeout=float("nan")), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a list for pingTimeout", worker="the Engine.IO handshake is broken: expected milliseconds from 0 to 2147483647 for pingTimeout, got [1]", service=says(pingTimeout=[1]), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens without upgrades", worker="the Engine.IO handshake is broken: upgrades is missing", service=says(upgrades=None), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a text for upgrades", worker='the Engine.IO handshake is broken: expected a list of transports for upgrades, got "websocket"', service=says(upgrades="websocket"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a text for maxPayload", worker='the Engine.IO handshake is broken: expected a number of bytes for maxPayload, got "1e6"', service=says(maxPayload="1e6"), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="opens with a negative maxPayload", worker="the Engine.IO handshake is broken: expected a number of bytes for maxPayload, got -1", service=says(maxPayload=-1), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="closes right after the opening", worker="the connection was closed while it was made", service=partial(Service, open=closes), code=1, says="socket-connects: expected a connection over websocket, got could not connect: the connection ended before it"),
    Row(what="sends a masked frame", worker="the service sent an invalid websocket frame: Received masked frame from server, RFC 6455 section 5.1 forbids t", service=partial(Service, open=masked), code=1, says="socket-connects: expected a connection over websocket, got could not connect: {url}/socket.io/ sent a broken"),
    Row(what="sends a frame of an unknown kind", worker="the service sent an invalid websocket frame: Received frame with invalid opcode=0xb", service=frames((b"", 11)), code=3, says="{url}/socket.io/ sent an invalid websocket frame: Unexpected opcode=11"),
    Row(what="sends a frame with reserved bits", worker="the service opened no Engine.IO session: expected an Engine.IO packet, got b'x'", service=frames((b"x", TEXT), head=0x70), code=3, says="{url}/socket.io/ sent an invalid websocket frame: Received frame with non-zero reserved bits"),
    Row(what="sends text that is no UTF-8", worker="the service opened no Engine.IO session: expected an Engine.IO packet, got b'\\xff\\xfe'", service=frames((b"\xff\xfe", TEXT)), code=3, says="{url}/socket.io/ sent an invalid websocket frame: Invalid UTF-8 text message"),
    Row(what="opens with a binary message", worker="the service opened no Engine.IO session: expected text frames, got b'0{}'", service=frames((b"0{}", BINARY)), code=3, says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got b'0{}'; correct the URL, or `path` of the"),
    Row(what="sends fragments without end", worker="the service sends without end", code=3, says="{url}/socket.io/ sent an invalid websocket frame:",
        service=frames((b"a" * 999, TEXT), (b"a" * 999, 0), fin=False, endless=True)),
    Row(what="sends empty fragments without end", worker="the service sends without end", service=frames((b"", TEXT), (b"", 0), fin=False, endless=True),
        code=3, says="{url} did not answer"),
    Row(what="sends a message of 60 MB", worker="the service sent a message that is too large: more than 4 MB", service=partial(Service, open=large), code=3, says="{url}/socket.io/ sent an invalid websocket frame:"),
    Row(what="sends pings of Engine.IO without end", worker="the service sends without end", service=floods("2"), code=3, says="{url}/socket.io/ sent more than Roomcheck takes: the service sends without end:"),
    Row(what="sends noops without end", worker="the service sends without end", service=floods("6"), code=3, says="{url}/socket.io/ sent more than Roomcheck takes: the service sends without end:"),
    Row(what="sends websocket pings without end", worker="the service sends without end", service=floods("", PING), code=3, says="{url}/socket.io/ sent more than Roomcheck takes: the service sends without end:"),
]  # fmt: skip
