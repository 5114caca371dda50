"""An unknown id is not found.

An empty answer with a status of success looks to a client like a message without content.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls, not_taken
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.requests import bad_calls
from contracts.model import Bundle
from contracts.schema import shown

CLAUSE = "An unknown id is answered with 404."
ACTS = (bad_calls,)


def subjects(bundle: Bundle) -> list[str]:
    """Calls with a documented answer to an unknown id."""
    return [call.title for call in bundle.calls.values() if call.missing is not None]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each read of an id that the service never told anybody."""
    told = {
        value
        for _, got in reading.each(Got)
        if isinstance(payload_of(got.args), dict)
        for value in payload_of(got.args).values()
        if isinstance(value, str)
    }
    for index, called, call in calls(reading, lambda one: one.missing is not None):
        if called.token not in ("own", "none") or set(map(str, called.params.values())) & told:
            continue
        turned_away = not_taken(reading, index, called, call)
        if turned_away:
            yield turned_away
        elif called.status == call.missing:
            yield passed(call.title, f"{called.status}", index)
        else:
            yield failed(call.title, f"{call.missing}", f"{called.status} {shown(called.answer)}", index)


SILENT = (
    PAIR
    + """
http read-note {"id": "nowhere"} => 404 {"error": "no such note"}
"""
)
SPEAKS = (
    PAIR
    + """
http read-note {"id": "nowhere"} => 200 {}
"""
)
