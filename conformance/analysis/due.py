"""What is due of a documented cause: its broadcasts, and those that follow them, each to whom it is received by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

from conformance.analysis.audience import audience_of
from conformance.analysis.expected import Expected
from conformance.model.ids import SPOILT, form_of
from conformance.model.payload import echoes_of, room_of
from conformance.model.transcript import Opened, Transcript
from contracts.cause import NO_CAUSES
from contracts.model import Broadcast, Bundle

Kind: TypeAlias = Literal["events", "calls", "follows", "connection", "disconnect"]
"""What a cause is, as `Causes` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A documented cause that was given."""

    index: int
    at_s: float
    due_s: float
    values: Mapping[str, Any]
    """What it carried, by field."""
    sender: str | None = None
    users: frozenset[str] = frozenset()
    """The users that the sender is known as."""
    socket: str = ""
    """The one that came or went."""
    triggered: bool = False
    """Whether a trigger of the target gave it."""
    of_socket: bool = False
    """Whether it is a socket that came or went: then nothing in a payload is as it went in, but whom it names."""
    since_s: float | None = None
    maybe: bool = False


@dataclass(frozen=True, kw_only=True)
class Sorter:
    """Makes what is due of causes."""

    bundle: Bundle
    transcript: Transcript
    users: Mapping[str, frozenset[str]]

    def all_of(self, given: Given, names: Iterable[str], parent: Expected | None = None) -> Iterator[Expected]:
        """The broadcasts of these names that are due, and those that follow them."""
        for name in names:
            broadcast = self.bundle.broadcast(name)
            made = self.one_of(given, broadcast, parent) if broadcast is not None else None
            if made is not None:
                yield made
                yield from self.all_of(given, self._followers.get(name, ()), made)
                yield from self.all_of(replace(given, maybe=True), self.sometimes("follows", name), made)

    def one_of(self, given: Given, broadcast: Broadcast, parent: Expected | None = None) -> Expected | None:
        """What is due; None where the cause does not tell who is to receive it.

        What everyone receives comes to the sockets of other acts, too: it is judged where a value tells whose it is.
        """
        bundle, audience, room = self.bundle, None, room_of(self.bundle, given.values)
        if not broadcast.to_room:
            audience = audience_of(
                bundle, broadcast, given.values, self.transcript.entries, self.users, sender=given.sender
            )
            room = audience.name if audience else None
        if room is None:
            return None
        echoes = echoes_of(broadcast, given.values, triggered=given.triggered)
        everyone = audience is not None and audience.everyone
        known = is_own(bundle, echoes, self.transcript.rooms) or (
            given.of_socket and self._names_socket(broadcast, given)
        )
        if everyone and not known:
            return None
        return Expected(
            index=given.index,
            broadcast=broadcast,
            room=room,
            at_s=given.at_s,
            due_s=given.due_s,
            sender=given.sender,
            echoes=echoes,
            users=self._known(broadcast, given),
            audience=audience,
            since_s=given.since_s,
            of_socket=given.of_socket,
            maybe=given.maybe,
            parent=parent.key if parent else None,
        )

    def _names_socket(self, broadcast: Broadcast, given: Given) -> bool:
        """Whether what is heard of a socket that came or went tells which one it is, by its id or a user of its own."""
        return broadcast.sender is not None and not self.marks.isdisjoint(self._known(broadcast, given))

    def _known(self, broadcast: Broadcast, given: Given) -> frozenset[str]:
        """What the broadcast can name the sender by."""
        sockets = frozenset({given.socket}) if given.socket else self._sockets.get(given.sender or "", frozenset())
        if broadcast.sender is None and given.of_socket:
            return given.users | sockets
        return sockets if broadcast.sender_is == "socket" else given.users

    @cached_property
    def marks(self) -> frozenset[str]:
        """What the sockets of the act are known by."""
        return marks_of(self.transcript)

    @cached_property
    def _sockets(self) -> Mapping[str, frozenset[str]]:
        """The sockets that each actor had."""
        found: dict[str, set[str]] = {}
        for entry in self.transcript.entries:
            if isinstance(entry, Opened):
                found.setdefault(entry.actor, set()).add(entry.socket)
        return {actor: frozenset(names) for actor, names in found.items()}

    def sometimes(self, kind: Kind, name: str = "") -> tuple[str, ...]:
        """The broadcasts that a cause provokes under a condition."""
        return self._sometimes.get((kind, name), ())

    @cached_property
    def _sometimes(self) -> Mapping[tuple[Kind, str], tuple[str, ...]]:
        found: dict[tuple[Kind, str], list[str]] = {}
        for broadcast in self.bundle.broadcasts():
            maybe = broadcast.causes.maybe or NO_CAUSES
            keys: list[tuple[Kind, str]] = [("events", name) for name in maybe.events]
            keys += [("calls", name) for name in maybe.calls]
            keys += [("follows", name) for name in maybe.follows]
            keys += [("connection", "")] if maybe.connection else []
            keys += [("disconnect", "")] if maybe.disconnect else []
            for key in keys:
                found.setdefault(key, []).append(broadcast.event)
        return {key: tuple(events) for key, events in found.items()}

    @cached_property
    def _followers(self) -> Mapping[str, tuple[str, ...]]:
        """The broadcasts that follow each."""
        found: dict[str, list[str]] = {}
        for broadcast in self.bundle.broadcasts():
            for name in broadcast.causes.follows:
                found.setdefault(name, []).append(broadcast.event)
        return {name: tuple(events) for name, events in found.items()}


def is_own(bundle: Bundle, echoes: Mapping[str, Any], rooms: Sequence[str]) -> bool:
    """Whether a text that comes out as it went in is that of one act alone: it has an id of that act in it.

    Ids of digits are used by several acts.
    """
    texts = [value for value in echoes.values() if isinstance(value, str)]
    own = [room for room in rooms if room not in SPOILT and (bundle.room.has_numbers or form_of(room) is None)]
    return any(room in text for text in texts for room in own)


def marks_of(transcript: Transcript) -> frozenset[str]:
    """What the sockets of an act alone are known by: their ids, and users that no other act has."""
    opened = [entry for entry in transcript.entries if isinstance(entry, Opened)]
    users = {entry.user for entry in opened if entry.user is not None and f"-{transcript.act}-" in entry.user}
    return frozenset({entry.socket for entry in opened} | users)
