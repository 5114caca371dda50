"""Whether something that a socket was owed is missing, or may only be late.

A clock alone proves nothing: a busy service or a busy machine may take any time. What is missing is told by a fence,
something that was asked for later and arrived on the same socket, or by the others, who were served all the time.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from conformance.analysis.expected import Expected
from conformance.analysis.reading import Reading
from conformance.model.transcript import TIMED_OUT, Called, Closed, Opened

TIMES_SLOWEST = 3.0
"""Without a fence, how many times as long as the slowest thing of that time something has to be overdue: queues
differ from socket to socket, but one that is served at all is not three times behind all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Whether something is `lost`, why that is known or is not, and the entries that show it."""

    lost: bool
    why: str
    evidence: tuple[int, ...] = ()


def unanswered(reading: Reading, index: int, deadline_ms: int) -> Missing:
    """Judge that an actor has not received the answer to what it sent."""
    sent = reading.entries[index]
    return _unseen(reading, sent.actor, index, sent.at_s, deadline_ms, read=reading.taken(sent.actor, sent.at_s))


def undelivered(reading: Reading, provocation: Expected, actor: str) -> Missing:
    """Judge that an actor has not received a broadcast that was due to it."""
    if provocation.broadcast.volatile:
        return Missing(lost=False, why="it is volatile: it may be lost on the way")
    deadline_ms, due_s, sender = provocation.broadcast.deadline_ms, provocation.due_s, provocation.sender
    control = reading.control(provocation, but=actor)
    if control is not None:
        return _unseen(reading, actor, provocation.index, due_s, deadline_ms, control=control)
    # Where the socket went, that its connection ended is the cause.
    asked = sender is not None and not provocation.of_socket
    ended = reading.ending(sender, provocation.at_s) if asked and sender is not None else None
    read = reading.was_read(provocation)
    # A connection that ended may never have carried the cause, and what was read late need not be handled any more.
    if ended is not None and (read is None or reading.entries[ended].at_s <= due_s + reading.deadline_s(deadline_ms)):
        return Missing(lost=False, why=ended_text(reading, ended), evidence=(ended,))
    return _unseen(reading, actor, provocation.index, due_s, deadline_ms, read=read)


def unreturned(reading: Reading, index: int) -> Missing:
    """Judge that a call was not answered: by what was asked for after it, and answered promptly.

    A connection that broke while it waited for the answer is no matter of time.
    """
    called = reading.entries[index]
    if not isinstance(called, Called):
        raise TypeError(f"entry {index} is no call")
    if reading.held_up(called.done_s):
        return Missing(lost=False, why="no answer came while Roomcheck's event loop was stalled")
    if not str(called.answer).startswith(TIMED_OUT):
        return Missing(lost=True, why="the connection broke")
    waited_s = called.done_s - called.at_s
    trips = reading.round_trips
    first = bisect_left(trips, (called.at_s,))
    if first < len(trips) and trips[first][0] <= called.done_s and waited_s >= TIMES_SLOWEST * trips[first][2]:
        why = f"nothing else took longer than {trips[first][2]:.2f} s"
        return Missing(lost=True, why=why, evidence=(trips[first][1],))
    return Missing(lost=False, why=f"no answer within {waited_s:.0f} s: the whole service may be slow")


def heard_by_nobody(reading: Reading, provocation: Expected) -> Missing:
    """Judge that no member received a broadcast: one who is surely without it is enough."""
    found = [undelivered(reading, provocation, actor) for actor in reading.members(provocation)]
    lost = next((one for one in found if one.lost), None)
    return lost or next(iter(found), Missing(lost=False, why="no socket was known to be in the room"))


def overtaken(reading: Reading, provocation: Expected, actor: str) -> tuple[int, float] | None:
    """What shows that a late delivery was held back alone: the entry, and when it was asked for.

    It was asked for when the service had the cause of the broadcast, and came before it, to the same socket. Where a
    service or a machine is busy with everything, nothing overtakes. Of several it is the one that was asked for last:
    the service sent the broadcast after that time, however long Roomcheck's event loop was stalled.
    """
    came, read = reading.delivered(provocation, actor)[0], reading.was_read(provocation)
    if read is None or read >= came:
        return None
    read_s = max(provocation.due_s, reading.entries[read].at_s) if provocation.sender else provocation.due_s
    sooner = [(index, asked_s) for index, asked_s in reading.arrivals(actor) if asked_s >= read_s and index < came]
    return max(sooner, key=lambda one: one[1], default=None)


def ended_text(reading: Reading, index: int) -> str:
    """What to say of a connection that ended."""
    closed = reading.entries[index]
    if not isinstance(closed, Closed):
        return f"the connection of {closed.actor} ended"
    who = {"us": "us", "service": "the service", "client": "the client library"}[closed.by]
    return f"the connection of {closed.actor} was ended by {who}" + (f" ({closed.reason})" if closed.reason else "")


def _unseen(
    reading: Reading,
    actor: str,
    cause: int,
    since_s: float,
    deadline_ms: int,
    *,
    control: int | None = None,
    read: int | None = None,
) -> Missing:
    """Judge that an actor has not received what was due to it.

    Args:
        cause: the entry by which it was asked for.
        since_s: from when its deadline runs.
        control: the entry by which another socket received the same: it had been sent by then.
        read: the entry which shows that the service had read what was to cause it.
    """
    fence = _fence(reading, actor, since_s, deadline_ms, control, read)
    if fence is not None:
        return Missing(
            lost=True, why="something that was asked for later arrived on the same socket", evidence=(fence,)
        )
    ended = reading.ending(actor, since_s)
    if ended is not None:
        return Missing(lost=False, why=ended_text(reading, ended), evidence=(ended,))
    if not reading.watched(since_s, deadline_ms):
        return Missing(lost=False, why="the act ended before its deadline")
    return _outwaited(reading, actor, reading.entries[cause].at_s, since_s, deadline_ms)


def _fence(
    reading: Reading, actor: str, since_s: float, deadline_ms: int, control: int | None, read: int | None
) -> int | None:
    """The first entry that the actor received and that had to come after what is missing."""
    over_s, later_s = reading.over_s(since_s, deadline_ms), float("inf")
    if control is not None:
        nodes = {opened.actor: opened.node for _, opened in reading.each(Opened)}
        shown = reading.entries[control]
        # Between nodes a broadcast takes a road of its own, beside which a node's own answers may pass.
        apart = nodes.get(shown.actor) != nodes.get(actor)
        later_s = max(over_s, shown.at_s) if apart or not reading.watched(since_s, deadline_ms) else shown.at_s
    elif read is not None:
        entry = reading.entries[read]
        later_s = max(over_s, entry.done_s if isinstance(entry, Called) else entry.at_s)
    return reading.fence(actor, later_s)


def _outwaited(reading: Reading, actor: str, asked_s: float, since_s: float, deadline_ms: int) -> Missing:
    """Judge by the others: served promptly, and still when this was overdue."""
    due_s = since_s + reading.deadline_s(deadline_ms)
    overdue_s = reading.transcript.ended_s - reading.over_s(since_s, deadline_ms)
    trips = reading.round_trips
    first = bisect_left(trips, (asked_s,))
    if first < len(trips):
        last_s, last, _ = trips[-1]
        slowest_s = trips[first][2]
        if last_s >= due_s and overdue_s >= TIMES_SLOWEST * slowest_s:
            why = f"{overdue_s:.1f} s after its deadline, while nothing else took longer than {slowest_s:.2f} s"
            return Missing(lost=True, why=why, evidence=(last,))
    why = f"{actor} received nothing that was asked for later: the whole service may be slow"
    return Missing(lost=False, why=why)
