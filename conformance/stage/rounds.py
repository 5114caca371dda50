"""One round of a check: all acts at the same time, then what their outcome asks for, and an eye on the service."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from conformance.analysis.promises import caution_of
from conformance.analysis.reading import read
from conformance.model.act import Act, Transport
from conformance.model.transcript import UNCONNECTED, Called, Closed, Missed, Transcript
from conformance.stage.clients.reach import ANSWERED, reach
from conformance.stage.clients.recorder import Clock
from conformance.stage.perform import perform
from conformance.stage.state import Run
from conformance.support.descriptors import OutOfDescriptors
from conformance.support.errors import Unreachable

ALIVE_S = 2.0
"""How long a service that broke something off may take to show that it is still there."""

MOST_ASKED = 10
"""How often it is asked again where Roomcheck's event loop was stalled meanwhile."""


@dataclass(slots=True, kw_only=True)
class End:
    """How a run came to an early end, if it did."""

    lost: asyncio.Event
    """Set when the service, or what it stands on, is gone: nothing is waited for any more."""
    gone: list[tuple[str, float]] = field(default_factory=list)
    """What went away besides the service itself, and when."""
    why: str = ""
    """What the service did when it was asked whether it is still there."""
    did: str = "stopped answering"
    """The same in two words."""
    expired: bool = False
    """Whether the time limit of the run ended it."""

    def expire(self) -> None:
        """End the run: its time is up."""
        self.expired = not self.lost.is_set()
        self.lost.set()

    def of(self, what: str, at_s: float) -> None:
        """Note that something answers no more."""
        self.gone.append((what, at_s))
        self.lost.set()

    def before(self, transcripts: Sequence[Transcript]) -> tuple[list[Transcript], str]:
        """The transcripts that were complete by then, and what to say of the rest."""
        ends_s = [
            entry.at_s if isinstance(entry, Closed) else entry.done_s
            for transcript in transcripts
            for entry in transcript.entries
            if (isinstance(entry, Closed) and entry.by != "us") or (isinstance(entry, Called) and entry.status is None)
        ]
        what, end_s = self.gone[0] if self.gone else ("the service", min(ends_s, default=0.0))
        whole = [transcript for transcript in transcripts if transcript.ended_s < end_s]
        message = (
            f"{what} {self.did} {end_s:.1f} s into the check{f' ({self.why})' if self.why else ''}: "
            f"{len(whole)} of {len(transcripts)} acts were completed, and only those are judged"
        )
        return whole, message


def refused(transport: Transport, why: str, clock: Clock) -> Transcript:
    """The round over a transport that the handshake before the run showed to be refused: nothing can be played."""
    now_s = clock.now()
    missed = Missed(at_s=now_s, actor="stage", what=f"{UNCONNECTED}{why}")
    return Transcript(
        act="reach",
        rooms=(),
        entries=(missed,),
        began_s=now_s,
        ended_s=now_s,
        transport=transport,
        epoch_s=clock.epoch_s,
        reset_epochs_s=clock.reset_epochs_s(),
    )


async def play(
    run: Run,
    end: End,
    acts: Sequence[Act],
    follow_up: Callable[[list[Transcript]], list[Act]],
    take: Callable[[Transcript], None],
) -> None:
    """Play the soundings, then the other acts at the same time, then those that follow from what was seen.

    Args:
        take: is given each transcript as soon as its act ends.

    Raises:
        OutOfDescriptors: this process could open no more connections.
    """
    trouble = asyncio.Event()
    for each in (run, *run.parts.values()):
        each.on_trouble = trouble.set
    watch = asyncio.create_task(_watch(run, trouble, end))
    played: list[Transcript] = []
    turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def one(act: Act) -> None:
        own = run.of(act.part)
        # Rooms whose ids are listed are those of all acts: these are played one after another.
        async with turns[act.part] if own.bundle.room.is_listed else nullcontext():
            transcript = await perform(own, act)
        if act.sounding and transcript.broke is None:
            own.caution |= caution_of(read(own.bundle, transcript))
        played.append(transcript)
        take(transcript)

    run.heartbeat.start()
    try:
        await asyncio.gather(*(one(act) for act in acts if act.sounding))
        await asyncio.gather(*(one(act) for act in acts if not act.sounding))
        if not run.lost.is_set():
            await asyncio.gather(*map(one, follow_up(played)))
    finally:
        watch.cancel()
        run.heartbeat.stop()
        await run.api.close()
    if run.shortage:
        raise OutOfDescriptors(run.shortage[0])


async def _watch(run: Run, trouble: asyncio.Event, end: End) -> None:
    """Whenever something breaks off, ask whether the service is still there; if not, end all waits."""
    while not end.lost.is_set():
        await trouble.wait()
        trouble.clear()
        for _ in range(MOST_ASKED):
            asked_s = run.clock.now()
            try:
                await reach(run.target, (run.probe,), ALIVE_S)
                break
            except OutOfDescriptors as error:
                run.shortage.append(str(error))
                end.lost.set()
                break
            except Unreachable as error:
                # No answer to a question that we were too busy to ask, or to hear, says nothing.
                if run.heartbeat.stalled_s(asked_s) < ALIVE_S / 4:
                    end.did = "refuses new connections" if isinstance(error, ANSWERED) else end.did
                    end.why = run.secrets.covered(str(error))
                    end.lost.set()
                    break
