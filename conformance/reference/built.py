"""The service as it was built, where that differs from the guide: other names, more events, a relay."""

from __future__ import annotations

from typing import Any

from conformance.reference.guide import Bad
from conformance.reference.service import Service
from conformance.reference.store import now_iso, now_ms

IGNORED_WITHOUT_ID = ("message:typing:stop", "sos:room:leave")
"""Requests that are passed over without an error where they name no SOS."""

PLACE = ("latitude", "longitude", "accuracy")


class Built(Service):
    """Speaks the dialect of the contracts `sos-built`."""

    def handlers(self) -> dict[str, Any]:
        """The requests of the guide, and those that it does not know."""
        return super().handlers() | {
            "sos:init": self.init,
            "message:broadcast": self.relay,
            "rescuer:location": self.rescuer_location,
            "participant:joined:broadcast": self.peer_joined,
            "participant:left:broadcast": self.peer_left,
        }

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Answer the two beats, which speak of no SOS; the rest as documented."""
        if event == "heartbeat":
            return await self.answer("heartbeat:ack", {"timestamp": now_ms()}, sid)
        if event == "ping":
            return await self.answer("pong", {"timestamp": now_ms()}, sid)
        payload = args[0] if args else None
        if event in IGNORED_WITHOUT_ID and not (isinstance(payload, dict) and payload.get("sosId")):
            return None
        return await super().on_event(event, sid, *args)

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Join, and tell the others."""
        await super().join(sid, sos, payload)
        given = {name: payload[name] for name in ("userType", "displayName") if payload.get(name) is not None}
        who = {"userId": self.people[sid].user, "sosId": sos, **given}
        said = {**who, "socketId": sid, "timestamp": now_ms()}
        await self.send("sos:room:joined", said, self.room(sos), but=sid)

    async def init(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Join, and tell the room by the same name."""
        await super().join(sid, sos, payload)
        said = {"userId": self.people[sid].user, "sosId": sos, "action": "user_joined", "timestamp": now_ms()}
        await self.send("sos:init", said, self.room(sos))

    async def leave(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Leave, and tell those who stay."""
        await super().leave(sid, sos, payload)
        said = {"userId": self.people[sid].user, "sosId": sos, "socketId": sid, "timestamp": now_ms()}
        await self.send("sos:room:left", said, self.room(sos))

    async def close(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room that the SOS is closed, and leave it."""
        said = {"sosId": sos, "closedBy": self.people[sid].user, "timestamp": now_ms()}
        await self.send("sos:close", said, self.room(sos))
        await super().close(sid, sos, payload)

    async def typing_start(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the others in the room."""
        name = payload.get("displayName")
        if not isinstance(name, str):
            raise Bad("INVALID_TYPING", "displayName is required")
        said = {"userId": self.people[sid].user, "displayName": name, "sosId": sos, "timestamp": now_ms()}
        await self.send("message:typing:broadcast", said, self.room(sos), but=sid)

    async def typing_stop(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the others in the room."""
        said = {"userId": self.people[sid].user, "sosId": sos, "timestamp": now_ms()}
        await self.send("message:typing:stopped", said, self.room(sos), but=sid)

    async def history(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """Point to the call that has the history."""
        said = {"sosId": sos, "message": f"Use GET /api/messages/{sos}", "timestamp": now_ms()}
        return await self.answer("message:history:response", said, sid)

    async def relay(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass on a message that was never stored."""
        message = payload.get("message")
        if not isinstance(message, dict):
            raise Bad("INVALID_MESSAGE_DATA", "message is required")
        await self.send("message:broadcast", {**message, "sosId": sos}, self.room(sos))

    async def rescuer_location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a rescuer is."""
        if self.people[sid].kind != "rescuer":
            raise Bad("UNAUTHORIZED", "rescuers only")
        place = self.place(payload)
        said = {"rescuerId": self.people[sid].user, "sosId": sos, **place, "timestamp": now_ms()}
        said["rescuerArrived"] = payload.get("rescuerArrived") is True
        await self.send("rescuer:location:broadcast", said, self.room(sos))

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a device is, in the numbers that it gave."""
        said = {"sosId": sos, "userId": self.people[sid].user, **self.place(payload), "timestamp": now_ms()}
        if isinstance(payload.get("deviceId"), str):
            said["deviceId"] = payload["deviceId"]
        await self.send("location:broadcast", said, self.room(sos))

    def place(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The coordinates as they were given.

        Raises:
            Bad: one is missing.
        """
        if payload.get("latitude") is None or payload.get("longitude") is None:
            raise Bad("INVALID_LOCATION", "latitude and longitude are required")
        return {name: payload.get(name) for name in PLACE}

    async def status(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room of a new status, whatever it is."""
        if not payload.get("status"):
            raise Bad("INVALID_STATUS_DATA", "status is required")
        said = {"sosId": sos, "status": payload["status"], "updatedBy": self.people[sid].user, "timestamp": now_ms()}
        await self.send("sos:status:broadcast", said, self.room(sos))

    async def peer_joined(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass on that a participant has joined, from whoever says so."""
        who = self.participant(payload, "userType", "displayName", "joinedAt")
        await self.send("participant:joined", {"sosId": sos, **who, "timestamp": now_ms()}, self.room(sos))

    async def peer_left(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Pass on that a participant has left, from whoever says so."""
        said = {"sosId": sos, **self.participant(payload, "leftAt"), "timestamp": now_ms()}
        await self.send("participant:left", said, self.room(sos))

    def participant(self, payload: dict[str, Any], *names: str) -> dict[str, Any]:
        """The fields of a participant that were given.

        Raises:
            Bad: the user is missing.
        """
        if not payload.get("userId"):
            raise Bad("INVALID_PARTICIPANT_DATA", "userId is required")
        return {name: payload[name] for name in ("userId", *names) if name in payload}

    def sender_of(self, internal: str) -> str:
        """As the internal call named it."""
        return internal

    async def tell_joined(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Tell the room, by the name that was built."""
        said = {"sosId": sos, "joinedAt": now_iso(), **who, "timestamp": now_ms()}
        await self.send("participant:joined", said, self.room(sos))
        return said

    async def tell_left(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Tell the room, by the name that was built."""
        said = {"sosId": sos, "leftAt": now_iso(), **who, "timestamp": now_ms()}
        await self.send("participant:left", said, self.room(sos))
        return said
