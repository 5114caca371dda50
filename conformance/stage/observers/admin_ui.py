"""The Admin UI as an observer: a server that is instrumented for it tells which socket is in which rooms.

Works with `@socket.io/admin-ui` and with python-socketio's `instrument()`: on connecting to its namespace, both tell
every socket with its rooms in `all_sockets`. Each look connects anew, because only that list is complete:
python-socketio tells of later joins with its statistics every two seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from conformance.model.transcript import Got, Observed, Via
from conformance.stage.clients.login import Refusal
from conformance.stage.clients.recorder import Recorder
from conformance.stage.clients.socket import Socket
from conformance.stage.observing.observer import ObserverUnavailable, Watch, namespaces_watched
from contracts.parts import in_namespaces

TITLE = "the Admin UI"
HINT = "see that observers.admin_namespace is right, and the server is instrumented with mode: 'development'"
SETTINGS = {
    "admin": {
        "description": "Whether the server is instrumented for the Admin UI; or what its namespace asks for.",
        "anyOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["username", "password"],
                "properties": {"username": {"type": "string"}, "password": {"type": "string", "writeOnly": True}},
            },
        ],
    },
    "admin_namespace": {"type": "string", "pattern": "^/"},
}

ALL_SOCKETS = "all_sockets"
LISTENING = 0.8
"""Of the time that a look may take: what is left is for connecting, and for saying that nothing came."""
ADMIN = "admin"
NAMESPACE = "/admin"
"""Of both implementations, unless they are told otherwise."""


class AdminObserver:
    """Looks at the rooms of all sockets through one node."""

    via: Via = "admin"

    def __init__(self, watch: Watch, url: str) -> None:
        settings = watch.target.observers
        namespace = settings.get("admin_namespace", NAMESPACE)
        self.what = f"{TITLE} at {url}{namespace}"
        self._credentials = settings["admin"] if isinstance(settings["admin"], dict) else None
        self._target = replace(watch.target, namespace=namespace)
        self._watched = namespaces_watched(watch)
        self._url = url
        self._transport = watch.transport
        self._clock = watch.clock
        self._seen: list[Observed] = []

    async def start(self) -> None:
        """See whether it lets us in, and tells its sockets."""
        await self.look()

    async def expect(self, names: Collection[str]) -> None:
        """Nothing to do: a look shows every room."""

    async def look(self) -> None:
        """Connect, take the list of sockets, and leave.

        Raises:
            ObserverUnavailable: it does not let us in, or tells nothing.
        """
        log, since_s = Recorder(self._clock, asyncio.Event()), self._clock.now()
        socket = Socket(ADMIN, log, lambda: None, self._target.parser)
        try:
            await socket.open(
                self._target, self._url, self._transport, replace(self._target.knock, auth=self._credentials)
            )
        except Refusal as error:
            raise ObserverUnavailable(
                f"it refuses the connection: {error}; set observers.admin to its username and password"
            ) from error
        except ConnectionError as error:
            raise ObserverUnavailable(f"no connection: {error}") from error
        try:
            limit_s = self._target.call_s * LISTENING
            told = await log.wait(lambda entry: isinstance(entry, Got) and entry.event == ALL_SOCKETS, limit_s)
        finally:
            await socket.close()
        if not isinstance(told, Got):
            raise ObserverUnavailable("it lists no sockets; instrument the server with mode: 'development'")
        self._seen += [made for entry in _listed(told.args) if (made := self._observation(since_s, told.at_s, entry))]

    async def caught_up(self) -> None:
        """Nothing to wait for: a look is whole when it ends."""

    def observations(self) -> list[Observed]:
        """The rooms of every socket at each look."""
        return self._seen

    async def stop(self) -> None:
        """Nothing is left open between looks."""

    def _observation(self, since_s: float, at_s: float, told: Any) -> Observed | None:
        if (
            not isinstance(told, dict)
            or not in_namespaces(told.get("nsp"), self._watched)
            or not isinstance(told.get("id"), str)
        ):
            return None
        rooms = told.get("rooms")
        names = [room for room in rooms if isinstance(room, str)] if isinstance(rooms, list) else []
        # Every socket is alone in a room that is called as itself.
        own = told["id"]
        seen = tuple(name for name in names if name != own)
        return Observed(at_s=at_s, since_s=since_s, actor=ADMIN, socket=own, rooms=seen)


def observers(watch: Watch) -> list[AdminObserver]:
    """An observer at each node: the Admin UI is a namespace of the service."""
    return [AdminObserver(watch, url) for url in watch.target.urls]


def _listed(args: tuple[Any, ...]) -> list[Any]:
    return args[0] if args and isinstance(args[0], list) else []
