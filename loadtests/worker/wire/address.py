"""Where the sockets of a load connect, and how."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlencode, urlsplit

CONNECT_S = 10.0
"""How long each step of a connection may take: Engine.IO's own upgrade limit (`upgradeTimeout`), unless a
target says otherwise."""

NO_FIELDS: Mapping[str, str] = {}

Transport: TypeAlias = Literal["websocket", "upgrade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where sockets connect."""

    url: str
    path: str = "/socket.io/"
    namespace: str = "/"
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    transport: Transport = "websocket"
    connect_s: float = CONNECT_S
    """How long each step of a connection may take."""

    def query(self, transport: str, sid: str | None = None, more: Mapping[str, str] = NO_FIELDS) -> str:
        """The path with its query, in which `more` stands first."""
        usual = {"EIO": "4", "transport": transport} | ({"sid": sid} if sid else {})
        return self.path + "?" + urlencode({**more, **usual})

    def websocket(self, sid: str | None = None, more: Mapping[str, str] = NO_FIELDS) -> str:
        """The address of the websocket."""
        parts = urlsplit(self.url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}{self.query('websocket', sid, more)}"
