"""Reading back what was created: posted, stored and broadcast have to be the same messages."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from loadtests.ledger.publication import Room
from loadtests.worker.wire import codec
from loadtests.worker.wire.http import Unanswered
from loadtests.worker.worker import Worker

MOST_AUDITED = 1000
"""How many rooms of a worker are read back after a run."""


AUDIT_S = 60.0
"""How long reading back may take a worker."""

MOST_READ_BACK = 2000
"""How many messages of a room are, where its total alone does not tell."""


async def audit(plane: Worker) -> None:
    """Read back what was created: of every room as many messages as were taken, of each publication one."""
    rooms = [room for room in plane.ledger.rooms.values() if plane.taken[room.name] or plane.unanswered[room.name]]
    left = {room.name: room for room in rooms}

    async def read(room: Room) -> None:
        await _read_back(plane, room)
        del left[room.name]

    await plane.waits.bounded(asyncio.gather(*map(read, rooms[:MOST_AUDITED])), AUDIT_S)
    for room in left.values():
        plane.count_of(room, "unaudited", plane.taken[room.name])


async def _read_back(plane: Worker, room: Room) -> None:
    """Read a room's messages, page by page, and compare them with what was taken."""
    words, taken = plane.words, plane.taken[room.name]
    # Whoever wrote into the room may read it.
    headers = plane.setup.bearer(plane.setup.token(plane.writers[room.name], room.name))
    found: Counter[tuple[int, int]] = Counter()
    total, skip = None, 0
    while total is None or skip < min(total, MOST_READ_BACK):
        page = await _page(plane, room, words.page_path(room.name, skip), headers)
        if page is None:
            plane.count_of(room, "unread", taken)
            return
        total, items = page
        found.update(_own(plane, room, items))
        skip += words.MOST_A_PAGE
    _compared(plane, room, found, total > MOST_READ_BACK)


async def _page(plane: Worker, room: Room, path: str, headers: str) -> tuple[int, list[Any]] | None:
    """A page, which has to keep its contract; None where it could not be had."""
    words, start_ns, body = plane.words, time.monotonic_ns(), b""
    document, page = None, None
    try:
        status, body = await plane.http[0].call("GET", path, None, headers)
        document = codec.decoded(body)
        page = words.page(document) if status == words.OK else None
    except Unanswered:
        pass
    failure = None if page else "the messages were not listed"
    now_ns = time.monotonic_ns()
    plane.sample("GET", words.list_call, now_ns - start_ns, len(body), failure)
    if page and not words.listing.answer.is_valid(document):
        plane.ledger.defect("contract_failed", room, -1, now_ns, body, why="the list of messages breaks its contract")
    return page


def _own(plane: Worker, room: Room, items: list[Any]) -> Iterator[tuple[int, int]]:
    """Which publications of the room are listed; each has to be as it was created."""
    words = plane.words
    for item in items:
        mark, right = words.stored(item)
        if mark is None:
            continue  # Somebody else's.
        told = plane.hearing.ids.get((mark.stream, mark.number))
        if not right or mark.room != room.name or (told is not None and item.get("id") != told):
            why, frame = "it is not stored as it was created", codec.encode_json(item)
            plane.ledger.defect("contract_failed", room, -1, time.monotonic_ns(), frame, why=why)
        if mark.room == room.name:
            yield mark.stream, mark.number


def _compared(plane: Worker, room: Room, found: Counter[tuple[int, int]], partly: bool) -> None:
    """Count what of a room's own publications is stored, is not, or is there more than once."""
    spans = {stream: span for (name, stream), span in plane.posts.items() if name == room.name}
    own = {(stream, number) for stream, (first, last) in spans.items() for number in range(first, last + 1)}
    own -= plane.untaken
    stored = len(own & found.keys())
    plane.count_of(room, "stored", stored)
    plane.count_of(room, "unaudited" if partly else "unstored", len(own) - stored)
    plane.count_of(room, "stored_twice", sum(count - 1 for count in found.values()))
