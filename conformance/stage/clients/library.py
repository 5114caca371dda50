"""python-socketio's client as it is used here: on an engine that tells why its connection ended, and quiet."""

from __future__ import annotations

import logging

import socketio

from conformance.stage.clients.engine import Engine

QUIET = logging.getLogger("roomcheck.client")
"""Where the client library says what it stumbled over: the transcript tells it."""
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False
QUIET.setLevel(logging.CRITICAL)

CLIENT_TRANSPORTS = {"websocket": ["websocket"], "polling": ["polling"], "upgrade": ["polling", "websocket"]}


class Client(socketio.AsyncClient):  # type: ignore[misc]  # python-socketio has no types
    """python-socketio's client on an engine that tells why its connection ended."""

    def _engineio_client_class(self) -> type[Engine]:
        return Engine
