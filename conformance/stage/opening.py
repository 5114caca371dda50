"""What a connection of an act begins with: its node, the room that its token may speak of, and what is written down."""

from __future__ import annotations

from zlib import crc32

from conformance.model.act import Connect, Enter, InOrder, Step, Together, Token
from conformance.model.transcript import Called, Opened
from conformance.stage.clients.socket import Socket
from conformance.stage.state import Stage


def opened(stage: Stage, step: Connect, socket: Socket, shown: Token, known: str | None) -> Opened:
    """That the socket is connected. It may have ended again already: the times put both in order."""
    session = stage.sessions.get(step.resumes or "")
    return Opened(
        at_s=socket.opened_s,
        asked_s=socket.asked_s,
        actor=step.actor,
        socket=socket.id,
        user=known,
        token=shown,
        node=socket.session.node if len(stage.run.target.urls) > 1 else None,
        most_bytes=socket.most_bytes,
        pings_s=socket.pings_s,
        resumes=step.resumes or "",
        offset=session.offset if session and session.pid else None,
        room=step.room or "",
        namespace=step.namespace or "" if step.apart else "",
    )


def node_of(stage: Stage, step: Connect) -> str:
    """The node that an actor connects to: the one that the play says, or the next in turn."""
    urls, number = stage.run.target.urls, stage.connected
    if step.node is not None:
        return urls[step.node]
    stage.connected += 1
    # Spread 1 shifts each round by one, as in A B B A: whoever shares a node in spread 0 does not here.
    return urls[(number + stage.run.spread * (number // len(urls))) % len(urls)]


def first_room(steps: tuple[Step, ...], actor: str) -> str | None:
    """The room that an actor enters first."""
    for step in steps:
        if isinstance(step, Enter) and step.actor == actor:
            return step.room
        if isinstance(step, Together | InOrder):
            found = first_room(step.steps, actor)
            if found:
                return found
    return None


def turn_of(stage: Stage, step: Connect) -> int:
    """In which place of the target an actor shows its token: where the play says, or else always in the same."""
    return step.place if step.place is not None else crc32(f"{stage.act.name} {step.actor}".encode())


def was_taken(stage: Stage, step: Enter) -> bool:
    """Whether the last call that was to enter the room was answered as documented."""
    bundle = stage.run.bundle
    made = (e for e in reversed(stage.log.entries) if isinstance(e, Called) and e.call == step.call)
    last = next((entry for entry in made if entry.params.get(bundle.room.key) == step.room), None)
    return last is not None and last.status in bundle.calls[step.call].status
