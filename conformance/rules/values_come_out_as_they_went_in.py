"""A broadcast carries the values that its cause gave.

Tried with emoji, right-to-left scripts, newlines and markup, texts of the maximum length, every value of an
enumeration, and numbers with all their digits.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, shared_events
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, same
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.aloud import aloud
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus, values
from conformance.plan.edges import edges
from contracts.binary import is_binary
from contracts.schema import shown

CLAUSE = "The broadcast carries the values that its cause gave."
ACTS = (chorus, assembly, values, aloud, edges)
subjects = shared_events


def judge(reading: Reading) -> Iterator[Finding]:
    """Each delivery against the values of its cause."""
    for provocation in reading.provocations:
        for actor in reading.actors():
            for index in reading.delivered(provocation, actor)[:1]:
                entry = reading.entries[index]
                payload = payload_of(entry.args) if isinstance(entry, Got) else None
                fields = payload if isinstance(payload, dict) else {}
                changed = [n for n, value in provocation.echoes.items() if not same(fields.get(n), value)]
                if not changed:
                    yield passed(provocation.event, "every value came out", provocation.index, index)
                    continue
                name = changed[0]
                if is_binary(provocation.echoes[name]) and not is_binary(fields.get(name)):
                    why = f"`{name}` came out as no binary data: see payload-keeps-its-schema"
                    yield unclear(provocation.event, why, provocation.index, index)
                    continue
                expected, got = _difference(provocation.echoes[name], fields.get(name))
                yield failed(provocation.event, f"`{name}` {expected}", got, provocation.index, index)


def _difference(went_in: object, came_out: object) -> tuple[str, str]:
    """Both values, from where they begin to differ if they are long texts."""
    if not isinstance(went_in, str) or not isinstance(came_out, str):
        return shown(went_in), shown(came_out)
    pairs = enumerate(zip(went_in, came_out, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(went_in), len(came_out)))
    begin = max(0, at - 10)
    lengths = f" ({len(went_in)} characters)", f" ({len(came_out)} characters)"
    return shown(went_in[begin : begin + 40]) + lengths[0], shown(came_out[begin : begin + 40]) + lengths[1]


SILENT = (
    PAIR
    + """
ann -> cursor:move {"room": "r1", "x": 33.3333333}
bob <- cursor:moved {"room": "r1", "x": 33.3333333, "user": "ua"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> cursor:move {"room": "r1", "x": 33.3333333}
bob <- cursor:moved {"room": "r1", "x": 33.33, "user": "ua"}
"""
)
