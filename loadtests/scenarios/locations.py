"""Rescuers of an SOS report where they are: a location every second or so from each, to the whole room."""

from __future__ import annotations

import secrets
import time
from collections import deque
from typing import Any, ClassVar

from loadtests.socket_user import SocketUser, Stamp

Place = tuple[str, float, float]
"""A room, a latitude and a longitude."""

LEAST_NS = 1_000_000_000
"""A service may drop more than one location a second from one socket."""

REMEMBERED = 60
"""How many of each user's latest updates are known; a broadcast of an older one counts as caused by nobody."""


class Scenario(SocketUser):
    """Emits `location:update`, and records each `location:broadcast`."""

    broadcast = "location:broadcast"
    # A little more than the least, so that no turn that is taken late makes the next one too soon.
    turn_ns = LEAST_NS + 50_000_000
    due: ClassVar[dict[Place, Stamp]] = {}
    """The stamp of each update of the users of this process: its coordinates tell it from all others."""

    def on_start(self) -> None:
        """Begin with no update to remember."""
        super().on_start()
        self.places: deque[Place] = deque()
        self.told_ns = 0

    def act(self) -> None:
        """Report a place that nobody else reports."""
        latitude, longitude = _degrees(27), _degrees(85)
        self.places.append((self.sos_id, latitude, longitude))
        now_ns = time.monotonic_ns()
        # What comes too soon after the last may be dropped: nobody is owed it.
        owed = now_ns - self.told_ns >= LEAST_NS
        self.told_ns = now_ns
        self.due[self.places[-1]] = (self.due_ns, self.publish() if owed else None)
        if len(self.places) > REMEMBERED:
            self.due.pop(self.places.popleft(), None)
        location = {"sosId": self.sos_id, "latitude": latitude, "longitude": longitude, "accuracy": 4.5}
        self.emit("location:update", location)

    def stamp(self, payload: dict[str, Any]) -> Stamp | None:
        """Looked up by the coordinates."""
        latitude, longitude = payload.get("latitude"), payload.get("longitude")
        if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
            return None
        return self.due.get((self.sos_id, latitude, longitude))


def _degrees(base: int) -> float:
    """A random coordinate within one degree, with six places: a service may store no more."""
    return round(base + secrets.randbelow(10**6) / 10**6, 6)
