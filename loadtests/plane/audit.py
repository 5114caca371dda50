"""Reading back what was created: posted, stored and broadcast have to be the same messages."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from loadtests.plane.http import Unanswered
from loadtests.plane.plane import Plane
from loadtests.publication import Room

MOST_AUDITED = 1000
"""How many rooms of a worker are read back after a run."""

MOST_READ_BACK = 2000
"""How many messages of a room are, where its total alone does not tell."""


async def audit(plane: Plane) -> None:
    """Read back what was created: of every room as many messages as were taken, of each publication one."""
    rooms = [room for room in plane.ledger.rooms.values() if plane.taken[room.name] or plane.unanswered[room.name]]
    await asyncio.gather(*(_read_back(plane, room) for room in rooms[:MOST_AUDITED]))
    for room in rooms[MOST_AUDITED:]:
        plane.count_of(room, "unaudited", plane.taken[room.name])


async def _read_back(plane: Plane, room: Room) -> None:
    """Compare a room's messages with what was taken; pages are read only where the total does not say it."""
    words, taken, maybe = plane.words, plane.taken[room.name], plane.unanswered[room.name]
    member = next((one for one in plane.sockets if room.name in one.rooms), None)
    headers = plane.setup.bearer(member.token if member else plane.setup.token(plane.setup.run, room.name))
    found: Counter[tuple[int, int]] = Counter()
    total, skip = None, 0
    while total is None or skip < min(total, MOST_READ_BACK):
        start_ns = time.monotonic_ns()
        try:
            status, body = await plane.http[0].call("GET", words.page_path(room.name, skip), None, headers)
            page = words.page(body) if status == words.OK else None
        except Unanswered:
            page = None
        failure = None if page else "the messages were not listed"
        plane.sample("GET", words.list_call, time.monotonic_ns() - start_ns, 0, failure)
        if page is None:
            plane.count_of(room, "unread", taken)
            return
        total, marks = page
        found.update((mark.stream, mark.number) for mark in marks)
        if not room.shared and total == taken and not maybe:
            plane.count_of(room, "stored", taken)
            return
        skip += words.MOST_A_PAGE
    _compared(plane, room, found, total > MOST_READ_BACK)


def _compared(plane: Plane, room: Room, found: Counter[tuple[int, int]], partly: bool) -> None:
    """Count what of a room's own publications is stored, is not, or is there more than once."""
    spans = {stream: span for (name, stream), span in plane.posts.items() if name == room.name}
    own = {(stream, number) for stream, (first, last) in spans.items() for number in range(first, last + 1)}
    own -= plane.untaken
    stored = len(own & found.keys())
    plane.count_of(room, "stored", stored)
    plane.count_of(room, "unaudited" if partly else "unstored", len(own) - stored)
    plane.count_of(room, "stored_twice", sum(count - 1 for count in found.values()))
