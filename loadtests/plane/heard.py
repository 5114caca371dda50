"""Frames that are known: a service sends the same bytes to all receivers of a broadcast, so each is decoded once.

Each kind says what one more arrival of it means. `take` runs for every delivery.
"""

from __future__ import annotations

from time import monotonic_ns
from typing import TYPE_CHECKING

from loadtests.publication import Publication

if TYPE_CHECKING:
    from loadtests.plane.member import Member
    from loadtests.plane.plane import Plane


class Known:
    """A frame of a publication."""

    __slots__ = ("_deliver", "_frame", "_publication", "_stays")

    def __init__(self, plane: Plane, publication: Publication, frame: bytes) -> None:
        self._deliver = plane.ledger.deliver
        self._publication = publication
        self._stays = publication.room.stays
        self._frame = frame

    def take(self, owner: Member) -> None:
        """A socket has received it."""
        now_ns = monotonic_ns()
        stay = self._stays.get(owner.number)
        if stay is None or not self._publication.plain(stay, now_ns):
            self._deliver(self._publication, owner.number, now_ns, self._frame)


class Foreign:
    """A frame of something that another worker has published, and has not told of yet."""

    __slots__ = ("_frame", "_key", "_plane", "_room")

    def __init__(self, plane: Plane, key: tuple[int, int], room: str, frame: bytes) -> None:
        self._plane = plane
        self._key = key
        self._frame = frame
        self._room = room

    def take(self, owner: Member) -> None:
        """A socket has received it; once it has been told of, the frame is known."""
        ledger = self._plane.ledger
        publication = ledger.publications.get(self._key)
        if publication is None:
            if self._plane.stranger(owner, self._room):
                self._plane.leak(owner, self._room, self._frame)
                return
            ledger.orphans.setdefault(self._key, []).append((owner.number, monotonic_ns(), self._frame))
            return
        known = Known(self._plane, publication, self._frame)
        publication.frames.append(self._frame)
        self._plane.known[self._frame] = known
        known.take(owner)


class Chatter:
    """A frame of a room that no publication of ours is behind: joins, typing that ends, what others do."""

    __slots__ = ("_event", "_frame", "_plane", "_room")

    def __init__(self, plane: Plane, event: str, room: str | None, frame: bytes) -> None:
        self._plane = plane
        self._event = event
        self._room = room
        self._frame = frame

    def take(self, owner: Member) -> None:
        """A socket has received it."""
        self._plane.sample("WSR", self._event, None, len(self._frame))
        if self._room is not None and self._plane.stranger(owner, self._room):
            self._plane.leak(owner, self._room, self._frame)


class Broken:
    """A frame that breaks its contract, whatever else it is."""

    __slots__ = ("_frame", "_inner", "_plane", "_why")

    def __init__(self, plane: Plane, inner: Known | Foreign | Chatter, why: str, frame: bytes) -> None:
        self._plane = plane
        self._inner = inner
        self._why = why
        self._frame = frame

    def take(self, owner: Member) -> None:
        """A socket has received it."""
        self._plane.broken(owner, self._why, self._frame)
        self._inner.take(owner)


AnyHeard = Known | Foreign | Chatter | Broken
