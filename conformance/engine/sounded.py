"""What soundings have shown of a service: they are played before other acts, and once they are known, not again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from conformance.analysis.promises import Caution
from conformance.model.act import Act
from conformance.model.transcript import Opened, Transcript
from conformance.plan.promises import SOUNDINGS
from conformance.stage.silence import Silence
from conformance.stage.state import Run

NAMES = frozenset(planner.__name__ for planner in SOUNDINGS)
"""The names of the acts that are soundings."""

SHORT_S = 0.02
"""A stall of our event loop that hides no more of how late a socket is heard than the way over a network may hide."""


@dataclass(slots=True, kw_only=True)
class Sounded:
    """What soundings have shown so far, for each part of the contracts."""

    cautions: dict[str, Caution] = field(default_factory=dict)
    is_over: bool = False
    """Whether they have shown all that they can: they are left out of what is played then."""
    opened: bool = False
    """Whether the service had confirmed a connection by then."""
    answered: bool = False
    """Whether it had answered anything."""

    def left(self, acts: Sequence[Act]) -> list[Act]:
        """The acts that are still to be played."""
        return [act for act in acts if not (act.sounding and self.is_over)]

    @contextmanager
    def minded(self, run: Run) -> Iterator[None]:
        """A round in which what is known is minded, and after which more is."""
        for one in (run, *run.parts.values()):
            one.caution |= self.cautions.get(one.bundle.part, Caution())
        yield
        for one in (run, *run.parts.values()):
            self.cautions[one.bundle.part] = one.caution

    def judge(self, transcripts: Sequence[Transcript], silence: Silence) -> None:
        """Tell by what was played whether soundings are over.

        One in which our event loop stalled may have emitted too late to show that a socket is heard late. Of a service
        that confirms no connection, or answers nothing, they show nothing: they are played again once it does.
        """
        opened = any(isinstance(entry, Opened) for transcript in transcripts for entry in transcript.entries)
        if self.is_over:
            self.is_over = self.opened >= opened and self.answered >= silence.answered
            return
        played = [transcript for transcript in transcripts if transcript.act in NAMES]
        self.is_over = bool(played) and all(map(_is_clear, played))
        self.opened, self.answered = opened, silence.answered


def _is_clear(sounding: Transcript) -> bool:
    return sounding.broke is None and all(took_s <= SHORT_S for _, took_s in sounding.stalls)
