"""Events: what comes on a connection that was made."""

from collections.abc import Awaitable, Callable
from functools import partial

from tests.hostile.row import Row
from tests.hostile.service import Service, Socket, connected, for_ever
from tests.hostile.wire import BINARY, CLOSE, Request, Wire, written


def sends(*packets: str | bytes, endless: bool = False) -> Callable[[], Service]:
    """What follows the connection."""

    async def one(socket: Socket, packet: str | bytes) -> None:
        await socket.wire.frame(packet, BINARY) if isinstance(packet, bytes) else await socket.wire.frame(packet)

    async def step(socket: Socket) -> None:
        await connected(socket)
        for packet in packets:
            await one(socket, packet)
        if endless:
            await for_ever(partial(one, socket, packets[-1]))

    return partial(Service, connect=step)


async def tells_for_ever(service: Service, room: str, note: dict[str, str]) -> None:
    for socket in service.members(room):
        await for_ever(partial(socket.emit, "noted", {"room": room, "text": note["text"]}))


async def closes(service: Service, room: str, note: dict[str, str]) -> None:
    for socket in service.members(room):
        await socket.wire.frame(b"\x03\xf3", CLOSE)


def ends(then: Callable[[Wire, Request], Awaitable[None]]) -> Callable[[], Service]:
    """From the first note on all connections are closed, and this is done with handshakes."""

    async def step(service: Service, room: str, note: dict[str, str]) -> None:
        service.shake = then
        for socket in service.sockets:
            socket.wire.writer.close()

    return partial(Service, tell=step)


async def falls_silent(service: Service, room: str, note: dict[str, str]) -> None:
    """Nobody is answered any more, old or new, and no connection is closed."""

    async def hears(wire: Wire, request: Request) -> None:
        await wire.until_closed()

    async def ignores(socket: Socket, ack: str, payload: object) -> None: ...

    async def calls(service: Service, wire: Wire, request: Request) -> None:
        await wire.until_closed()

    service.shake, service.ack, service.call = hears, ignores, calls


async def refuses(wire: Wire, request: Request) -> None:
    await wire.answer("503 Service Unavailable", Retry_After="5")


async def hangs_up(wire: Wire, request: Request) -> None:
    wire.writer.close()


DEEP = '42["noted",' + "[" * 100_000 + "]" * 100_000 + "]"
ROWS = [
    Row(what="sends events without end", worker="the service sends without end", service=sends('42["x",{}]', endless=True), code=4, says="connection-stays-open: Roomcheck ended the connection"),
    Row(what="sends a broadcast again without end", worker="the service sends without end", service=partial(Service, tell=tells_for_ever), code=0, says="connection-stays-open: Roomcheck ended the connection"),
    Row(what="sends events of 100 kB without end", worker="the service sends without end", service=sends(f"42{written(['x', 'y' * 100_000])}", endless=True),
        code=4, says="calls-answer-as-documented: no answer: more than Roomcheck takes: more than 16 MB in one act"),
    Row(what="sends an event of 2 MB", worker="holds", service=sends(f"42{written(['x', 'y' * 2_000_000])}"), code=4, says="connection-stays-open: Roomcheck ended the connection", sample=True),
    Row(what="sends an event name of 900 kB", worker="holds", service=sends(f"42{written(['n' * 900_000, {}])}"), code=0, says="holds"),
    Row(what="sends an event nested 100,000 deep", worker="expected JSON: it is nested too deeply", service=sends(DEEP), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is nested"),
    Row(what="sends an event without a name", worker="expected the name of an event", service=sends("42[]"), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got an event is an array that begins with its"),
    Row(what="sends an event that is an object", worker="expected a list of arguments", service=sends('42{"noted":1}'), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got an event is an array that begins with its"),
    Row(what="sends an event in broken JSON", worker="expected JSON: Expecting property name enclosed in double quotes: line 1 column ", service=sends('42["noted",{'), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: Expecting"),
    Row(what="sends an event with NaN", worker="expected JSON: NaN is no JSON", service=sends('42["noted",NaN]'), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got NaN is no JSON: the official client breaks"),
    Row(what="sends a number of 100,000 digits", worker="holds", service=sends(f'42["noted",{"9" * 100_000}]'), code=0, says="holds"),
    Row(what="announces 999,999 attachments", worker="expected the number of attachments, up to 1000", service=sends('45999999-["noted",{"_placeholder":true,"num":0}]'),
        code=4, says="no socket became a member of a room:"),
    Row(what="sends an attachment that nothing announced", worker="a binary frame came that no packet announced", service=sends(b"abc"), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is no"),
    Row(what="sends an empty packet", worker="expected an Engine.IO packet", service=sends(""), code=1, says="connection-stays-open: expected a connection that stays open, got the client library ended the connection"),
    Row(what="sends an unknown packet", worker="expected an Engine.IO packet", service=sends("9x"), code=0, says="holds"),
    Row(what="closes all members at a broadcast", worker="the connection was lost: close frame 1011", service=partial(Service, tell=closes), code=1, says="connection-stays-open: expected a connection that stays open, got the service ended the connection"),
    Row(what="closes all and answers 503 from the first broadcast on", worker="the connection was lost", service=ends(refuses), code=3, says="the service refuses new connections", sample=True),
    Row(what="closes all and every new connection from the first broadcast on", worker="the connection was lost", service=ends(hangs_up), code=3, says="the service stopped answering"),
    Row(what="answers nobody from the first broadcast on", worker="no broadcast came", service=partial(Service, tell=falls_silent), code=3, says="the service stopped answering"),
]  # fmt: skip
