"""What passes `roomcheck record`, read as it is beside the path: bytes of a websocket and bodies of polls."""

from conformance.recording.book import Book
from conformance.recording.exchange import Exchange
from conformance.recording.watch import Watch
from conformance.stage.clients.recorder import Clock
from conformance.target.secrets import Secrets

OPENING = b'0{"sid":"s1","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'


def frame(text: bytes, *, masked: bool = False) -> bytes:
    """A short websocket message."""
    assert len(text) < 126
    return bytes([0x81, len(text) | (0x80 if masked else 0)]) + (bytes(4) if masked else b"") + text


HELLO = (frame(OPENING), frame(b"40", masked=True), frame(b'40{"sid":"x1"}'))


def watching() -> Watch:
    """What reads all that passes, and writes it nowhere."""
    book = Book(Clock(), Secrets(), lambda *_: None, 10_000_000)
    watch = Watch(book, lambda *_: None)
    watch.later_only()
    return watch


def passed(data: bytes) -> None:
    """Read what a service sends over a websocket, and the same as the answer to a poll and as a call with its answer."""
    watch = watching()
    websocket = Exchange(method="GET", target="/socket.io/?EIO=4&transport=websocket", headers=[], at_s=0.0)
    watch.switched(websocket)
    for number, one in enumerate((*HELLO, data)):
        watch.passed(websocket, "client" if number == 1 else "service", one, 0.1)
    opening = Exchange(method="GET", target="/socket.io/?EIO=4&transport=polling", headers=[], at_s=0.0, status=200)
    opening.answer.add(OPENING)
    watch.answered(opening)
    for method in ("POST", "GET"):
        poll = Exchange(method=method, target="/socket.io/?EIO=4&sid=s1", headers=[], at_s=0.0, status=200)
        poll.body.add(b"40" if method == "POST" else b"")
        poll.answer.add(data)
        watch.asked(poll)
        watch.answered(poll)
    call = Exchange(
        method="POST",
        target=data[:50].decode("latin-1") + "/x?" + data.decode("latin-1")[:50],
        headers=KINDS,
        at_s=0.0,
        status=200,
    )
    call.answer_headers = KINDS
    call.body.add(data)
    call.answer.add(data)
    watch.answered(call)
    watch.finish()
    watch.book.flush()
    wrong = [what for what in watch.tally.unread if what.startswith("internal error")]
    if wrong:
        raise AssertionError(wrong[0])


KINDS = [(b"Content-Type", b"application/json")]
