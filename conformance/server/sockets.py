"""The Socket.IO server that asks the service: python-socketio's, with handlers that know whether an ack is due.

It relies on methods of `socketio.AsyncServer` that are not public; the version is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import socketio
from socketio import packet

from contracts.binary import from_wire, to_wire


class Handler(Protocol):
    """What is asked about sockets."""

    async def on_connect(self, sid: str, namespace: str, environ: dict[str, Any], auth: Any) -> None:
        """Let a socket in.

        Raises:
            socketio.exceptions.ConnectionRefusedError: it is refused.
        """

    def still_here(self, namespace: str, auth: Any) -> str | None:
        """The id of the socket of a client that comes back, where it seems to be connected still; None otherwise."""

    def resumes(self, namespace: str, auth: Any) -> str | None:
        """The id of the socket whose session a client takes up again; None for a new one."""

    def pid_of(self, namespace: str, sid: str) -> str | None:
        """By what a client that comes back is known; None where connections are not recovered."""

    async def on_connected(self, sid: str, namespace: str) -> None:
        """A socket was told that it is connected."""

    async def on_disconnect(self, sid: str, namespace: str, reason: str) -> None:
        """A socket has gone; it is still in its rooms."""

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """An event has come; the arguments of its ack, or None for no ack."""


class Sockets(socketio.AsyncServer):  # type: ignore[misc]
    """Events of one socket are handled in their order: a later request never overtakes a join."""

    def __init__(self, handler: Handler, oops: Callable[[str, Exception], None], **options: Any) -> None:
        super().__init__(async_mode="asgi", async_handlers=False, cors_allowed_origins="*", namespaces="*", **options)
        self._handler = handler
        self._oops = oops
        self._told: set[tuple[str, str]] = set()
        self._resumed: str | None = None
        self._fresh_id = self.eio.generate_id
        self.eio.generate_id = self._next_id

    async def _take_over(self, eio_sid: str, namespace: str, auth: Any) -> None:
        """End the connection of a client that comes back before it was noticed that it had lost it."""
        sid = self._handler.still_here(namespace, auth)
        former = self.manager.eio_sid_from_sid(sid, namespace) if sid is not None else None
        socket = self.eio.sockets.get(former) if former != eio_sid else None
        if socket is not None:
            await socket.close(wait=False, abort=True, reason=self.reason.TRANSPORT_CLOSE)

    def _next_id(self) -> str:
        """The id of a socket: its former one where it comes back."""
        resumed, self._resumed = self._resumed, None
        return resumed if resumed is not None else str(self._fresh_id())

    async def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        """Send a packet; the one that confirms a connection says by what the client is known when it comes back."""
        if pkt.packet_type == packet.CONNECT and isinstance(pkt.data, dict):
            pid = self._handler.pid_of(pkt.namespace or "/", pkt.data["sid"])
            pkt.data = pkt.data if pid is None else {**pkt.data, "pid": pid}
        await super()._send_packet(eio_sid, pkt)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        name = namespace or "/"
        await self._take_over(eio_sid, name, data)
        # Taken at once: nothing else runs until the server gives the socket its id.
        self._resumed = self._handler.resumes(name, data)
        await super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, name)
        if sid is not None and self.manager.is_connected(sid, name) and (sid, name) not in self._told:
            self._told.add((sid, name))
            await self._safely("connection", self._handler.on_connected(sid, name))

    async def _handle_event_internal(
        self, server: Any, sid: str, eio_sid: str, data: Any, namespace: str, ack: int | None
    ) -> None:
        if not isinstance(data, list) or not data or not isinstance(data[0], str):
            return
        answer = await self._safely(data[0], self._handled(sid, namespace, data, asked=ack is not None))
        if answer is not None and ack is not None:
            said = self.packet_class(packet.ACK, namespace=namespace, id=ack, data=to_wire(list(answer)))
            await self._send_packet(eio_sid, said)

    async def _handled(self, sid: str, namespace: str, data: list[Any], *, asked: bool) -> tuple[Any, ...] | None:
        return await self._handler.on_event(sid, namespace, data[0], tuple(from_wire(data[1:])), asked=asked)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        """The connection below has ended: for the sockets on it that is no farewell, whoever closed it."""
        lost = reason == self.reason.CLIENT_DISCONNECT
        await super()._handle_eio_disconnect(eio_sid, self.reason.TRANSPORT_CLOSE if lost else reason)

    async def _trigger_event(self, event: str, namespace: str, *args: Any) -> Any:
        """Connections and disconnections; events do not come this way."""
        if event == "connect":
            sid, environ, auth = args
            await self._handler.on_connect(sid, namespace, environ, auth)
            return None
        if event == "disconnect":
            sid, reason = args
            self._told.discard((sid, namespace))
            return await self._safely(event, self._handler.on_disconnect(sid, namespace, str(reason)))
        return self.not_handled

    async def _safely(self, what: str, handled: Coroutine[Any, Any, Any]) -> Any:
        """What a handler gives; None where it failed, which ends no connection."""
        try:
            return await handled
        except Exception as error:  # noqa: BLE001
            self._oops(what, error)
            return None
