"""The act about what comes of sockets that connect and disconnect, and of causes with more than one broadcast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.model.act import (
    Act,
    Await,
    Connect,
    Disconnect,
    Emit,
    Enter,
    Exit,
    Now,
    SocketOf,
    Step,
    Together,
    UserOf,
)
from conformance.model.payload import echoes_of, flat
from conformance.plan.payloads import valid_payload
from conformance.plan.questions import asking, question
from conformance.plan.stimulus import Setting, act, cue, owed_broadcasts, signal
from contracts.model import Broadcast, Bundle

FIRST, SECOND, LATER, OUTSIDER = "ann", "bob", "cat", "oda"


@dataclass(slots=True, kw_only=True)
class _Cast:
    """Who is connected and who is in the room, while the act is planned."""

    bundle: Bundle
    room: str
    connected: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    heard: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def receivers(self, broadcast: Broadcast, subject: str) -> list[str]:
        """The actors that receive what `subject` causes."""
        found: dict[str, None] = {}
        for group in broadcast.groups or (broadcast.receivers,):
            match group:
                case "requester" | "sender":
                    found |= dict.fromkeys([subject])
                case "everyone" | "everyone-but-sender":
                    found |= dict.fromkeys(self.connected)
                case "room" | "room-but-sender":
                    found |= dict.fromkeys(self.inside)
                case _:
                    pass
        spared = {subject} if broadcast.spares_sender else set()
        return [actor for actor in found if actor not in spared and actor in self.connected]

    def awaited(self, names: Iterable[str], subject: str, given: Mapping[str, Any] | None = None) -> Step:
        """Wait for the broadcasts of these names, and those that follow them, at all that receive them."""
        steps: list[Step] = []
        for broadcast in _with_followers(self.bundle, names):
            match = {} if given is None else echoes_of(broadcast, given, triggered=False)
            about = subject if given is None and broadcast.sender is not None else None
            for actor in self.receivers(broadcast, subject):
                key = actor, broadcast.event, subject if about or given is not None else ""
                self.heard[key] += 1
                count = 1 if given is not None else self.heard[key]
                steps.append(
                    Await(actors=(actor,), event=broadcast.event, room=self.room, match=match, about=about, count=count)
                )
        return Together(steps=tuple(steps))


def _with_followers(bundle: Bundle, names: Iterable[str]) -> Iterator[Broadcast]:
    for name in names:
        broadcast = bundle.broadcast(name)
        if broadcast is None or broadcast.volatile:
            continue
        yield broadcast
        yield from _with_followers(bundle, [b.event for b in bundle.broadcasts() if name in b.causes.follows])


def _caused_by(bundle: Bundle, what: str) -> list[str]:
    """The broadcasts that a connection or a disconnection causes."""
    return [one.event for one in owed_broadcasts(bundle) if getattr(one.causes, what)]


def _is_wanted(bundle: Bundle, names: Collection[str]) -> bool:
    """Whether other acts do not wait for all the broadcasts of a cause."""
    made = list(_with_followers(bundle, names))
    return len(made) > 1 or any(broadcast.receivers == "requester" for broadcast in made)


def consequences(setting: Setting) -> Act | None:
    """`ann` and `bob` are in the room, `oda` is connected; `cat` comes later, enters the room, and disconnects.

    In between each cause that has several broadcasts, or one that the requester alone receives, is given.
    """
    bundle = setting.bundle
    coming, going = _caused_by(bundle, "connection"), _caused_by(bundle, "disconnect")
    join = bundle.by_membership("enter")
    joined = join.broadcasts if join else ()
    causes = list(_causes(setting))
    if not coming and not going and not causes and not _is_wanted(bundle, joined):
        return None
    room = setting.room("consequences", "1")
    cast = _Cast(bundle=bundle, room=room)
    steps: list[Step] = []
    for actor in (FIRST, SECOND, OUTSIDER):
        steps += _connecting(cast, actor, coming)
    for actor in (FIRST, SECOND):
        steps += _entering(cast, actor, joined)
    for event, number in causes:
        steps += _giving(setting, cast, event, f"q{number}")
    steps += _connecting(cast, LATER, coming)
    steps += _entering(cast, LATER, joined)
    steps += _leaving(cast, going)
    return act("consequences", (room,), *steps, *_last(setting, room))


def _causes(setting: Setting) -> Iterator[tuple[str, int]]:
    """The events of clients that leave memberships as they are and have more than other acts wait for."""
    for number, request in enumerate(setting.bundle.free_requests()):
        if request.membership is None and request.broadcasts and _is_wanted(setting.bundle, request.broadcasts):
            yield request.event, number


def _connecting(cast: _Cast, actor: str, coming: list[str]) -> list[Step]:
    cast.connected.append(actor)
    return [Connect(actor=actor), cast.awaited(coming, actor)]


def _entering(cast: _Cast, actor: str, joined: Iterable[str]) -> list[Step]:
    join = cast.bundle.by_membership("enter")
    if join is None:
        return []
    cast.inside.append(actor)
    payload = valid_payload(cast.bundle, join, cast.room)
    return [Enter(actor=actor, room=cast.room, event=join.event, payload=payload), cast.awaited(joined, actor)]


def _giving(setting: Setting, cast: _Cast, event: str, mark: str) -> list[Step]:
    """One cause, of `ann`, and a wait for all that comes of it."""
    bundle = cast.bundle
    request = bundle.request(event)
    for name in request.broadcasts if request else ():
        broadcast = bundle.broadcast(name)
        made = broadcast and cue(setting, replace(broadcast, caused_by_event=event), cast.room, FIRST, mark, by="event")
        if request and made and isinstance(made.step, Emit):
            given = flat(made.step.args[0])
            plain = {name: value for name, value in given.items() if not isinstance(value, Now | SocketOf | UserOf)}
            return [made.step, cast.awaited(request.broadcasts, FIRST, plain)]
    return []


def _leaving(cast: _Cast, going: list[str]) -> list[Step]:
    step = Disconnect(actor=LATER)
    cast.connected.remove(LATER)
    if LATER not in cast.inside:
        return [step, cast.awaited(going, LATER)]
    cast.inside.remove(LATER)
    return [Exit(actor=LATER, room=cast.room, step=step, watcher=SECOND), cast.awaited(going, LATER)]


def _last(setting: Setting, room: str) -> list[Step]:
    """Something later that each socket hears: what it was to hear before has come, or does not come."""
    everybody = (FIRST, SECOND, OUTSIDER)
    asked = question(setting.bundle)
    if asked is not None:
        return [Together(steps=tuple(asking(setting.bundle, asked, room, actor) for actor in everybody))]
    one = signal(setting, room, FIRST, "last")
    return [one.step, one.heard_by(FIRST, SECOND)] if one else []
