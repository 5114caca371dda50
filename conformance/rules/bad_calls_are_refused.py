"""A bad HTTP call is refused with 400, and has no effect.

Bad bodies are the invalid examples of the contract: a field missing, too long, of another type or value, or no
JSON. A service that accepts them stores what no client can read.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls, not_taken, unexplained
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.payloads import invalid_payload
from conformance.plan.requests import bad_calls, too_long
from contracts.model import Bundle, Call
from contracts.schema import shown

CLAUSE = "Missing or invalid input is answered with 400 and an error, and nothing is broadcast."
ACTS = (bad_calls,)
REFUSED = 400


def subjects(bundle: Bundle) -> list[str]:
    """Calls whose refusals are documented."""
    return [call.title for call in bundle.calls.values() if any(i.answer == REFUSED for i in call.examples.invalid)]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each call with a body that the contract forbids."""
    for index, called, call in calls(reading, lambda one: one.title in subjects(reading.bundle)):
        what = _what_is_bad(reading, called, call)
        if what:
            yield _judged(reading, index, called, call, what)


def _what_is_bad(reading: Reading, called: Called, call: Call) -> str | None:
    """What is wrong with a body, if its refusal is documented."""
    if call.body is None or called.body is None:
        return None
    for invalid in call.examples.invalid:
        if invalid.answer == REFUSED and same(called.body, invalid_payload(reading.bundle, invalid, "")):
            return f"a body that breaks `{invalid.keyword}`"
    if any(same(called.body, body) for body in too_long(call)):
        return "a text that is too long"
    return "a body that is not JSON" if isinstance(called.body, str) else None


def _judged(reading: Reading, index: int, called: Called, call: Call, what: str) -> Finding:
    turned_away = not_taken(reading, index, called, call)
    if turned_away:
        return turned_away
    error = reading.bundle.http_error
    if called.status != REFUSED:
        return failed(call.title, f"{REFUSED} for {what}", f"{called.status} {shown(called.answer)}", index)
    if error and not error.is_valid(called.answer):
        problem = error.explain(called.answer)
        return failed(call.title, f"an error body: {problem.expected if problem else ''}", shown(called.answer), index)
    room = called.params.get(reading.bundle.room.key)
    for actor in reading.actors():
        heard = unexplained(reading, actor, called.at_s, call.broadcast or "")
        if heard and reading.inside(actor, str(room), called.at_s) == "yes":
            if reading.bundle.room.is_listed:
                told = f"{actor} heard {call.broadcast}, which others in the room may have caused"
                return unclear(call.title, told, index)
            return failed(call.title, f"no broadcast for {what}", "one", index, heard[0])
    return passed(call.title, f"{what} is refused", index)


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {} => 400 {"error": "text is required"}
"""
)
SPEAKS = (
    PAIR
    + """
http add-note {"room": "r1"} {} => 201 {"id": "n1", "room": "r1", "text": "", "at": 1}
"""
)
