"""HTTP calls answer as documented: status and body.

Clients read the documented fields of an answer and branch on its status. Judged for calls with a valid body and,
where the target demands one, a valid token.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls, not_taken
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import of_a_permitted_call
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.delivery import chorus, pages, stored
from conformance.plan.edges import edges
from contracts.model import Bundle, Call
from contracts.schema import shown

CLAUSE = "The call is answered with the documented status and body."
ACTS = (chorus, pages, stored, edges)
RECORDED = of_a_permitted_call


def subjects(bundle: Bundle) -> list[str]:
    """The calls that acts make; whether a service is up is seen by everything else."""
    return [call.title for call in bundle.calls.values() if call.role != "health"]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each call that should have succeeded."""
    for index, called, call in calls(reading, lambda one: True):
        valid = call.body is None or (isinstance(called.body, dict) and call.body.is_valid(called.body))
        # A query that breaks its schema may be refused, or taken for the nearest that keeps it.
        asked_amiss = call.query is not None and not call.query.is_valid(called.query)
        if asked_amiss and called.status is not None and 400 <= called.status < 500:
            continue
        if valid and called.token in ("own", "none"):
            finding = _judged(reading, index, called, call)
            if finding:
                yield finding


def _judged(reading: Reading, index: int, called: Called, call: Call) -> Finding | None:
    if call.trigger and called.status not in call.status:
        # It is described by the target, not documented: that it is refused breaks no contract.
        text = call.trigger.refusal(called.path, called.status, called.answer)
        return unclear(call.title, f"the trigger of {call.trigger.event} was refused: {text}", index)
    turned_away = not_taken(reading, index, called, call)
    if turned_away:
        return turned_away
    room = str(called.params.get(reading.bundle.room.key))
    if called.status not in call.status and reading.closed(room, called.at_s):
        return unclear(call.title, "the subject is closed, so the service may refuse it", index)
    if called.status is None:
        return failed(call.title, f"status {_either(call)}", shown(called.answer), index)
    if called.status == call.missing:
        return None
    if called.status not in call.status:
        # What an id has to be is not documented for every service; an unusual one may be refused.
        plain = all(str(value).isascii() and " " not in str(value) for value in called.params.values())
        plain = plain and not any(mark in str(value) for value in called.params.values() for mark in "/:")
        if not plain and 400 <= called.status < 500:
            answered = f"{called.status} {shown(called.answer)}"
            return unclear(call.title, f"the service may refuse the id {room!r}: it answered {answered}", index)
        return failed(call.title, f"status {_either(call)}", f"{called.status} {shown(called.answer)}", index)
    if called.fault:
        return failed(call.title, "a body that JSON.parse reads", called.fault, index)
    problem = None if call.answer.is_valid(called.answer) else call.answer.explain(called.answer)
    if problem:
        return failed(call.title, f"{problem.expected} at `{problem.path}`", problem.got, index)
    return passed(call.title, f"{called.status}, and the body keeps its schema", index)


def _either(call: Call) -> str:
    return " or ".join(map(str, call.status))


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 200 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
