"""A request of which an ack is shown has one in its contract.

A client that waits for an ack which never comes waits for ever, or until its own timeout. Judged where the contracts
say of other requests that they are acknowledged. What they do not say of one they may have left open, so that this is
a warning.
"""

from collections.abc import Iterator

from conformance.align.model import Drift, Evidence

CLAUSE = "Requests are acknowledged as documented."
JUDGES = "payload"
LEVEL = "warning"


def judge(evidence: Evidence) -> Iterator[Drift]:
    """The acks that are shown, or read, of requests that have none."""
    requests = {event.name: event.request for event in evidence.bundle.events.values() if event.request is not None}
    if not any(request.reply is not None for request in requests.values()):
        return
    for claim in evidence.stated("event"):
        request = requests.get(claim.subject)
        if claim.of_reply and claim.payload is not None and request is not None and request.reply is None:
            names = ", ".join(f"`{field.name}`" for field in claim.payload.fields)
            yield Drift(
                subject=claim.subject, place=claim.place, got=f"an ack of {names}",
                expected=f"no ack of `{claim.subject}`, of which the contract has none",
            )  # fmt: skip


SILENT = {"guide.md": "`room:enter` is acknowledged with `{ room, entered }`, and `room:exit` is not.\n"}
SPEAKS = {"guide.md": "`room:exit` is acknowledged with `{ room, left }`.\n"}
