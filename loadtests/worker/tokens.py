"""Tokens of sockets: minted with a key where a socket connects, fixed, or printed by a command in good time."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Sequence
from typing import Any

from conformance.support.errors import UsageError
from conformance.support.template import written
from conformance.target.auth import COMMAND_S, MOST_PRINTED_BYTES, kill_group, not_printed, prepared, printed
from conformance.target.claims import names
from conformance.target.secrets import COVER, Secrets
from conformance.target.target import Auth, Person

JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
"""A token that was minted. There is one for each connection of a load, too many to look for by their values."""


def covered(secrets: Secrets, text: str) -> str:
    """A text of the run without secrets: those that are known, and whatever has the form of a token."""
    return JWT.sub(COVER, secrets.covered(text))


class Tokens:
    """The tokens of a run."""

    def __init__(self, auth: Auth, role: str, secrets: Secrets, *, has_numbers: bool = False) -> None:
        """Begin with none.

        Args:
            has_numbers: users are named by integers.
        """
        self._auth = auth
        self._has_numbers = has_numbers
        self._role = auth.socket_role or role
        self._key: Any = prepared(auth.key, auth.algorithm) if auth.key else None
        self._printed: dict[str, str] = {}
        self._secrets = secrets
        secrets.add(auth.key, auth.token, *auth.tokens.values())
        if auth.socket_place.at == "event":
            raise UsageError("auth.token_event: load cannot show a token by an event; expected auth.token_in")
        if auth.caller_place.at == "query":
            raise UsageError("auth.caller_token_in: load cannot show a token in the query of a call; use check")
        if auth.kind == "command" and auth.of_each_room:
            raise UsageError("auth.command: it asks for {sos_id}, and a load knows a socket's room only as it connects")

    def prepare(self, user: str) -> None:
        """Have a token printed, in a greenlet: a program cannot be started from the thread of the sockets.

        Raises:
            UsageError: the command printed none.
        """
        if self._auth.kind != "command":
            return
        person = Person(user=user, role=self._role, has_number=self._has_numbers)
        words = [str(written(word, person.fields())) for word in self._auth.command]
        self._printed[user] = _printed(words)
        self._secrets.add(self._printed[user])

    def of(self, user: str, sos: str) -> str | None:
        """The token of a user of a room; None where the target wants none."""
        match self._auth.kind:
            case "jwt":
                return self._auth.signed(
                    Person(user=user, role=self._role, sos=sos, has_number=self._has_numbers), self._key
                )
            case "command":
                return self._printed[user]
            case "token":
                return self._auth.fixed(self._role)
            case "none":
                return None

    def known_as(self, user: str, token: str | None) -> str | None:
        """By which name a service knows whoever shows a token; None where the token is not known to say that."""
        is_known = self._auth.kind == "jwt" or (self._auth.kind == "command" and names(token or "", user))
        return user if token is not None and is_known else None


def _printed(words: Sequence[str]) -> str:
    """What a person's own words of the settings print; gevent lets other greenlets run meanwhile."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    try:
        with subprocess.Popen(words, start_new_session=True, **pipes) as program:  # type: ignore[call-overload]  # noqa: S603 - a list
            late = threading.Event()

            def end() -> None:
                late.set()
                kill_group(program.pid)

            timer = threading.Timer(COMMAND_S, end)
            timer.start()
            said = program.stdout.read(MOST_PRINTED_BYTES + 1)
            if len(said) > MOST_PRINTED_BYTES:
                kill_group(program.pid)
            complained = program.stderr.read(MOST_PRINTED_BYTES + 1)
            if len(complained) > MOST_PRINTED_BYTES:
                kill_group(program.pid)
            program.wait()
            timer.cancel()
    except OSError as error:
        raise not_printed(words, error) from error
    if late.is_set():
        raise not_printed(words, TimeoutError())
    return printed(words, program.returncode, said, complained)
