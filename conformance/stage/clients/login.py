"""The answer to the event by which a socket shows its token after connecting."""

from __future__ import annotations

import asyncio
from typing import Any

from conformance.target.token_place import TokenEvent

LOGIN_ACK = 0
"""The number of the ack: the events of a play count from 1."""


class Refusal(Exception):
    """The service refused the connection with this message."""

    def __init__(self, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.data = data
        """`err.data` of the connect error."""


class Login:
    """Waits for the answer, which is no part of the transcript: contracts say nothing of it."""

    def __init__(self, event: TokenEvent) -> None:
        self._event = event
        self._answer: asyncio.Future[tuple[str, Any] | None] = asyncio.get_running_loop().create_future()

    @property
    def ack(self) -> int | None:
        """The number of the ack that is asked for; None where an event answers."""
        return None if self._event.taken else LOGIN_ACK

    async def answered(self, limit_s: float) -> None:
        """Wait until the token was taken.

        Raises:
            Refusal: it was refused, or no answer came within `limit_s`.
        """
        try:
            async with asyncio.timeout(limit_s):
                why = await self._answer
        except TimeoutError:
            expected = self._event.taken or "an ack"
            raise Refusal(
                f"no answer to {self._event.name} within {limit_s:g} s, expected {expected} (auth.token_event)"
            ) from None
        if why is not None:
            raise Refusal(*why)

    def acked(self, args: tuple[Any, ...]) -> None:
        """The service acknowledged the event."""
        self._conclude(None if self._event.is_taken(args) else _why(args))

    def heard(self, name: str, args: tuple[Any, ...]) -> bool:
        """An event has come; whether it is the answer."""
        if name == self._event.taken:
            self._conclude(None)
        elif name == self._event.refused:
            self._conclude(_why(args))
        else:
            return False
        return True

    def ended(self, reason: str) -> None:
        """The connection ended before an answer came."""
        self._conclude((f"the connection ended before {self._event.name} was answered: {reason}", None))

    def _conclude(self, why: tuple[str, Any] | None) -> None:
        if not self._answer.done():
            self._answer.set_result(why)


def _why(args: tuple[Any, ...]) -> tuple[str, Any]:
    """The message of a refusal, and its data, from the arguments of the ack or the event that tells of it."""
    said = args[0] if args else ""
    if not isinstance(said, dict):
        return str(said), None
    message = next((said[key] for key in ("message", "error", "reason") if isinstance(said.get(key), str)), str(said))
    return message, said.get("data")
