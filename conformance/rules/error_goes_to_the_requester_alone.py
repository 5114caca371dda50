"""An error goes to the socket whose request was bad, alone.

Others in the room must not be told of mistakes that are not theirs.
"""

from collections.abc import Iterator

from conformance.answering import answering
from conformance.clauses import PAIR, invalid_requests
from conformance.model import Finding, Got, failed, passed
from conformance.plan.requests import bad_requests
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "The error goes to the socket whose request was bad, alone."
ACTS = (bad_requests,)


def subjects(bundle: Bundle) -> list[str]:
    """The error event."""
    return [bundle.errors] if bundle.errors else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each actor's errors against the number of its own bad requests; silence is fenced."""
    errors = reading.bundle.errors
    bad = list(invalid_requests(reading))
    if errors is None or not bad:
        return
    # A good request that is refused is another rule's matter: its error is at the right socket, too.
    refused = {index: reading.entries[index].actor for index in answering(reading).possible}
    bad_indices = {index for index, _, _ in bad}
    for actor in reading.actors():
        own = [index for index, sent, _ in bad if sent.actor == actor]
        own += [index for index, sender in refused.items() if sender == actor and index not in bad_indices]
        got = [index for index, entry in reading.each(Got) if entry.actor == actor and entry.event == errors]
        others = [(index, sent) for index, sent, _ in bad if sent.actor != actor]
        if len(got) > len(own) and others:
            expected = f"{len(own)} errors at {actor}, who sent {len(own)} bad requests"
            yield failed(errors, expected, f"{len(got)}", others[0][0], got[-1])
        elif others and not own:
            fence = reading.fence(actor, others[-1][1].at_s)
            if fence is not None:
                yield passed(errors, f"{actor}, who sent none, heard none", others[-1][0], fence)


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1"}
ann <- problem {"code": "NO_PEN"}
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1"}
ann <- problem {"code": "NO_PEN"}
bob <- problem {"code": "NO_PEN"}
"""
)
