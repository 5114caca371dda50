"""Frames that are known: a service sends the same bytes to all receivers of a broadcast, so each is decoded once.

A frame of a publication is that publication (`Publication.take`); here is every other kind. Each says what one more
arrival means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadtests.publication import Publication

if TYPE_CHECKING:
    from loadtests.plane.member import Member
    from loadtests.plane.plane import Plane


class Foreign:
    """A frame of something that another worker has published, and has not told of yet."""

    __slots__ = ("_key", "_plane", "_room")

    def __init__(self, plane: Plane, key: tuple[int, int], room: str) -> None:
        self._plane = plane
        self._key = key
        self._room = room

    def take(self, owner: Member, frame: bytes, now_ns: int) -> None:
        """A socket has received it; once it has been told of, the frame is known."""
        ledger = self._plane.ledger
        publication = ledger.publications.get(self._key)
        if publication is None:
            if self._plane.hearing.stranger(owner, self._room):
                self._plane.hearing.leak(owner, self._room, frame)
                return
            ledger.orphans.setdefault(self._key, []).append((owner.number, now_ns, frame))
            return
        publication.frames.append(frame)
        self._plane.hearing.known[frame] = publication
        publication.take(owner, frame, now_ns)


class Chatter:
    """A frame of a room that no publication of ours is behind: joins, typing that ends, what others do."""

    __slots__ = ("_event", "_plane", "_room")

    def __init__(self, plane: Plane, event: str, room: str | None) -> None:
        self._plane = plane
        self._event = event
        self._room = room

    def take(self, owner: Member, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        self._plane.sample("WSR", self._event, None, len(frame))
        if self._room is not None and self._plane.hearing.stranger(owner, self._room):
            self._plane.hearing.leak(owner, self._room, frame)


class Broken:
    """A frame that breaks its contract, whatever else it is."""

    __slots__ = ("_event", "_inner", "_plane", "_why")

    def __init__(self, plane: Plane, inner: Whole, event: str, why: str) -> None:
        self._plane = plane
        self._inner = inner
        self._event = event
        self._why = why

    def take(self, owner: Member, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        one = self._inner if isinstance(self._inner, Publication) else None
        self._plane.hearing.broken(owner, self._why, frame, self._event, one)
        self._inner.take(owner, frame, now_ns)


class Undocumented:
    """A frame of an event that no contract has."""

    __slots__ = ("_event", "_inner", "_plane")

    def __init__(self, plane: Plane, inner: Whole, event: str) -> None:
        self._plane = plane
        self._inner = inner
        self._event = event

    def take(self, owner: Member, frame: bytes, now_ns: int) -> None:
        """A socket has received it."""
        self._plane.hearing.undocumented(owner, self._event, frame)
        self._inner.take(owner, frame, now_ns)


Whole = Publication | Foreign | Chatter
"""What a frame is, whether it keeps its contract or not."""

AnyHeard = Whole | Broken | Undocumented
