"""What one node is told, the sockets of every node hear.

Nodes that are not joined by an adapter, or by one that lost its Redis, each look healthy by themselves, and every
room is torn in pieces.
"""

from collections.abc import Iterator

from conformance.model import Called, Finding, Opened, failed, passed, unclear
from conformance.plan.delivery import crossing
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "A broadcast reaches everyone in the room, whichever node they are connected to."
ACTS = (crossing,)


def subjects(bundle: Bundle) -> list[str]:
    """None that a contract knows: they are the pairs of a target's nodes."""
    return []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast at each member of another node than the one that it was caused at."""
    nodes = {opened.actor: opened.node for _, opened in reading.each(Opened) if opened.node}
    for provocation in reading.provocations:
        cause = reading.entries[provocation.index]
        told = cause.node if isinstance(cause, Called) else nodes.get(cause.actor)
        for actor in reading.members(provocation):
            if told is None or actor not in nodes or nodes[actor] == told:
                continue
            pair = f"{told} -> {nodes[actor]}"
            got = reading.delivered(provocation, actor)
            control = reading.control(provocation)
            if got:
                yield passed(pair, f"{provocation.event} crossed", provocation.index, got[0])
            elif control is None:
                yield unclear(pair, f"nobody received {provocation.event}", provocation.index)
            elif reading.watched(provocation.due_s, provocation.broadcast.deadline_ms):
                expected = f"{provocation.event}, caused at {told}, at {actor}, connected to {nodes[actor]}"
                yield failed(pair, expected, "nothing, while others received it", provocation.index, control)


NODES = """
ann opened a1 user=ua token=own node=a
bob opened b1 user=ub token=own node=b
ann in r1
bob in r1
ann -> pen:take {"room": "r1", "pen": "red"}
ann <- pen:taken {"room": "r1", "pen": "red"}
"""
SILENT = (
    NODES
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = NODES
