"""An error goes only to the socket whose request was bad.

Other members of the room must not be shown an error that they did not cause.
"""

from collections.abc import Iterator

from conformance.analysis.answering import answering
from conformance.analysis.queries import PAIR, invalid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Got, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.requests import bad_requests
from contracts.model import Bundle

CLAUSE = "The error goes to the socket whose request was bad, alone."
ACTS = (bad_requests,)


def subjects(bundle: Bundle) -> list[str]:
    """The error event."""
    return [bundle.errors] if bundle.errors else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each actor's errors against what it sent itself that may be answered by one; silence is fenced."""
    errors = reading.bundle.errors
    bad = list(invalid_requests(reading))
    if errors is None or not bad:
        return
    stray = answering(reading).stray
    for actor in reading.actors():
        own = [index for index, sent, _ in bad if sent.actor == actor]
        others = [(index, sent) for index, sent, _ in bad if sent.actor != actor]
        strays = stray.get(actor, ())
        foreign = [index for index in strays if _is_anothers(reading, actor, errors, index)]
        if foreign and others:
            expected = f"no error at {actor} but those that answer what it sent itself"
            got = f"{len(foreign)} more"
            yield failed(errors, expected, got, others[0][0], foreign[-1])
        elif strays and others:
            yield unclear(errors, f"it differs from the errors of others, and may answer what {actor} sent", strays[-1])
        elif others and not own:
            fence = reading.fence(actor, others[-1][1].at_s)
            if fence is not None:
                yield passed(errors, f"{actor}, who sent no bad request, received none", others[-1][0], fence)


def _is_anothers(reading: Reading, actor: str, errors: str, index: int) -> bool:
    """Whether another socket got the same error, or this one had not sent anything that it could answer."""
    told = reading.entries[index]
    if not any(place < index for place, sent in reading.each(Sent) if sent.actor == actor):
        return True
    return isinstance(told, Got) and any(
        got.event == errors and got.actor != actor and same(got.args, told.args) for _, got in reading.each(Got)
    )


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
