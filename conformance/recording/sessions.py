"""Engine.IO sessions and the Socket.IO packets in them, as entries of a transcript. Each session is one actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from conformance.model.transcript import (
    OVER_LIMIT,
    SAID_GOODBYE,
    Acked,
    Answered,
    AnyEntry,
    Closed,
    Got,
    Opened,
    Refused,
    Sent,
)
from conformance.recording.redaction import shows_token
from conformance.stage.clients import frame
from conformance.stage.clients.frame import ACKS, EVENTS, Packet
from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.clients.session import Session as Recovery
from conformance.support.opening import opening_of

ROOT = "/"
"""The namespace of packets that name none."""

MOST_ASKED = 10_000
"""Acks of one side of a session that may be waited for; who leaves more unanswered has the eldest forgotten."""

MOST_NUMBER = 2**53
"""Above it the official client's numbers are no longer exact."""

Take = Callable[[str, AnyEntry], None]
"""Takes an entry of a namespace."""


@dataclass(slots=True, kw_only=True)
class Place:
    """A session in one namespace."""

    asked_s: float
    shown: bool
    """Whether anything was presented with the connection that may be a token."""
    recovery: Recovery = field(default_factory=Recovery)
    resumes: str = ""
    offset: str | None = None
    is_open: bool = False
    sent: dict[int, str] = field(default_factory=dict)
    """The client's events that asked for an ack, by its number."""
    got: dict[int, str] = field(default_factory=dict)
    """The service's."""
    early: list[Packet] = field(default_factory=list)
    """Events that came before the connection was confirmed."""


class Memory:
    """What sessions know of each other: who had which recovery id."""

    def __init__(self) -> None:
        self.actors: dict[tuple[str, str], str] = {}

    def actor_of(self, namespace: str, pid: str) -> str:
        """The actor whose session has that id; a word of its own where it was not recorded."""
        return self.actors.get((namespace, pid), UNRECORDED)


UNRECORDED = "unrecorded"
"""The actor whose session is resumed where that was not recorded."""


