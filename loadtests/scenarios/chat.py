"""Users of an SOS write to each other: a message a second from each, over HTTP, to the whole room."""

from __future__ import annotations

import re
from typing import Any

from loadtests.accounts import ACCOUNTS
from loadtests.socket_user import SocketUser, Stamp

STAMP = re.compile(r"(\S+) (\d+) (\d+)")
"""The room, when the message was due on the monotonic clock in ns, and its number in the ledger."""


class Scenario(SocketUser):
    """Posts messages, and records each `message:broadcast`."""

    broadcast = "message:broadcast"

    def act(self) -> None:
        """Post a message. Its own sample, unlike a delivery's, is timed from when the call was made."""
        number = self.publish()
        message = {"senderDisplayName": "load", "content": f"{self.sos_id} {self.due_ns} {number}"}
        with self.client.post(
            f"/api/messages/{self.sos_id}", json=message, name="/api/messages/[sosId]", catch_response=True
        ) as answer:
            # Where nothing answered there is no status. Locust's own text would hold the URL, and so the SOS.
            if getattr(answer, "status_code", 0) != 201:
                answer.failure("the message was not created")
                ACCOUNTS.ledger.refuse(self.sos_id, number)

    def stamp(self, payload: dict[str, Any]) -> Stamp | None:
        """Read from the content."""
        stamp = STAMP.fullmatch(str(payload.get("content")))
        return (int(stamp[2]), int(stamp[3])) if stamp and stamp[1] == self.sos_id else None
