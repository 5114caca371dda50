"""Whom a publication is sent to, where it is not the members of one room: everyone, or single sockets."""

from __future__ import annotations

import random
from typing import Any

from contracts.model import Address
from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.actor import Actor
from loadtests.worker.context import Context

TRIES = 20
"""How often another socket is drawn before none is taken to be there."""


def room_of(context: Context, room: Room, way: Way) -> Room:
    """The room in which a publication is counted: that of its publisher, or that of everyone."""
    return room if way.reach.is_room or context.everyone is None else context.everyone


def aimed(context: Context, sender: Actor, way: Way) -> tuple[Way, tuple[Actor, ...]] | None:
    """A way with receivers that are there, and these; None where no other socket is."""
    names, found = {}, []
    for address in way.reach.named:
        actor = other(context, sender)
        if actor is None:
            return None
        names[address.at] = _name(actor, address)
        found.append(actor)
    return way.aimed(names), tuple(found)


def _name(actor: Actor, address: Address) -> str:
    sid = actor.connection.sid if actor.connection is not None else ""
    return actor.user if address.kind == "user" else sid


def other(context: Context, sender: Actor) -> Any:
    """Another client of this worker that is connected; None where none was drawn."""
    numbered, numbers = context.population.numbered, context.population.numbers
    draw = random.Random(f"{context.setup.seed} {sender.number} {context.intake.actions}")  # noqa: S311 - no secret
    for _ in range(TRIES):
        actor = numbered[draw.choice(numbers)] if numbers else None
        if actor is not None and actor is not sender and actor.connected:
            return actor
    return None


def choose(publication: Publication, way: Way, room: Room, sender: Actor, named: tuple[Actor, ...]) -> None:
    """Have a publication owed to those alone whom its contract names."""
    stays = publication.room.stays
    sockets = {actor.number for actor in named} | ({sender.number} if way.reach.sender else set())
    if way.reach.room:
        sockets |= set(room.stays) - (set() if way.reaches_sender else {sender.number})
        publication.within = room
        if not way.reaches_sender and sender.number not in {actor.number for actor in named}:
            publication.sender = stays[sender.number].number
    publication.only = frozenset(stays[socket].number for socket in sockets if socket in stays)
    publication.owed = publication.only & publication.owed