class Session:
    """One session: packets of both sides go in, entries come out."""

    def __init__(self, actor: str, take: Take, memory: Memory, secrets: Callable[[Any], None]) -> None:
        """`secrets` is told what a client presents as it connects."""
        self.actor = actor
        self.transport: Literal["polling", "websocket", ""] = ""
        self.sid = ""
        """Its id, where requests name it."""
        self.asked_s = 0.0
        self.shown = False
        """Whether the handshake itself showed a token."""
        self.is_over = False
        self._take = take
        self._memory = memory
        self._secrets = secrets
        self._most_bytes: int | None = None
        self._pings_s: tuple[float, float] | None = None
        self._places: dict[str, Place] = {}
        self._at_s = 0.0
        self._classes = {side: _class(self, side, Packet) for side in ("client", "service")}
        self._partial: dict[str, Packet | None] = {"client": None, "service": None}

    def packet(self, side: Literal["client", "service"], packet: str | bytes, at_s: float) -> None:
        """Read an Engine.IO packet that a side sent."""
        if self.is_over:
            return
        self._at_s = at_s
        if isinstance(packet, bytes):
            self._message(side, packet)
            return
        match packet[:1]:
            case "0" if side == "service":
                self._opening(packet)
            case "1":
                self.end(side, SAID_GOODBYE, at_s)
            case "4":
                self._message(side, packet[1:])

    def end(self, side: Literal["client", "service"], reason: str, at_s: float) -> None:
        """The session is over: that side ended it."""
        for namespace in list(self._places):
            self._close(namespace, "us" if side == "client" else "service", reason, at_s)
        self.is_over = True

    def give_up(self, why: str, at_s: float) -> None:
        """Nothing more of the session can be read."""
        for namespace in list(self._places):
            self._close(namespace, "client", f"{OVER_LIMIT} {why.removeprefix(OVER_LIMIT).strip()}", at_s)
        self.is_over = True

    def _opening(self, packet: str) -> None:
        try:
            said = opening_of(packet)
        except ValueError:
            return  # What clients make of it is seen by what they do.
        self._pings_s = (said["pingInterval"] / 1000, said["pingTimeout"] / 1000)
        self._most_bytes = said.get("maxPayload") or None

    def _message(self, side: Literal["client", "service"], message: str | bytes) -> None:
        partial = self._partial[side]
        if partial is not None:
            if partial.add_attachment(message):
                self._partial[side] = None
            return
        if isinstance(message, bytes) and not self._places:
            # The first packet is one that connects: where it is binary, both sides use the MessagePack parser.
            self._classes = {one: _class(self, one, MsgpackPacket) for one in ("client", "service")}
        made = self._classes[side](encoded_packet=message)
        if made.attachment_count:
            self._partial[side] = made
        elif made.packet_type == frame.DISCONNECT:
            self._close(made.namespace or ROOT, "us" if side == "client" else "service", SAID_GOODBYE, self._at_s)

    def taken(self, side: str, packet: Packet) -> None:
        """A Socket.IO packet is whole."""
        namespace = packet.namespace or ROOT
        if side == "client":
            self._of_client(namespace, packet)
        else:
            self._of_service(namespace, packet)

    def _of_client(self, namespace: str, packet: Packet) -> None:
        data: Any = packet.data
        if packet.packet_type == frame.CONNECT:
            auth = data if isinstance(data, dict) else {}
            pid, offset = auth.get("pid"), auth.get("offset")
            own = {name: value for name, value in auth.items() if name not in ("pid", "offset")}
            self._secrets(own)
            place = Place(asked_s=self._at_s, shown=self.shown or shows_token(own))
            if isinstance(pid, str):
                place.resumes = self._memory.actor_of(namespace, pid)
                place.offset = offset if isinstance(offset, str) else None
            self._places[namespace] = place
            return
        place_of = self._places.get(namespace)
        if place_of is None or packet.fault:
            return
        if packet.packet_type in EVENTS:
            event, *args = data
            ack = _number(packet.id)
            if ack is not None:
                _remember(place_of.sent, ack, str(event))
            self._add(namespace, Sent(**self._base(), event=str(event), args=tuple(args), ack=ack))
            return
        ack = _number(packet.id)
        if packet.packet_type in ACKS and ack is not None and ack in place_of.got:
            event = place_of.got.pop(ack)
            self._add(namespace, Answered(**self._base(), event=event, ack=ack, args=tuple(data)))

    def _of_service(self, namespace: str, packet: Packet) -> None:
        data: Any = packet.data
        place = self._places.get(namespace)
        if place is None:
            return
        match packet.packet_type:
            case frame.CONNECT:
                self._opened(namespace, place, data if isinstance(data, dict) else {})
            case frame.CONNECT_ERROR:
                said = data if isinstance(data, dict) else {"message": str(data)}
                token = "shown" if place.shown else "none"
                message = str(said.get("message", ""))
                refused = Refused(**self._base(), token=token, message=message, data=said.get("data"))
                self._add(namespace, refused)
                del self._places[namespace]
            case kind if kind in EVENTS:
                self._got(namespace, place, packet)
            case kind if kind in ACKS and (ack := _number(packet.id)) is not None:
                event = place.sent.get(ack, "")
                args = tuple(data) if isinstance(data, list) else (data,)
                self._add(namespace, Acked(**self._base(), event=event, ack=ack, args=args, fault=packet.fault))

    def _opened(self, namespace: str, place: Place, data: dict[str, Any]) -> None:
        place.is_open = True
        pid = data.get("pid")
        if isinstance(pid, str) and pid:
            self._memory.actors[namespace, pid] = self.actor
            place.recovery.pid = pid
        self._add(
            namespace,
            Opened(
                **self._base(),
                socket=str(data.get("sid", "")),
                token="shown" if place.shown else "none",
                most_bytes=self._most_bytes,
                pings_s=self._pings_s,
                resumes=place.resumes,
                offset=place.offset,
                asked_s=place.asked_s,
                transport=self.transport,
            ),
        )
        early, place.early = place.early, []
        for packet in early:
            self._got(namespace, place, packet)

    def _got(self, namespace: str, place: Place, packet: Packet) -> None:
        if not place.is_open:
            # What a recovered session missed is sent before the connection is confirmed, and delivered after it.
            if len(place.early) < MOST_ASKED:
                place.early.append(packet)
            return
        data: Any = packet.data
        event, args = "", (data,)
        if isinstance(data, list) and data:
            event, args = str(data[0]), tuple(data[1:])
        ack = _number(packet.id)
        if ack is not None:
            _remember(place.got, ack, event)
        args = args if packet.fault else place.recovery.received(args)
        self._add(namespace, Got(**self._base(), event=event, args=args, fault=packet.fault, ack=ack))

    def _close(self, namespace: str, by: Literal["us", "service", "client"], reason: str, at_s: float) -> None:
        place = self._places.pop(namespace, None)
        if place is not None and place.is_open:
            self._add(namespace, Closed(at_s=at_s, actor=self.actor, by=by, reason=reason))

    def _add(self, namespace: str, entry: AnyEntry) -> None:
        self._take(namespace, entry)

    def _base(self) -> dict[str, Any]:
        return {"at_s": self._at_s, "actor": self.actor}


def _number(number: Any) -> int | None:
    """The number of an ack; None where there is none, or none that a client can have counted to."""
    return number if isinstance(number, int) and 0 <= number <= MOST_NUMBER else None


def _remember(asked: dict[int, str], number: int, event: str) -> None:
    asked[number] = event
    if len(asked) > MOST_ASKED:
        del asked[next(iter(asked))]


def _class(session: Session, side: str, kind: type[Packet]) -> type[Packet]:
    """The packets of one side of a session: each is handed to it as it is decoded."""
    return type(f"{side.title()}{kind.__name__}", (kind,), {"sink": staticmethod(lambda one: session.taken(side, one))})
