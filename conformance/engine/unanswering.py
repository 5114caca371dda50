"""When a fuzz is ended because nothing comes of what it sends, and what one batch has learned for the next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conformance.engine.check import Course
from conformance.model.transcript import Called, Opened
from conformance.model.verdict import Outcome, Verdict
from conformance.plan.fuzzing import Forbidden
from conformance.stage.clients.http import GIVEN_UP
from conformance.stage.silence import Silence
from conformance.stage.state import IMPATIENT_CONNECT_S
from conformance.target.target import Target

UNSEEN_S = 5.0
"""For how long batches in a row are played of which nothing can be judged: as long as a fence is waited for. A target
that does not work is told within 15 s, and each batch waits for it anew."""

IMPATIENT_S = 1.0
"""How long the next batch waits for each answer to a call, where the last one had none at all."""

MOST_TOGETHER = 8
"""How many batches are played as one where the last had no answers: nothing is left out, and all is judged as ever."""


@dataclass(slots=True, kw_only=True)
class Unanswering:
    """What batches have come to so far."""

    unseen_s: float = 0.0
    """How long the last batches took of which nothing could be judged."""
    silent: bool = False
    """Whether the last batch had no answer to any of its requests, however long it waited."""
    connects: bool = True
    """Whether any connection of the last batch was confirmed."""
    answers: bool = True
    """Whether any call of the last batch was answered, where it made one."""

    def take(self, course: Course, verdicts: Sequence[Verdict], took_s: float) -> None:
        """A batch is over. One in which our event loop stalled shows nothing of the service."""
        if any(verdict.outcome in (Outcome.PASS, Outcome.FAIL) for verdict in verdicts):
            self.unseen_s = 0.0
        elif not any(transcript.stalls for transcript in course.transcripts):
            self.unseen_s += took_s
        entries = [entry for transcript in course.transcripts for entry in transcript.entries]
        calls = [entry for entry in entries if isinstance(entry, Called)]
        self.connects = any(isinstance(entry, Opened) for entry in entries)
        self.answers = not calls or any(call.status is not None for call in calls)
        ended_s = max((transcript.ended_s for transcript in course.transcripts), default=0.0)
        self.silent = course.silence.lasts(ended_s, lambda _: 0.0)

    @property
    def in_vain(self) -> bool:
        """Whether the last batch waited for answers of which none came: the next one has to wait for its own."""
        return self.silent or not self.answers

    def together(self, left: list[list[Forbidden]]) -> list[list[Forbidden]]:
        """The batches that are left: of a service that answers nothing, one takes as long as each of many."""
        if not self.in_vain:
            return left
        groups = [left[at : at + MOST_TOGETHER] for at in range(0, len(left), MOST_TOGETHER)]
        return [[value for some in group for value in some] for group in groups]

    def silence(self) -> Silence:
        """What the next batch begins with: a service that has answered nothing is not asked as patiently again."""
        return Silence(asked_s=-math.inf if self.silent else math.inf, uncalled=0 if self.answers else GIVEN_UP - 1)

    def target(self, target: Target) -> Target:
        """The target with the patience that the next batch has for it."""
        return replace(
            target,
            connect_s=target.connect_s if self.connects else min(target.connect_s, IMPATIENT_CONNECT_S),
            call_s=target.call_s if self.answers else min(target.call_s, IMPATIENT_S),
        )

    @property
    def why(self) -> str:
        """Why nothing more is sent; empty while it is."""
        if self.unseen_s < UNSEEN_S:
            return ""
        return f"nothing more is sent: of all that was sent in the last {self.unseen_s:.0f} s nothing can be judged"
