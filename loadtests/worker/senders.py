"""By which names a service may call the sockets of a worker, and whether a broadcast names the one that caused it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from conformance.model.payload import id_of, roster_of
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication

MOST_IDS = 8
"""How many connections of a socket are remembered: one of its publications comes back within two or three."""


class Senders:
    """Who is behind the sockets that publish what names its sender; of others nothing is kept."""

    def __init__(self, words: Dialect) -> None:
        self._words = words
        named = {way.broadcast.sender_is for way in words.ways if _names_sender(way)}
        self._ids: dict[int, deque[str]] | None = {} if "socket" in named else None
        self._users: dict[int, set[str]] | None = {} if "user" in named else None
        self._by_id: dict[str, int] = {}
        """The sockets that show a token, by their present ids, where a roster may tell another name of their users."""
        reply = words.roster.request.reply if words.roster is not None else None
        roster = reply.roster if reply is not None else None
        self._roster = roster if self._users is not None and roster is not None and roster.user is not None else None
        self._is_list = reply is not None and reply.form is not None

    def connected(self, socket: int, sid: str, user: str | None) -> None:
        """A socket is connected.

        Args:
            user: whom its token names; None where that is unknown.
        """
        if self._ids is not None:
            self._ids.setdefault(socket, deque(maxlen=MOST_IDS)).append(sid)
        if self._users is not None and user is not None:
            self._users.setdefault(socket, set()).add(user)
            if self._roster is not None:
                self._by_id[sid] = socket

    def gone(self, sid: str) -> None:
        """A connection is over."""
        self._by_id.pop(sid, None)

    def listed(self, arguments: Sequence[Any]) -> None:
        """A roster has come: a service may know a user by another name than its token does."""
        if self._roster is None or self._users is None:
            return
        told = list(arguments) if self._is_list else next(iter(arguments), None)
        for sid, user in roster_of(self._roster, told):
            socket = self._by_id.get(sid) if sid is not None else None
            if socket is not None and user is not None:
                self._users[socket].add(user)

    def untrue(self, way: Way, publication: Publication, payload: dict[str, Any]) -> str | None:
        """Why a broadcast does not name the socket of ours that caused it; None where it does, or nobody knows."""
        field = way.broadcast.sender
        if field is None or not _names_sender(way):
            return None
        known = self._ids if way.broadcast.sender_is == "socket" else self._users
        names = (known or {}).get(publication.stream // self._words.width)
        if not names or id_of(payload.get(field)) in names:
            return None
        return f"its {field} names another than its sender"


def _names_sender(way: Way) -> bool:
    """Whether what a way publishes names the socket that emitted it, which its mark tells."""
    return way.request is not None and way.broadcast.sender is not None and not way.marking.by_room
