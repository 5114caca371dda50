"""Each node tells its own sockets alone."""

from contextvars import ContextVar
from typing import Any, ClassVar

from starlette.requests import Request

from conformance.reference.service import Person, Service

NODE: ContextVar[int] = ContextVar("NODE", default=0)


class Lie(Service):
    """Each node tells its own sockets alone."""

    caught_by = "broadcast-reaches-every-node"
    nodes: ClassVar[int] = 2
    where: dict[str, int]

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Note the node of a socket."""
        self.where = {**getattr(self, "where", {}), sid: environ["asgi.scope"]["server"][1]}
        await super().on_connect(sid, environ, auth)

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Handle it on the socket's node."""
        NODE.set(self.where[sid])
        return await super().on_event(event, sid, *args)

    def caller(self, request: Request) -> Person:
        """Handle the call on the node that it came to."""
        NODE.set(request.scope["server"][1])
        return super().caller(request)

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to the node's own members."""
        for sid, _ in list(self.io.manager.get_participants("/", room)):
            if sid != but and self.where.get(sid) == NODE.get():
                await self.io.emit(event, payload, to=sid)
