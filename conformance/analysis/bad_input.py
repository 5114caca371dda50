"""What was sent of what contracts forbid: bad payloads, events that no contract names, and bodies of calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.analysis.queries import invalid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Called, Sent
from conformance.model.wire import raw
from contracts.model import Request

UNKNOWN = "events that no contract names"
"""The subject of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadInput:
    """An event or call that the contracts forbid."""

    index: int
    at_s: float
    subject: str


def forbidden_entries(reading: Reading) -> Iterator[BadInput]:
    """Every event and call that the contracts forbid, arguments that no handler takes among them."""
    broken = {index for index, _, _ in invalid_requests(reading)}
    for index, sent in reading.each(Sent):
        request = reading.bundle.request(sent.event)
        if request is None:
            yield BadInput(index=index, at_s=sent.at_s, subject=UNKNOWN)
        elif index in broken or len(raw(sent.args)) > _count(request):
            yield BadInput(index=index, at_s=sent.at_s, subject=sent.event)
    for index, called in reading.each(Called):
        call = reading.bundle.calls.get(called.call)
        if call is not None and any(same(called.body, one.payload) for one in call.examples.invalid):
            yield BadInput(index=index, at_s=called.at_s, subject=call.title)


def _count(request: Request) -> int:
    """How many arguments it has."""
    return 1 if request.form is None else len(request.form.schemas)
