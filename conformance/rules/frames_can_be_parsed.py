"""Every frame can be parsed by the official client.

JSON has no NaN and no Infinity, but some servers write them. The official JavaScript client closes the connection
on a frame that it cannot parse (`parse error`), reconnects, and has missed what was sent in between.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.subject import reply_to
from conformance.model.transcript import Acked, Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import chorus, values
from conformance.plan.requests import answers, bad_requests
from contracts.model import Bundle

CLAUSE = "Socket.IO 5 packets carry JSON (RFC 8259); an event is an array that begins with its name, an ack an array."
ACTS = (chorus, answers, bad_requests, values)
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """Everything that the server sends, and what requests are answered with."""
    sent = [broadcast.event for broadcast in bundle.broadcasts()]
    return sent + [reply_to(request.event) for request in bundle.requests() if request.reply]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each frame that could not be parsed, and those that could by what they carry."""
    named = reading.bundle.reply_names()
    known = set(subjects(reading.bundle))
    sound: dict[str, list[int]] = {}
    for kind in (Got, Acked):
        for index, entry in reading.each(kind):
            subject = reply_to(entry.event) if kind is Acked else entry.event
            if kind is Got and entry.event in named:
                subject = reply_to(named[entry.event].event)
            if entry.fault:
                got = f"{entry.fault}: the official client breaks the connection off with a parse error"
                yield failed(subject, "a frame that JSON.parse reads", got, index)
            elif subject in known:
                sound.setdefault(subject, []).append(index)
    for subject, indices in sound.items():
        yield passed(subject, f"the official client can parse {len(indices)} frames of it", indices[0])


SILENT = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red", "pressure": NaN}
"""
)
