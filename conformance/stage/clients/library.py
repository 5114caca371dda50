"""python-socketio's client as it is used here: on an engine that tells why its connection ended, and quiet."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec
import socketio
from socketio import packet as sio_packet

from conformance.model.transcript import SAID_GOODBYE, Got
from conformance.stage.clients.engine import Engine
from conformance.stage.clients.outgoing import messages_of

QUIET = logging.getLogger("roomcheck.client")
"""Where the client library says what it stumbled over: the transcript tells it."""
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False
QUIET.setLevel(logging.CRITICAL)

CLIENT_TRANSPORTS = {"websocket": ["websocket"], "polling": ["polling"], "upgrade": ["polling", "websocket"]}


Answers: TypeAlias = Mapping[str, tuple[Any, ...]]
"""What events that ask for an ack are answered with, by their names."""
NO_ANSWERS: Answers = MappingProxyType({})


class Client(socketio.AsyncClient):  # type: ignore[misc]  # python-socketio has no types
    """python-socketio's client on an engine that tells why its connection ended.

    `on_unconfirmed` is told why one ended before it was confirmed.

    An event that asks for an ack is answered with what the contract says, or with nothing.
    """

    def __init__(self, on_unconfirmed: Callable[[str], None], **options: Any) -> None:
        super().__init__(logger=QUIET, engineio_logger=QUIET, **options)
        self._on_unconfirmed = on_unconfirmed

    answers: Answers = NO_ANSWERS
    send: Callable[[list[str | bytes]], Awaitable[None]]
    """Sends the messages of one packet, and no other's between them."""

    async def _handle_event(self, namespace: str | None, number: int | None, data: Any) -> None:
        await super()._handle_event(namespace, None, data)
        if number is not None:
            answer = [*self.answers.get(data[0], ())]
            await self.send(messages_of(self.packet_class, sio_packet.ACK, answer, namespace or "/", number))

    def answered(self, got: Got, number: int) -> Got:
        """The entry of an event that asks for an ack, with what that is answered."""
        return msgspec.structs.replace(got, ack=number, answer=self.answers.get(got.event, ()))

    async def _handle_disconnect(self, namespace: str) -> None:
        if not self.connected:
            self._on_unconfirmed(SAID_GOODBYE)
        await super()._handle_disconnect(namespace)

    async def _handle_eio_disconnect(self, reason: str) -> None:
        if not self.connected:
            self._on_unconfirmed(self.eio.ending().reason)
        await super()._handle_eio_disconnect(reason)

    def _engineio_client_class(self) -> type[Engine]:
        return Engine


def once(greet: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """A handler of the beginning: the client library calls it for an event of that name, too."""
    left = [greet]

    async def handler() -> None:
        if left:
            await left.pop()()

    return handler
