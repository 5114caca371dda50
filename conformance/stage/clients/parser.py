"""Which parser a Socket.IO service uses, told by a namespace that no service has.

The default parser answers with a text packet (`44/roomcheck-probe,...`). The service's own code is not told of such a
connection: no middleware runs, and no user appears.
"""

from __future__ import annotations

import asyncio
import re
from typing import Literal, Protocol, TypeAlias

import msgspec

NAMESPACE = "/roomcheck-probe"

CONNECT, CONNECT_ERROR = 0, 4
"""Types of Socket.IO packets: https://github.com/socketio/socket.io-protocol."""

PARSED_S = 2.0
"""How long the answer may take. One that does not come tells nothing, and the run goes on."""

DEFAULT = re.compile(r"4[0-6]")
"""How a message in the default parser's encoding begins: Engine.IO's type, then Socket.IO's."""

Answer: TypeAlias = Literal["default", "other", "closed", "nothing"]


class Session(Protocol):
    """What is needed of an Engine.IO session."""

    async def send(self, packet: str | bytes) -> None:
        """Send an Engine.IO packet; bytes are a binary message."""

    async def receive(self) -> str | bytes | None:
        """The next packet; None where the session is over."""


async def ask_for_namespace(session: Session) -> Answer:
    """Ask for the namespace as the default parser writes it, and see what answers."""
    return await _asked(session, f"4{CONNECT}{NAMESPACE},")


async def is_other_parser(session: Session) -> bool:
    """Ask as socket.io-msgpack-parser does. Only a service that speaks it answers: others end the session."""
    packet = {"type": CONNECT, "nsp": NAMESPACE}
    return await _asked(session, msgspec.msgpack.encode(packet)) == "other"


async def _asked(session: Session, packet: str | bytes) -> Answer:
    try:
        async with asyncio.timeout(PARSED_S):
            await session.send(packet)
            while (got := await session.receive()) is not None:
                if isinstance(got, bytes):
                    return "other"
                if got.startswith("4"):
                    return "default" if DEFAULT.match(got) else "other"
    except TimeoutError:
        return "nothing"
    return "closed"
