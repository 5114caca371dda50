"""Acks: what answers a request."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.hostile.row import Row
from tests.hostile.service import Service, Socket, for_ever
from tests.hostile.wire import written


def answers(form: str, *, endless: bool = False) -> Callable[[], Service]:
    """`form` is the packet, in which {ack} is its number."""

    async def step(socket: Socket, ack: str, payload: Any) -> None:
        packet = form.replace("{ack}", ack)
        await socket.wire.frame(packet)
        if endless:
            await for_ever(lambda: socket.wire.frame(packet))

    return partial(Service, ack=step)


async def nothing(socket: Socket, ack: str, payload: Any) -> None:
    pass


async def breaks_off(socket: Socket, ack: str, payload: Any) -> None:
    socket.wire.writer.close()


ROWS = [
    Row(what="acknowledges nothing", worker="no answer came", service=partial(Service, ack=nothing), code=0, says="holds"),
    Row(what="acknowledges without end", worker="the service sends without end", service=answers('43{ack}[{"room":"x"}]', endless=True), code=0, says="connection-stays-open: Roomcheck ended the connection"),
    Row(what="acknowledges under a huge number", worker="expected the number of an ack", service=answers('43' + "9" * 5000 + '[{"room":"x"}]'), code=1,
        says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is no"),
    Row(what="acknowledges with an object", worker="expected a list of arguments", service=answers('43{ack}{"room":"x"}'), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got an ack is an array: the official client", sample=True),
    Row(what="acknowledges nested 100,000 deep", worker="expected JSON: it is nested too deeply", service=answers("43{ack}" + "[" * 100_000), code=1, says="frames-can-be-parsed: expected a frame that JSON.parse reads, got the frame cannot be decoded: it is nested"),
    Row(what="acknowledges with 2 MB", worker="holds", service=answers("43{ack}" + written(["y" * 2_000_000])), code=4, says="connection-stays-open: Roomcheck ended the connection"),
    Row(what="breaks off at a request", worker="the connection was lost", service=partial(Service, ack=breaks_off), code=1, says="connection-stays-open: expected a connection that stays open, got the service ended the connection"),
]  # fmt: skip
