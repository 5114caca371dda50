"""Which schemas a payload that is shown has to keep."""

from __future__ import annotations

from typing import Any

from conformance.align.model import Claim
from contracts.model import Bundle


def schemas(bundle: Bundle, claim: Claim) -> list[dict[str, Any]]:
    """The schemas of an event, of both directions where nothing says which is meant."""
    event, reply = bundle.events.get(claim.subject), bundle.reply_names().get(claim.subject)
    found = []
    if event and event.request and claim.direction != "to-client":
        found.append(event.request.payload.document)
    if event and event.broadcast and claim.direction != "to-server":
        found.append(event.broadcast.payload.document)
    if reply and reply.reply:
        found.append(reply.reply.payload.document)
    return found
