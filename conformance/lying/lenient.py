"""Verifies tokens, and lets one kind of bad ones pass."""

from __future__ import annotations

from conformance.server.gate import Gate, Refused, Shown
from conformance.target.target import Auth


class Lenient(Gate):
    """Lets a kind of bad tokens pass, of sockets or of HTTP callers."""

    def __init__(self, auth: Auth, fault: str, *, callers: bool) -> None:
        """Take what is wrong with the tokens that pass, and whether callers show them or sockets."""
        super().__init__(auth)
        self._fault, self._callers = fault, callers

    def user(self, shown: Shown, *, caller: bool = False) -> str | None:
        """The user whose token is shown; None where it names nobody, or is bad in that way."""
        try:
            return super().user(shown, caller=caller)
        except Refused as refused:
            if refused.fault == self._fault and caller == self._callers:
                return None
            raise
