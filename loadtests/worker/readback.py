"""Reading back what was created: posted, stored and broadcast have to be the same messages."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from loadtests.dialects.way import Way
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


async def audit(context: Worker) -> None:
    """Read back what was created: of every room as many messages as were taken, of each publication one."""
    way = context.words.writing
    if way.call is None or context.words.listing is None or not way.reach.is_room:
        return
    rooms = [
        room
        for room in context.ledger.rooms.values()
        if context.posts.taken[room.name] or context.posts.unanswered[room.name]
    ]
    left = {room.name: room for room in rooms}
    if context.words.bundle.room.is_listed:
        rooms = []  # What others wrote into them, and runs before, is there as well.

    async def read(room: Room) -> None:
        await _read_back(context, way, room)
        del left[room.name]

    await context.waits.bounded(asyncio.gather(*map(read, rooms[:MOST_AUDITED])), AUDIT_S)
    for room in left.values():
        context.count_of(room, "unaudited", context.posts.taken[room.name])


async def _read_back(context: Worker, way: Way, room: Room) -> None:
    """Read a room's messages, page by page, and compare them with what was taken."""
    words, taken = context.words, context.posts.taken[room.name]
    # Whoever wrote into the room may read it.
    headers = context.setup.bearer(context.setup.token(context.posts.writers[room.name], room.name))
    found: Counter[tuple[int, int]] = Counter()
    total, skip = None, 0
    while total is None or (words.page_size and skip < min(total, MOST_READ_BACK)):
        page = await _page(context, room, words.page_path(room.name, skip), headers)
        if page is None:
            context.count_of(room, "unread", taken)
            return
        total, items = page
        found.update(_own(context, way, room, items))
        skip += words.page_size
    _compared(context, room, found, bool(words.page_size) and total > MOST_READ_BACK)


async def _page(context: Worker, room: Room, path: str, headers: str) -> tuple[int, list[Any]] | None:
    """A page, which has to keep its contract; None where it could not be had."""
    words, start_ns, body = context.words, time.monotonic_ns(), b""
    document, page, listing = None, None, words.listing
    assert listing is not None  # noqa: S101 - nothing is read back without
    try:
        status, body = await context.http[0].call("GET", path, None, headers)
        document = codec.decoded(body)
        page = words.page(document) if status in listing.status else None
    except Unanswered:
        pass
    failure = None if page else "the messages were not listed"
    now_ns = time.monotonic_ns()
    context.sample("GET", f"{words.call_name(listing)} (all)", now_ns - start_ns, len(body), failure)
    if page and not listing.answer.is_valid(document):
        context.ledger.defect("contract_failed", room, -1, now_ns, body, why="the list of messages breaks its contract")
    return page


def _own(context: Worker, way: Way, room: Room, items: list[Any]) -> Iterator[tuple[int, int]]:
    """Which publications of the room are listed; each has to be as it was created."""
    words, name = context.words, (way.call.id or "").rpartition("/")[2] if way.call is not None else ""
    for item in items:
        mark, right = words.stored(way, item, room.name)
        if mark is None:
            continue  # Somebody else's.
        made = context.hearing.way_of(mark, way)
        if made is not way:
            right = words.stored(made, item, room.name)[1]
        told = context.hearing.ids.get((mark.stream, mark.number))
        if not right or mark.room != room.name or (told is not None and item.get(name) != told):
            why, frame = "it is not stored as it was created", codec.encode_json(item)
            context.ledger.defect("contract_failed", room, -1, time.monotonic_ns(), frame, why=why)
        if mark.room == room.name:
            yield mark.stream, mark.number


def _compared(context: Worker, room: Room, found: Counter[tuple[int, int]], partly: bool) -> None:
    """Count what of a room's own publications is stored, is not, or is there more than once."""
    spans = {stream: span for (name, stream), span in context.posts.spans.items() if name == room.name}
    own = {(stream, number) for stream, (first, last) in spans.items() for number in range(first, last + 1)}
    own -= context.posts.untaken
    stored = len(own & found.keys())
    context.count_of(room, "stored", stored)
    context.count_of(room, "unaudited" if partly else "unstored", len(own) - stored)
    context.count_of(room, "stored_twice", sum(count - 1 for count in found.values()))
