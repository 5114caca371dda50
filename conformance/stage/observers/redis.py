"""Redis as an observer: what nodes tell each other through it names the rooms that they broadcast to.

Listens to the classic adapter's channels, the sharded adapter's, the stream of the streams adapter, and the channel of
python-socketio's manager, whichever a service uses. It subscribes and reads; it publishes nothing, and never
unpickles what it reads.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from conformance.model.ids import marks
from conformance.model.marks import leaves
from conformance.model.transcript import Observed, Via
from conformance.stage.observing.observer import ObserverUnavailable, Watch, namespaces_watched
from conformance.stage.observing.redis_messages import Told, of_adapter, of_manager, of_stream
from contracts.binary import from_wire
from contracts.parts import in_namespaces
from contracts.room import Room

TITLE = "Redis"
HINT = (
    "see that observers.redis_url is the Redis of the service's adapter, and redis_prefix, redis_stream and "
    "redis_channel are its names; a service without an adapter publishes nothing there"
)
SETTINGS = {
    "redis_url": {"type": "string", "pattern": "^(rediss?://|unix://|\\$\\{)"},
    "redis_prefix": {"description": "Of the classic and the sharded adapter.", "$ref": "#/$defs/text"},
    "redis_stream": {"description": "Of the streams adapter.", "$ref": "#/$defs/text"},
    "redis_channel": {"description": "Of python-socketio's manager.", "$ref": "#/$defs/text"},
}

REDIS = "redis"
ALIVE_S = 2.0
"""How long it may take to answer anew after a connection broke off."""
MOST_SHARDS = 1000
"""Shard channels that are listened to at most; a check makes a few dozen rooms."""
STREAM_COUNT = 1000
"""Entries of the stream that are read at once."""


class RedisObserver:
    """Watches one Redis."""

    via: Via = "redis"

    def __init__(self, watch: Watch) -> None:
        settings, self._namespaces = watch.target.observers, namespaces_watched(watch)
        self._url: str = settings["redis_url"]
        parts = urlsplit(self._url)
        self.what = f"{TITLE} at {parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"
        self._on_lost = watch.on_lost
        self._room_prefixes = tuple(
            f"{settings.get('redis_prefix', 'socket.io')}#{name.partition('{')[0]}{'' if '{' in name else '#'}"
            for name in self._namespaces
        )
        self._stream: str = settings.get("redis_stream", "socket.io")
        self._channel: str = settings.get("redis_channel", "socketio")
        self._bundle, self._clock, self._ids = watch.bundle, watch.clock, watch.ids
        self._keys = tuple(room.key for room in self._rooms())
        self._marks = tuple(mark.encode() for mark in marks(watch.nonce))
        self._seen: list[Observed] = []
        self._shards: set[bytes] = set()
        self._sharded = self._streams = True
        self._stream_at = b"0-0"
        self._pongs: dict[bytes, asyncio.Future[None]] = {}
        self._pings = 0
        self._reading: asyncio.Task[None] | None = None
        self._one_stream = asyncio.Lock()

    async def start(self) -> None:
        """Connect and subscribe.

        Raises:
            ObserverUnavailable: nobody answers there, or it does not let us read.
        """
        try:
            # A connection that breaks off is news, and not to be mended in silence.
            self._redis = redis.asyncio.Redis.from_url(self._url, retry=Retry(NoBackoff(), 0))
            await self._redis.ping()
            self._pubsub = self._redis.pubsub()
            await self._pubsub.psubscribe(*(_literally(prefix) + "*" for prefix in self._room_prefixes))
            await self._pubsub.subscribe(self._channel)
            tail = await self._asked_of_stream("XREVRANGE", "+", "-", "COUNT", 1)
            self._stream_at = tail[0][0] if tail else self._stream_at
        except (RedisError, OSError, ValueError) as error:
            raise ObserverUnavailable(str(error)) from error
        self._reading = asyncio.create_task(self._read())

    async def expect(self, names: Collection[str]) -> None:
        """Subscribe to the shard channels that rooms of these names have, where anything is sharded.

        Nobody listens to a room at which nobody is: its channel is not among those that Redis knows.
        """
        if await self._shard_channels():
            await self._listen({f"{prefix}{name}#".encode() for prefix in self._room_prefixes for name in names})
            await self._answered()

    async def look(self) -> None:
        """Subscribe to the shard channels of rooms that have come since: they know no patterns."""
        await self._listen(await self._shard_channels())

    async def _shard_channels(self) -> set[bytes]:
        """The shard channels that anybody listens to."""
        if not self._sharded:
            return set()
        try:
            found: set[bytes] = set()
            for prefix in self._room_prefixes:
                found |= set(await self._redis.execute_command("PUBSUB", "SHARDCHANNELS", _literally(prefix) + "*"))
            return found
        except ResponseError:
            self._sharded = False  # Older than Redis 7, or not allowed: then nothing is sharded that we could see.
            return set()
        except (RedisError, OSError) as error:
            await self._broke()
            raise ObserverUnavailable(str(error)) from error

    async def _listen(self, channels: set[bytes]) -> None:
        """Subscribe to shard channels."""
        # Nodes count the subscribers of the namespace's own channel as nodes, and would wait for our answer.
        fresh = sorted(channels - self._shards - {prefix.encode() for prefix in self._room_prefixes})[:MOST_SHARDS]
        if not fresh:
            return
        self._shards.update(fresh)
        try:
            await self._pubsub.ssubscribe(*fresh)
        except (RedisError, OSError) as error:
            await self._broke()
            raise ObserverUnavailable(str(error)) from error

    async def caught_up(self) -> None:
        """Wait for an answer on the subscribed connection: what was published before it has come by then."""
        await self._answered()
        try:
            await self._read_stream()
        except (RedisError, OSError) as error:
            await self._broke()
            raise ObserverUnavailable(str(error)) from error

    async def _answered(self) -> None:
        """Wait for an answer on the subscribed connection."""
        if self._reading is None or self._reading.done():
            await self._broke()
            raise ObserverUnavailable("the connection broke off")
        self._pings += 1
        mark = f"roomcheck-{self._pings}".encode()
        self._pongs[mark] = asyncio.get_running_loop().create_future()
        try:
            await self._pubsub.ping(mark)
            await asyncio.wait([self._pongs[mark], self._reading], return_when=asyncio.FIRST_COMPLETED)
        except (RedisError, OSError) as error:
            await self._broke()
            raise ObserverUnavailable(str(error)) from error
        finally:
            self._pongs.pop(mark, None)

    def observations(self) -> list[Observed]:
        """The broadcasts that were seen."""
        return self._seen

    async def stop(self) -> None:
        """Close the connections."""
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        for closing in (getattr(self, "_pubsub", None), getattr(self, "_redis", None)):
            if closing is not None:
                with contextlib.suppress(RedisError, OSError):
                    await closing.aclose()

    async def _read(self) -> None:
        try:
            async for message in self._pubsub.listen():
                match message["type"]:
                    case "pong":
                        waiting = self._pongs.get(message["data"])
                        if waiting and not waiting.done():
                            waiting.set_result(None)
                    case "pmessage" | "smessage":
                        self._note(message["data"], of_adapter)
                    case "message":
                        self._note(message["data"], of_manager)
        except (RedisError, OSError):
            await self._broke()

    async def _broke(self) -> None:
        """A connection broke off: see whether Redis is still there, and say so if it is not."""
        broke_s = self._clock.now()
        try:
            async with asyncio.timeout(ALIVE_S):
                await self._redis.ping()
        except (RedisError, OSError, TimeoutError):
            self._on_lost(self.what, broke_s)

    async def _read_stream(self) -> None:
        async with self._one_stream:
            while True:
                found = await self._asked_of_stream("XRANGE", b"(" + self._stream_at, "+", "COUNT", STREAM_COUNT)
                for at, fields in found:
                    self._stream_at = at
                    self._note(fields, of_stream)
                if len(found) < STREAM_COUNT:
                    return

    async def _asked_of_stream(self, command: str, *words: Any) -> list[tuple[bytes, list[bytes]]]:
        """The entries that a command gives; none where there is no stream, or we may not read it."""
        if not self._streams:
            return []
        try:
            found = await self._redis.execute_command(command, self._stream, *words)
        except ResponseError:
            self._streams = False
            return []
        return [(at, fields) for at, fields in found or []]

    def _note(self, message: Any, reader: Any) -> None:
        """Keep what a message tells of this run, by the marks that its room ids carry, or by these ids themselves."""
        raw = b"".join(_bytes_of(message))
        if not any(mark in raw for mark in self._marks) and not any(one.encode() in raw for one in tuple(self._ids)):
            return
        told: Told | None = reader(message)
        if told is None or not (told.namespace is None or in_namespaces(told.namespace, self._namespaces)):
            return
        args = _plain(told.args)
        broadcast = self._bundle.broadcast(told.event)
        if broadcast is not None and broadcast.form is not None:
            args = (dict(broadcast.form.fields(args)),)
        payload = args[0] if args else None
        if isinstance(payload, dict):
            # One without a subject may be what a bad request brought about: it is known by the values that it carries.
            seen = Observed(
                at_s=self._clock.now(),
                actor=REDIS,
                event=told.event,
                subject=self._subject(payload),
                rooms=tuple(told.rooms),
                args=args,
            )
            self._seen.append(seen)

    def _subject(self, payload: dict[str, Any]) -> str | None:
        """The id of the room that a payload names, as text."""
        # In an envelope it stands further in.
        places = (payload.items(), leaves(payload) if not any(key in payload for key in self._keys) else ())
        found = next((value for place in places for name, value in place if name in self._keys), None)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found) if any(room.has_numbers for room in self._rooms()) else None
        return found if isinstance(found, str) else None

    def _rooms(self) -> tuple[Room, ...]:
        return tuple(self._bundle.rooms.values()) or (self._bundle.room,)


def observers(watch: Watch) -> list[RedisObserver]:
    """One observer: nodes share one Redis."""
    return [RedisObserver(watch)]


def _plain(args: Sequence[Any]) -> tuple[Any, ...]:
    """What a broadcast carries as the journal can hold it; nothing where it cannot."""
    try:
        return tuple(msgspec.json.decode(msgspec.json.encode(from_wire(list(args)))))
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return ()


def _bytes_of(message: Any) -> list[bytes]:
    if isinstance(message, bytes):
        return [message]
    if isinstance(message, dict):
        return [part for pair in message.items() for part in pair if isinstance(part, bytes)]
    return [part for part in message if isinstance(part, bytes)] if isinstance(message, list | tuple) else []


def _literally(text: str) -> str:
    """A text for a pattern of Redis that stands for itself."""
    return "".join(f"\\{letter}" if letter in "*?[]^\\" else letter for letter in text)
