"""Pairs what was due with what came, by the values that went in and must come out.

Events are looked up by their values: a room in which much is said is paired in one pass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from conformance.analysis.expected import Expected, Key, place
from conformance.model.payload import flat, id_of, payload_of
from conformance.model.transcript import Got

Came: TypeAlias = tuple[int, Got]
"""An event that came, with the place of its entry."""

MOST_LIKE = 64
"""The causes that an event is compared with, of many before it that it may be due to: the latest where it came changed;
where all of them are alike, the first as well."""


def pair(
    actor: str, due: Sequence[Expected], owed: Sequence[Expected], gots: Sequence[Came], sure: frozenset[Key]
) -> Iterator[tuple[Expected, tuple[int, ...]]]:
    """Pair what was due with what came: equal values first, the rest in order, then the repetitions.

    Of causes with equal values, such as two sockets that join, each has the one that names its sender. Of one that gave
    more values and one that gave fewer, both of which it carries, a delivery is due to the first.

    Args:
        actor: who received the events.
        due: in the order of their times, all of one broadcast to one room.
        owed: those of them whose broadcast may have come changed.
        gots: in the order in which they came.
        sure: the places of those that the socket was surely owed.
    """
    board = Board(due)
    taken: dict[Key, list[int]] = {}
    free, crossed = list(gots), False
    for by_name in (True, False):
        left: list[Came] = []
        for index, got in free:
            fits = [p for p in board.fits(got, by_name=by_name) if not _is_anothers(p, actor, payload_of(got.args))]
            if fits:
                provocation = _cause(fits, got, sure)
                crossed = crossed or provocation is not fits[0]
                taken[provocation.key] = [index]
                board.take(provocation)
            else:
                left.append((index, got))
        free = left
    if crossed:
        _uncross(due, taken)
    used: set[int] = set()
    for _, provocation, (index, got) in _likest(owed, [one for one in free if not board.is_carried(one[1])]):
        anothers = _is_anothers(provocation, actor, payload_of(got.args))
        if provocation.key not in taken and index not in used and not anothers:
            taken[provocation.key] = [index]
            used.add(index)
    for index, got in free:
        again = [p for p in board.carried(got) if p.key in taken]
        named = [p for p in again if p.signed_by(payload_of(got.args))] or again
        if named:
            taken[named[-1].key].append(index)
    for provocation in due:
        if provocation.key in taken:
            yield provocation, tuple(taken[provocation.key])


def _uncross(due: Sequence[Expected], taken: dict[Key, list[int]]) -> None:
    """Give the deliveries of causes that nothing tells apart to them in order.

    Where the first of them is late, the second one's deadline may be kept by its delivery; both were delivered, then,
    and a service that is slow with all has overtaken nothing.
    """
    alike: dict[Hashable, list[Key]] = defaultdict(list)
    for provocation in due:
        if provocation.key in taken:
            alike[_key(provocation), provocation.users].append(provocation.key)
    for keys in alike.values():
        for key, index in zip(keys, sorted(taken[key][0] for key in keys), strict=True):
            taken[key] = [index]


def _is_anothers(provocation: Expected, actor: str, payload: Any) -> bool:
    """Whether a broadcast at the one who caused its like, and is not to hear it, names another user as its cause."""
    if not provocation.spares(actor):
        return False
    user = payload.get(provocation.broadcast.sender) if isinstance(payload, dict) else None
    return isinstance(user, str) and bool(provocation.users) and user not in provocation.users


def _cause(fits: list[Expected], got: Got, sure: frozenset[Key]) -> Expected:
    """Which of several causes whose values a delivery carries it is of, such as the joins of a user who returns.

    One of those that gave the most values: the first that this socket was surely owed, of those whose deadline it kept;
    the last one where it was owed none.
    """
    most = max(len(one.echoes) for one in fits)
    fits = [one for one in fits if len(one.echoes) == most]
    in_time = [one for one in fits if got.at_s - one.due_s <= one.broadcast.deadline_ms / 1000]
    for some in (in_time, fits):
        owed = [one for one in some if one.key in sure]
        if owed:
            return owed[0]
        if some is in_time and some:
            return some[-1]
    return fits[0]


def _given_s(provocation: Expected) -> float:
    return provocation.first_s


def _likest(owed: Sequence[Expected], changed: Sequence[Came]) -> list[tuple[int, Expected, Came]]:
    """Changed deliveries with what they may have been due to, those first that kept most of its values."""
    made = [
        (provocation.likeness(payload_of(got.args)), provocation, (index, got))
        for index, got in changed
        for provocation in owed[: bisect_right(owed, got.at_s, key=_given_s)][-MOST_LIKE:]
    ]
    return sorted(made, key=lambda one: (-one[0], one[1].index, one[2][0]))


class Board:
    """What is due, by the values that it must carry and by whom it names."""

    def __init__(self, due: Sequence[Expected]) -> None:
        self._sender = due[0].broadcast.sender if due else None
        came_or_went = (one for one in due if one.of_socket)
        self._sockets = frozenset(user for one in came_or_went for user in one.users)
        self._names = tuple(dict.fromkeys(tuple(provocation.echoes) for provocation in due))
        self._due: dict[Hashable, list[Expected]] = defaultdict(list)
        self._open: dict[Hashable, list[Expected]] = defaultdict(list)
        for provocation in due:
            key = _key(provocation)
            self._due[key].append(provocation)
            for list_key in self._list_keys(provocation):
                self._open[list_key].append(provocation)

    def fits(self, got: Got, *, by_name: bool) -> list[Expected]:
        """What an event may be due to: given before it came, and without a delivery so far."""
        user = self._signature(got)
        keys: list[Hashable] = [(key, user) if by_name else key for key in self._keys(got)]
        return self._before(got, [self._open.get(key, []) for key in keys])

    def take(self, provocation: Expected) -> None:
        """A delivery is found."""
        for key in self._list_keys(provocation):
            some = self._open[key]
            del some[bisect_left(some, place(provocation), key=place)]

    def is_carried(self, got: Got) -> bool:
        """Whether an event carries the values of anything that is due."""
        return bool(self._keys(got))

    def carried(self, got: Got) -> list[Expected]:
        """Everything given before an event came whose values it carries, with a delivery or without."""
        return self._before(got, [self._due[key] for key in self._keys(got)])

    def _before(self, got: Got, lists: Sequence[list[Expected]]) -> list[Expected]:
        found: list[Expected] = []
        for some in lists:
            count = bisect_right(some, got.at_s, key=_given_s)
            found += some[:count] if count <= 2 * MOST_LIKE else [*some[:MOST_LIKE], *some[count - MOST_LIKE : count]]
        return found if len(lists) < 2 else sorted(found, key=place)

    def _list_keys(self, provocation: Expected) -> list[Hashable]:
        key = _key(provocation)
        return [key, *((key, user) for user in provocation.users)]

    def _keys(self, got: Got) -> list[Hashable]:
        payload = payload_of(got.args)
        if not isinstance(payload, dict):
            return []
        return [key for names in self._names if (key := values_key(payload, names)) in self._due]

    def _signature(self, got: Got) -> str | None:
        """Whom an event names as the one who caused it; of sockets that came or went in any field."""
        payload = payload_of(got.args)
        if self._sender is None and self._sockets:
            values = map(id_of, flat(payload).values())
            return next((value for value in values if value in self._sockets), None)
        return id_of(payload.get(self._sender)) if self._sender is not None and isinstance(payload, dict) else None


def _key(provocation: Expected) -> Hashable:
    return values_key(provocation.echoes, tuple(provocation.echoes))


def values_key(fields: Mapping[str, Any], names: tuple[str, ...]) -> Hashable:
    """What the values of some fields are known by: two are equal where `same` says that all their values are."""
    try:
        return names, tuple(token(fields.get(name)) for name in names)
    except RecursionError:  # Nested deeper than anything that was sent: it is like nothing else.
        return names, id(fields)


def token(value: Any) -> Hashable:
    """A JSON value such that two are equal where `pairing.same` says that these are."""
    match value:
        case bool():
            return bool, value
        case dict():
            return frozenset((name, token(inner)) for name, inner in value.items())
        case list() | tuple():
            return tuple(map(token, value))
        case _:
            text_or_number: Hashable = value
            return text_or_number
