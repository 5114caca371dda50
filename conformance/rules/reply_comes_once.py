"""A request is acknowledged once.

A client library runs the callback for the first ack and drops the second without a word: what it carries is lost.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, asked_for
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import of_one_session
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.requests import answers

CLAUSE = "A request is answered once: one ack, one event, or one of each."
ACTS = (answers,)
RECORDED = of_one_session
subjects = asked_for


def judge(reading: Reading) -> Iterator[Finding]:
    """The acks of each request by number, and the answers by event of each requester by count."""
    names = {request.event: name for name, request in reading.bundle.reply_names().items()}
    for event in asked_for(reading.bundle):
        asked = [(index, sent) for index, sent in reading.each(Sent) if sent.event == event]
        for index, sent in asked:
            acks = reading.index.acks.get((sent.actor, sent.ack), ()) if sent.ack is not None else ()
            if len(acks) > 1:
                yield failed(event, "one ack", f"{len(acks)}", index, *acks)
            elif acks:
                yield passed(event, "one ack", index, acks[0])
        for actor in dict.fromkeys(sent.actor for _, sent in asked):
            own = [index for index, sent in asked if sent.actor == actor]
            got = reading.index.heard.get((actor, names.get(event, "")), ())
            if len(got) > len(own):
                yield failed(event, f"{len(own)} answers to {len(own)} requests", f"{len(got)}", own[-1], got[-1])
            elif got:
                yield passed(event, "no more answers than requests", own[0], got[0])


ASKED = (
    PAIR
    + """
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
SILENT = ASKED
SPEAKS = (
    ASKED
    + """
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
