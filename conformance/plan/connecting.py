"""Acts on rooms that a socket enters by connecting: its handshake names the room, or it is the room of its user.

Planners speak of sockets that connect and then enter rooms. Here both become one step; an act in which a socket enters
a second room, or a room after it has done something else, cannot be played so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from conformance.model.act import Act, Connect, Emit, Enter, InOrder, Insist, Step, Together
from conformance.plan.stimulus import Setting, signal
from contracts.model import Bundle

TRIES = 8
"""How often something is sent to a room until who has connected into it hears it, with pauses that double: a service
may enter it some time after it has confirmed the connection. The last try comes after two and a half seconds."""


def by_connecting(setting: Setting, act: Act) -> Act | None:
    """The act with sockets that connect into their rooms; None where it cannot be played so."""
    named = [
        part for part in (setting.bundle, *_beside(setting)) if part.room.entry and part.room.entry.at != "service"
    ]
    entry = setting.bundle.room.entry
    if entry is None and not named:
        return act
    entered: dict[str, str] = {}
    busy: set[str] = set()
    for step in _flat(act.steps) if entry is not None else ():
        if isinstance(step, Enter) and not step.event:
            if step.actor in entered or step.actor in busy or act.sounding:
                return None
            entered[step.actor] = step.room
        elif isinstance(step, Emit | Insist):
            busy.add(step.actor)
    if entry is not None and act.sounding:
        return None
    connects = {step.actor: step for step in _flat(act.steps) if isinstance(step, Connect)}
    way = _Way(setting=setting, act=act.name, entered=entered, connects=connects)
    return replace(act, steps=tuple(made for step in act.steps for made in way.made(step)))


def _beside(setting: Setting) -> Iterator[Bundle]:
    """The other parts of the same namespace."""
    return (other for other in setting.others if other.namespace == setting.bundle.namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How the sockets of one act connect."""

    setting: Setting
    act: str
    entered: dict[str, str]
    connects: dict[str, Connect]

    def made(self, step: Step) -> Iterator[Step]:
        match step:
            case Connect() if step.actor in self.entered:
                return
            case Connect():
                yield self._shown(step, None)
            case Enter(event=""):
                yield self._into(step)
            case Together() | InOrder():
                yield replace(step, steps=tuple(made for inner in step.steps for made in self.made(inner)))
            case _:
                yield step

    def _into(self, step: Enter) -> InOrder:
        """Connect into the room, and send something to it until it is heard."""
        connect = self._shown(self.connects.get(step.actor, Connect(actor=step.actor)), step.room)
        marks = [f"in-{step.actor}-{number}" for number in range(TRIES)]
        cues = [one for mark in marks if (one := signal(self.setting, step.room, step.actor, mark))]
        tries = Insist(
            actor=step.actor,
            tries=tuple(one.step for one in cues),
            heard=tuple(one.heard_by(step.actor) for one in cues),
        )
        return InOrder(steps=(connect, *((tries,) if cues else ()), step))

    def _shown(self, connect: Connect, room: str | None) -> Connect:
        return connect if connect.apart else handshake(self.setting, self.act, connect, room)


def handshake(setting: Setting, act: str, connect: Connect, room: str | None) -> Connect:
    """A connection whose handshake names a room of each kind that it can name.

    Args:
        room: of the setting's own kind, where the socket is to enter one; otherwise it has one to itself.
    """
    own = setting.bundle.room
    for part in (setting.bundle, *_beside(setting)):
        kind, entry = part.room, part.room.entry
        if entry is None:
            continue
        # Of listed ids there are few: all who are in no room of the act share one.
        label = "aside" if kind.is_listed else f"aside-{connect.actor}"
        aside = replace(setting, bundle=part).room(act, label)
        value = kind.value(room if room is not None and kind.kind == own.kind else aside)
        match entry.at:
            case "auth":
                connect = replace(connect, auth={**connect.auth, entry.name: value})
            case "query":
                connect = replace(connect, query={**connect.query, entry.name: str(value)})
            case "service":
                connect = replace(connect, user=value)
    return replace(connect, room=room)


def in_namespace(act: Act, namespace: str) -> Act:
    """The act with its sockets in a namespace."""

    def of(step: Step) -> Step:
        if isinstance(step, Connect) and step.namespace is None:
            return replace(step, namespace=namespace)
        if isinstance(step, Together | InOrder):
            return replace(step, steps=tuple(map(of, step.steps)))
        return step

    return replace(act, steps=tuple(map(of, act.steps)))


def _flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Together | InOrder):
            yield from _flat(step.steps)
        else:
            yield step
