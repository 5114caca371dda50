"""Sockets that came and went, as causes of broadcasts: greetings, and what others are told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.analysis.due import Given, Sorter
from conformance.analysis.expected import Expected
from conformance.analysis.membership import Membership
from conformance.model.transcript import Closed, Opened
from contracts.model import Broadcast

PINGS_S = (25.0, 20.0)
"""(pingInterval, pingTimeout) where a handshake told none: the defaults of both servers."""


def of_sockets(sort: Sorter, stays: Sequence[Membership]) -> Iterator[Expected]:
    """What is due since sockets connected and disconnected.

    A service need not greet a socket again whose session it resumes, nor one that shows no good token. A socket that is
    lost without a goodbye may be found to be gone at the end of its ping timeout, or be back before.
    """
    known = list(sort.bundle.broadcasts())
    come, gone = sort.sometimes("connection"), sort.sometimes("disconnect")
    coming = [one for one in known if one.causes.connection or one.event in come]
    going = [one for one in known if one.causes.disconnect or one.event in gone]
    opened: dict[str, Opened] = {}
    for index, entry in enumerate(sort.transcript.entries):
        if isinstance(entry, Opened) and not entry.namespace:
            opened[entry.actor] = entry
            for broadcast in coming:
                arrival = _arrival(sort, index, entry)
                maybe = arrival.maybe or not broadcast.causes.connection
                yield from _made(sort, broadcast, replace(arrival, maybe=maybe), stays)
        elif isinstance(entry, Closed) and entry.actor in opened:
            for broadcast in going:
                departure = _departure(sort, index, entry, opened[entry.actor])
                maybe = departure.maybe or not broadcast.causes.disconnect
                yield from _made(sort, broadcast, replace(departure, maybe=maybe), stays)


def _arrival(sort: Sorter, index: int, entry: Opened) -> Given:
    return Given(
        index=index,
        at_s=entry.at_s,
        due_s=entry.at_s,
        values={},
        sender=entry.actor,
        users=sort.users.get(entry.actor, frozenset()),
        socket=entry.socket,
        of_socket=True,
        since_s=entry.asked_s,
        maybe=bool(entry.resumes) or entry.token not in ("own", "none"),
    )


def _departure(sort: Sorter, index: int, entry: Closed, opened: Opened) -> Given:
    goodbye_s = entry.asked_s if entry.by == "us" else None
    return Given(
        index=index,
        at_s=entry.at_s,
        due_s=entry.at_s if goodbye_s is not None else entry.at_s + sum(opened.pings_s or PINGS_S),
        values={},
        sender=entry.actor,
        users=sort.users.get(entry.actor, frozenset()),
        socket=opened.socket,
        of_socket=True,
        since_s=goodbye_s,
        maybe=goodbye_s is None,
    )


def _made(sort: Sorter, broadcast: Broadcast, given: Given, stays: Sequence[Membership]) -> Iterator[Expected]:
    """What is due to each room that the socket was in, or to the others."""
    if not broadcast.to_room:
        yield from sort.all_of(given, (broadcast.event,))
        return
    for stay in stays:
        if stay.actor == given.sender and stay.asked_out_s == given.at_s and stay.in_s < given.at_s:
            values = {sort.bundle.room.key: stay.room}
            yield from sort.all_of(
                replace(given, values=values, maybe=given.maybe or not stay.sure), (broadcast.event,)
            )
