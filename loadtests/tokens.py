"""Tokens of sockets: minted with a key where a socket connects, fixed, or printed by a command in good time."""

from __future__ import annotations

import subprocess
from typing import Any

from conformance.identity import prepared
from conformance.target import Auth, Person, UsageError
from conformance.template import written

COMMAND_S = 30.0
"""How long a command may take to print a token, as in a check."""


class Tokens:
    """The tokens of a run."""

    def __init__(self, auth: Auth, role: str) -> None:
        self._auth = auth
        self._role = auth.socket_role or role
        self._key: Any = prepared(auth.key, auth.algorithm) if auth.key else None
        self._printed: dict[str, str] = {}
        if auth.kind == "command" and auth.of_each_room:
            raise UsageError("auth.command: it asks for {sos_id}, and a load knows a socket's room only as it connects")

    def prepare(self, user: str) -> None:
        """Have a token printed, in a greenlet: a program cannot be started from the thread of the sockets.

        Raises:
            UsageError: the command failed.
        """
        if self._auth.kind != "command":
            return
        command = written(list(self._auth.command), Person(user=user, role=self._role).fields())
        try:
            # A person's own words of the settings; gevent lets other greenlets run meanwhile.
            run = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_S, check=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(f"auth.command: {command[0]} printed no token: {type(error).__name__}") from error
        self._printed[user] = run.stdout.strip()

    def of(self, user: str, sos: str) -> str | None:
        """The token of a user of a room; None where the target wants none."""
        match self._auth.kind:
            case "jwt":
                return self._auth.signed(Person(user=user, role=self._role, sos=sos), self._key)
            case "command":
                # Whoever reads back a room that nobody is in any more does it as one of those who were.
                return self._printed.get(user) or next(iter(self._printed.values()), None)
            case "token":
                return self._auth.fixed(self._role)
            case "none":
                return None
