"""Which parser a Socket.IO service uses, told by a namespace that no service has.

The default parser answers with a text packet (`44/roomcheck-probe,...`). The service's own code is not told of such a
connection: no middleware runs, and no user appears.
"""

from __future__ import annotations

import asyncio
import re
from typing import Literal, Protocol, TypeAlias

import msgspec

from conformance.target.target import Parser

NAMESPACE = "/roomcheck-probe"

CONNECT, CONNECT_ERROR = 0, 4
"""Types of Socket.IO packets: https://github.com/socketio/socket.io-protocol."""

PARSED_S = 2.0
"""How long the answer may take. One that does not come tells nothing, and the run goes on."""

DEFAULT = re.compile(r"4[0-6]")
"""How a message in the default parser's encoding begins: Engine.IO's type, then Socket.IO's."""

Answer: TypeAlias = Literal["default", "msgpack", "other", "closed", "nothing"]


class Session(Protocol):
    """What is needed of an Engine.IO session."""

    async def send(self, packet: str | bytes) -> None:
        """Send an Engine.IO packet; bytes are a binary message."""

    async def receive(self) -> str | bytes | None:
        """The next packet; None where the session is over."""


async def ask_for_namespace(session: Session, parser: Parser = "default") -> Answer:
    """Ask for the namespace as a parser writes it, and see what answers.

    A service that speaks another parser ends the session, as a rule, or sends what this one cannot read.
    """
    packet = f"4{CONNECT}{NAMESPACE},"
    encoded = msgspec.msgpack.encode({"type": CONNECT, "nsp": NAMESPACE}) if parser == "msgpack" else packet
    try:
        async with asyncio.timeout(PARSED_S):
            await session.send(encoded)
            while (got := await session.receive()) is not None:
                if isinstance(got, bytes):
                    return "msgpack"
                if got.startswith("4"):
                    return "default" if DEFAULT.match(got) else "other"
    except TimeoutError:
        return "nothing"
    return "closed"
