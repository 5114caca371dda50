"""What a worker knows of a virtual client: the part of it that rosters, samples and incoming frames ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from loadtests.dialects.door import Asked
from loadtests.ledger.publication import Room
from loadtests.worker.sample_recorder import Sampled, SampleRecorder
from loadtests.worker.wire.socket import Connection


class Actor(Sampled, Protocol):
    """A virtual client."""

    scenario: str
    connection: Connection | None
    tape: SampleRecorder | None
    offset: str

    @property
    def headers(self) -> str:
        """Of its HTTP calls."""

    @property
    def rooms(self) -> Mapping[str, Room]:
        """Where it is, or asks to be, a member."""

    @property
    def recovers(self) -> bool:
        """Whether its events end with an offset."""

    def notice(self, event: str, arguments: list[Any], frame: bytes) -> None:
        """An event has come that may be an answer."""

    async def call(self, asked: Asked, room: str) -> list[Any]:
        """Send a request about a room that an ack or a named event answers; the arguments of the answer."""

    def silent(self) -> None:
        """The service has not pinged for longer than it promised."""

    def give_up(self) -> None:
        """The run is over while it connects."""

    def close(self) -> None:
        """End the connection for good."""


def descriptors(actors: Iterable[Actor]) -> Iterable[int]:
    """The file descriptors of those that have a connection."""
    for actor in actors:
        descriptor = actor.connection.descriptor() if actor.connection else -1
        if descriptor >= 0:
            yield descriptor
