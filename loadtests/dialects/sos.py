"""The words of the SOS service: how a socket joins, publishes, and what tells one publication from every other.

Everything that the context says to a service, or reads of it, stands here; the ledger and the sockets know none of it.
What a client emits has one name in every version of the contracts; under which name it is broadcast the bundle in use
says. A publication is marked in what the contract lets a client choose: a message in its content, a location in its
coordinates, a typing notice in the display name, a status in itself, since an SOS goes through each only once.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from contracts.model import Bundle, Call, Role

JOIN, LEAVE, CLOSE, INIT = "sos:room:join", "sos:room:leave", "sos:close", "sos:init"
ROSTER = "participants:active:request"
STATUS, LOCATION = "sos:status:update", "location:update"
TYPING_START, TYPING_STOP = "message:typing:start", "message:typing:stop"
ROLES: tuple[Role, ...] = ("create", "list")
"""Of the HTTP calls that load makes: a message is created, and read back."""

CREATED, OK = 201, 200

MOST_A_PAGE = 50
"""How many messages the service gives at once."""

STATUSES = ("active", "assigned", "responding", "en_route", "arrived", "resolved", "completed", "closed", "cancelled")

MOST_STREAMS = 80_000_000
"""Streams are told by latitudes from 1 to 81 degrees, with the six places that a service may store."""

MOST_DEGREES = 180
PLAIN_DEGREES = 1
"""What coordinates begin with: at 0 a service may take them for missing, and near a pole an index may not take them."""

_STAMP = re.compile(r"(\S+) (\d{1,15}) (\d{1,15})")


class Kind(enum.IntEnum):
    """What a socket publishes, each in a stream of its own: nothing orders one against another."""

    MESSAGE = 0
    LOCATION = 1
    TYPING = 2
    SPARE = 3


KINDS = {Kind.MESSAGE: "message", Kind.LOCATION: "location", Kind.TYPING: "typing notice", Kind.SPARE: "publication"}


class Mark(NamedTuple):
    """Which publication a payload is of."""

    room: str
    stream: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What load says to a service, and what it understands of it, by one bundle of contracts."""

    key: str
    """The field that names the SOS."""
    roster_reply: str | None
    status_broadcast: str
    location_broadcast: str
    typing_broadcast: str
    message_broadcast: str
    error: str | None
    """The event that tells one socket that its request was bad."""
    locations_per_s: float | None
    """How many locations of a socket the service has to take; it may drop what comes more often."""
    create: Call
    listing: Call
    retired: frozenset[str] = frozenset()
    """Names that the service must not use any more."""
    CREATED: int = CREATED
    OK: int = OK
    MOST_A_PAGE: int = MOST_A_PAGE
    join: str = JOIN
    leave: str = LEAVE
    close: str = CLOSE
    init: str = INIT
    roster: str = ROSTER
    status_update: str = STATUS
    location_update: str = LOCATION
    typing_start: str = TYPING_START
    typing_stop: str = TYPING_STOP

    @classmethod
    def of(cls, bundle: Bundle) -> Dialect:
        """The words of a bundle.

        Raises:
            ValueError: load does not speak it; says what the bundle lacks.
        """
        lacking = [name for name in (JOIN, LEAVE, CLOSE, INIT, ROSTER, STATUS, LOCATION, TYPING_START, TYPING_STOP)
                   if bundle.request(name) is None]  # fmt: skip
        lacking += [f"a call that {role}s messages" for role in ROLES if bundle.by_role(role) is None]
        create, listing = bundle.by_role("create"), bundle.by_role("list")
        if lacking or create is None or listing is None:
            raise ValueError(
                f"load speaks the contracts of the SOS service (sos, sos-built), and {bundle.name!r} lacks "
                f"{', '.join(lacking)}; `roomcheck check` takes any bundle"
            )
        location = bundle.request(LOCATION)
        roster = bundle.request(ROSTER)
        return cls(
            key=bundle.room.key,
            roster_reply=roster.reply.event if roster and roster.reply else None,
            status_broadcast=_caused_by(bundle, STATUS),
            location_broadcast=_caused_by(bundle, LOCATION),
            typing_broadcast=_caused_by(bundle, TYPING_START),
            message_broadcast=create.broadcast or "",
            error=bundle.errors,
            locations_per_s=location.most_per_s if location else None,
            create=create,
            listing=listing,
            retired=frozenset(one.event for one in bundle.retired if one.direction == "server_to_client"),
        )

    # --- HTTP ------------------------------------------------------------------------------------------------

    def message_path(self, sos_id: str) -> str:
        """Where messages are created."""
        return _path(self.create, sos_id)

    def page_path(self, sos_id: str, skip: int) -> str:
        """Where messages are listed."""
        return f"{_path(self.listing, sos_id)}?skip={skip}&limit={MOST_A_PAGE}"

    @property
    def message_call(self) -> str:
        """The call that creates a message, as statistics name it."""
        return _path(self.create, f"[{self.key}]")

    @property
    def list_call(self) -> str:
        """The call that lists them."""
        return f"{_path(self.listing, f'[{self.key}]')} (all)"

    # --- payloads --------------------------------------------------------------------------------------------

    def joining(self, sos_id: str, user: str) -> dict[str, Any]:
        """What a socket joins with."""
        return {self.key: sos_id, "userType": "citizen", "displayName": user}

    def message(self, sos_id: str, stream: int, number: int) -> dict[str, Any]:
        """A message to create."""
        return {"senderDisplayName": "load", "content": f"{sos_id} {stream} {number}"}

    def location(self, sos_id: str, stream: int, number: int) -> dict[str, Any]:
        """A location to report."""
        return {self.key: sos_id, "latitude": _degrees(stream), "longitude": _degrees(number), "accuracy": 4.5}

    def typing(self, sos_id: str, stream: int, number: int) -> dict[str, Any]:
        """A notice that somebody types."""
        return {self.key: sos_id, "displayName": f"{sos_id} {stream} {number}"}

    def status(self, sos_id: str, number: int) -> dict[str, Any]:
        """A status to report."""
        return {self.key: sos_id, "status": STATUSES[number]}

    def status_stream(self, sos_id: str) -> int:
        """The stream of an SOS's statuses: whoever reports them, they are of one SOS."""
        return MOST_STREAMS + int.from_bytes(hashlib.blake2b(sos_id.encode(), digest_size=6).digest())

    # --- recognising -----------------------------------------------------------------------------------------

    def mark(self, event: str, payload: dict[str, Any]) -> Mark | None:
        """Which publication a broadcast is of; None where it is of none of ours."""
        if event == self.message_broadcast:
            return _stamped(payload.get("content"))
        if event == self.typing_broadcast:
            return _stamped(payload.get("displayName"))
        if event == self.location_broadcast:
            latitude, longitude = payload.get("latitude"), payload.get("longitude")
            if _is_degrees(latitude) and _is_degrees(longitude):
                return Mark(_text(payload.get(self.key)), _number(latitude), _number(longitude))
        if event == self.status_broadcast:
            told, sos_id = payload.get("status"), _text(payload.get(self.key))
            if told in STATUSES:
                return Mark(sos_id, self.status_stream(sos_id), STATUSES.index(told))
        return None

    def sent(self, event: str, marked: Mark) -> dict[str, Any]:
        """What was sent for a publication that a broadcast is of."""
        if event == self.message_broadcast:
            return self.message(*marked) | {self.key: marked.room, "contentType": "text"}
        if event == self.typing_broadcast:
            return self.typing(*marked)
        if event == self.location_broadcast:
            return self.location(*marked)
        return self.status(marked.room, marked.number) if event == self.status_broadcast else {}

    def same(self, sent: Any, told: Any) -> bool:
        """Whether a value comes out as it went in; a service may keep coordinates to six places."""
        if isinstance(sent, float):
            return _is_degrees(told) and bool(abs(sent - told) < 1e-6)
        return bool(sent == told)

    def stored(self, item: Any) -> tuple[Mark | None, bool]:
        """Of a message that is listed: which it is, and whether it is as it was created."""
        content = item.get("content") if isinstance(item, dict) else None
        marked = _stamped(content)
        if marked is None:
            return None, False
        wanted = self.sent(self.message_broadcast, marked)
        return marked, all(self.same(value, item.get(name)) for name, value in wanted.items())

    # --- answers ---------------------------------------------------------------------------------------------

    def created(self, told: Any) -> Any:
        """The id of the message that a call has created; None where its answer has none."""
        try:
            return told["data"]["id"]
        except (LookupError, TypeError):
            return None

    def page(self, told: Any) -> tuple[int, list[Any]] | None:
        """Of a page of messages: how many there are in all, and those on it; None where it is no page."""
        try:
            return int(told["pagination"]["total"]), list(told["data"])
        except (LookupError, TypeError, ValueError, OverflowError):
            return None

    def listed(self, told: Any) -> set[str]:
        """The sockets that a roster lists."""
        members = told.get("participants") if isinstance(told, dict) else None
        listed = members if isinstance(members, list) else []
        return {_text(one.get("socketId")) for one in listed if isinstance(one, dict)}

    # --- for people ------------------------------------------------------------------------------------------

    def named(self, run: str, stream: int, number: int) -> str:
        """A publication in words: `message 12 of user ab12cd34-7`."""
        if stream < 0:
            return ""
        if stream >= MOST_STREAMS:
            return f"the status {STATUSES[number]!r}" if 0 <= number < len(STATUSES) else "a status"
        return f"{KINDS[Kind(stream % len(Kind))]} {number + 1} of user {run}-{stream // len(Kind)}"


def _caused_by(bundle: Bundle, name: str) -> str:
    """The broadcast that an event of a client causes: the one that its contract names, or its own name."""
    request = bundle.request(name)
    return (request.broadcast if request else None) or name


def _path(call: Call, sos_id: str) -> str:
    return call.path.replace(f":{call.params()[0]}", sos_id)


def _is_degrees(value: Any) -> TypeGuard[float]:
    """Whether a value can be a coordinate: a service may send any number."""
    return isinstance(value, int | float) and -MOST_DEGREES <= value <= MOST_DEGREES


def _text(value: object) -> str:
    """A text; the empty one in place of anything else."""
    return value if isinstance(value, str) else ""


def _degrees(number: int) -> float:
    return PLAIN_DEGREES + number / 1e6


def _number(degrees: float) -> int:
    return round((degrees - PLAIN_DEGREES) * 1e6)


def _stamped(text: object) -> Mark | None:
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    return Mark(found[1], int(found[2]), int(found[3])) if found else None
