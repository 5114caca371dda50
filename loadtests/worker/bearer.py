"""Who shows a token to the service, on connecting and with calls."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loadtests.ledger.publication import Room

if TYPE_CHECKING:
    from loadtests.worker.context import Context


class Bearer:
    """A user of rooms; its token is minted anew for every connection, and for calls before it expires."""

    __slots__ = ("_headers", "_minted_s", "context", "known_as", "rooms", "token", "user")

    def __init__(self, context: Context, user: str) -> None:
        self.context = context
        self.user = user
        self.token: str | None = None
        self.known_as: str | None = None
        """By which name the service knows its user, where its token says that."""
        self.rooms: dict[str, Room] = {}
        """Where it is, or asks to be, a member."""
        self._headers = ""
        self._minted_s = 0.0

    @property
    def headers(self) -> str:
        """Of its calls, from its first connection on."""
        if self.token is not None and not self.context.setup.is_fresh(self._minted_s):
            self.mint()
        return self._headers

    def mint(self) -> None:
        """Have a token made that is shown from now on."""
        setup = self.context.setup
        self._minted_s = time.time()
        self.token = setup.token(self.user, next(iter(self.rooms), ""))
        self._headers = self.context.bearer if self.token is None else setup.bearer(self.token)
        self.known_as = setup.known_as(self.user, self.token)
