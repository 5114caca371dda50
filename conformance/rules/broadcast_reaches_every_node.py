"""A broadcast caused at one node reaches the sockets of every node.

Nodes without a shared adapter, or with one that has lost its Redis, look healthy one by one, while members of one
room on different nodes do not receive each other's messages.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from conformance.analysis.absence import undelivered
from conformance.analysis.expected import Expected
from conformance.analysis.reading import Reading
from conformance.model.transcript import Called, Opened
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import crossing
from contracts.model import Bundle

CLAUSE = "A broadcast reaches everyone in the room, whichever node they are connected to."
ACTS = (crossing,)

MEMBERS = 2
"""At each node: one that may be the sender, and one more."""


def subjects(bundle: Bundle) -> list[str]:
    """None that a contract knows: they are the pairs of a target's nodes."""
    return []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each pair of nodes: what was caused at the one, at the members who are connected to the other."""
    nodes = {opened.actor: opened.node for _, opened in reading.each(Opened) if opened.node}
    crossed: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lost: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for provocation in reading.provocations:
        cause = reading.entries[provocation.index]
        told = cause.node if isinstance(cause, Called) else nodes.get(cause.actor)
        if told is None or not _is_spread(reading, provocation, nodes):
            continue
        members = [actor for actor in reading.members(provocation) if actor in nodes]
        for node in dict.fromkeys(nodes[actor] for actor in members):
            if node == told:
                continue
            # One socket of the node is enough: what another of them lost was lost within the node.
            got = [
                place for actor in members if nodes[actor] == node for place in reading.delivered(provocation, actor)
            ]
            if got:
                crossed[f"{told} -> {node}"].append((provocation.event, got[0]))
            elif reading.control(provocation) is not None and any(
                undelivered(reading, provocation, actor).lost for actor in members if nodes[actor] == node
            ):
                lost[f"{told} -> {node}"].append((provocation.event, provocation.index))
    for pair in dict.fromkeys([*crossed, *lost]):
        yield _found(pair, crossed[pair], lost[pair])


def _is_spread(reading: Reading, provocation: Expected, nodes: Mapping[str, str]) -> bool:
    """Whether two members were connected to each node: with one, whose fault a loss is cannot be told."""
    inside = Counter(
        nodes[actor] for actor in nodes if reading.inside(actor, provocation.room, provocation.at_s) == "yes"
    )
    return all(inside[node] >= MEMBERS for node in nodes.values())


def _found(pair: str, crossed: list[tuple[str, int]], lost: list[tuple[str, int]]) -> Finding:
    if not lost:
        return passed(pair, f"{len(crossed)} broadcasts crossed", *(index for _, index in crossed))
    names = ", ".join(dict.fromkeys(event for event, _ in lost))
    told, there = pair.split(" -> ")
    expected = f"what is caused at {told} at the sockets of {there}"
    return failed(pair, expected, f"nothing of {names}, while others received it", *(index for _, index in lost))


NODES = """
ann opened a1 user=ua token=own node=a
abe opened a2 user=ua token=own node=a
bob opened b1 user=ub token=own node=b
ben opened b2 user=ub token=own node=b
ann in r1
abe in r1
bob in r1
ben in r1
ann -> pen:take {"room": "r1", "pen": "red"}
ann <- pen:taken {"room": "r1", "pen": "red"}
"""
SILENT = (
    NODES
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    NODES
    + """
@9.0 bob -> who {"room": "r1"} #9
bob <= who #9 {"room": "r1", "sockets": [], "count": 0}
"""
)
