"""What a run has learned of a service that answers nothing: waits that can only end the same way are cut short.

Nothing is concluded from a wait that was cut: whatever is owed is still waited for, to its full deadline, at the end of
each act, and one answer ends the silence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from conformance.model.transcript import Acked, AnyEntry, Got, Probed
from contracts.model import Bundle

FENCE_S = 5.0
"""How long a service that answers nobody is given to answer a fence, however short the deadlines are: what is busy
for longer is as good as gone, and what does not answer is not accused."""


@dataclass(slots=True, kw_only=True)
class Silence:
    """Whether any question of a run was answered, and when the first one was put. Times are seconds of the run."""

    asked_s: float = math.inf
    answered: bool = False
    """Whether any request or question was ever answered."""
    heard: bool = False
    """Whether the service has sent anything since it confirmed connections, the answer of a probe included."""
    uncalled: int = 0
    """How many calls in a row had timed out before the run."""

    def ask(self, now_s: float) -> None:
        """A question is put."""
        self.asked_s = min(self.asked_s, now_s)

    def lasts(self, now_s: float, stalled_s: Callable[[float], float]) -> bool:
        """Whether nothing was answered for so long that the next question will not be either.

        Args:
            stalled_s: for how long our event loop has stalled since a time.
        """
        if self.answered or now_s - self.asked_s < FENCE_S:
            return False
        return now_s - self.asked_s - stalled_s(self.asked_s) >= FENCE_S


def noting(silence: Silence, bundle: Bundle) -> Callable[[AnyEntry], None]:
    """What takes note of each entry of an act that breaks the silence."""
    named = (one.reply.event for one in bundle.requests() if one.reply)
    replies = {name for name in (*named, bundle.errors) if name}

    def note(entry: AnyEntry) -> None:
        if isinstance(entry, Acked | Got | Probed):
            silence.heard = True
            answers = isinstance(entry, Acked) or (isinstance(entry, Got) and entry.event in replies)
            silence.answered = silence.answered or answers

    return note
