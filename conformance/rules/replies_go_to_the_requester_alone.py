"""An answer goes only to the requester.

An answer that others receive, too, tells them what they have not asked for and may not know. Shown by other members
of the room, who receive something later and no answer before it.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.requests import answers
from contracts.model import Bundle

CLAUSE = "The answer goes to the requester alone."
ACTS = (answers,)


def subjects(bundle: Bundle) -> list[str]:
    """The requests that a named event answers: an ack goes to nobody else by itself."""
    return [request.event for request in bundle.reply_names().values()]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each actor's answers by event against its own requests."""
    for name, request in reading.bundle.reply_names().items():
        asked = [(index, sent) for index, sent in reading.each(Sent) if sent.event == request.event]
        for actor in reading.actors():
            own = [index for index, sent in asked if sent.actor == actor]
            others = [(index, sent) for index, sent in asked if sent.actor != actor]
            got = reading.index.heard.get((actor, name), ())
            if len(got) > len(own):
                yield failed(request.event, f"no {name} at {actor}, who did not ask", "one", *got[len(own) :][:1])
            elif others:
                fence = reading.fence(actor, others[-1][1].at_s)
                if fence is None:
                    yield unclear(request.event, f"{actor} received nothing that was sent later", others[-1][0])
                else:
                    yield passed(request.event, f"{actor} received nothing of it", others[-1][0], fence)


SILENT = (
    PAIR
    + """
ann -> who {"room": "r1"} #1
ann <- who:list {"room": "r1", "sockets": [], "count": 0}
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> who {"room": "r1"} #1
ann <- who:list {"room": "r1", "sockets": [], "count": 0}
bob <- who:list {"room": "r1", "sockets": [], "count": 0}
"""
)
