"""Time fields tell the time of the event, in their documented unit.

Seconds in place of milliseconds, local time in place of UTC, and the epoch itself all keep the schema, and every
client shows a wrong time. Where the clock of Roomcheck's machine was set during the run, now is what it told before or
after.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from conformance.analysis.forgery import forged_entries
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of
from conformance.model.subject import reply_to
from conformance.model.transcript import Acked, Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import chorus
from conformance.plan.requests import answers
from contracts.model import Bundle
from contracts.replies import ClockUnit
from contracts.schema import shown

CLAUSE = "A timestamp is Unix milliseconds, a date-time is ISO 8601; both tell when it happened."
ACTS = (chorus, answers)

TOLERANCE_S = 300.0
"""Five minutes: more than the drift of hosts that keep no time, less than the smallest step between time zones."""


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts and replies with a time field that is required."""
    found = [b.event for b in bundle.broadcasts() if set(b.clocks) & set(b.payload.document.get("required", ()))]
    return found + [reply_to(r.event) for r in bundle.requests() if r.reply and r.reply.clocks]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each time field that was received against the time when it was received."""
    named = reading.bundle.reply_names()
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Got):
            broadcast, request = reading.bundle.broadcast(entry.event), named.get(entry.event)
            if broadcast and index not in reading.once(forged_entries):
                yield from _checked(reading, index, entry, entry.event, broadcast.clocks)
            elif request and request.reply:
                yield from _checked(reading, index, entry, reply_to(request.event), request.reply.clocks)
        elif isinstance(entry, Acked):
            request = reading.bundle.request(entry.event)
            if request and request.reply:
                yield from _checked(reading, index, entry, reply_to(request.event), request.reply.clocks)


def _checked(
    reading: Reading, index: int, entry: Got | Acked, subject: str, clocks: Mapping[str, ClockUnit]
) -> Iterator[Finding]:
    payload = payload_of(entry.args)
    if not isinstance(payload, dict):
        return
    epochs_s = (reading.transcript.epoch_s, *reading.transcript.reset_epochs_s)
    now_s = epochs_s[0] + entry.at_s
    for name, unit in clocks.items():
        if name not in payload:
            continue
        told_s = _seconds(payload[name], unit)
        if told_s is not None and any(abs(told_s - epoch_s - entry.at_s) <= TOLERANCE_S for epoch_s in epochs_s):
            yield passed(subject, f"`{name}` tells now", index)
            continue
        expected = f"{int(now_s * 1000)}" if unit == "unix-ms" else _iso(now_s)
        yield failed(subject, f"`{name}` within 5 minutes of {expected} ({unit})", shown(payload[name]), index)


def _seconds(value: object, unit: ClockUnit) -> float | None:
    """Unix seconds of a time field; None where it is none."""
    if unit == "unix-ms":
        return value / 1000 if isinstance(value, int | float) and not isinstance(value, bool) else None
    try:
        told = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return told.replace(tzinfo=told.tzinfo or UTC).timestamp()


def _iso(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")


SILENT = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 60}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1766840400000}
"""
)
