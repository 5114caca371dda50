"""Where a service gives way: more messages a second in every room, or more members in one, until a gate breaks."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.verdict.conclusion import Conclusion, Evidence, of_steps
from loadtests.verdict.thresholds import Judged, Threshold, gate
from loadtests.workload.option import Option, gate_text, number_above
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic

UNITS = {"rate": "messages a second in each room", "size": "members of a room"}


class Scenario(Base):
    """Raises the rate of all rooms, or the size of one, step by step, up to the first that breaks a gate."""

    options = (
        Option(name="knee-by", default="rate", choices=("rate", "size"), help="What is raised."),
        Option(name="knee-from", default=1.0, help="Messages a second in each room, or members, at first."),
        Option(name="knee-factor", default=1.5, kind=number_above(1), help="Factor from one step to the next."),
        Option(name="knee-every", default=5.0, help="Length of a step in seconds."),
        Option(name="knee-rate", default=5.0, help="Messages a second, where the size is raised."),
        Option(
            name="knee-gate",
            default="delivery: p(95)<200",
            kind=gate_text,
            help="Threshold that each step must keep, besides those of --gate.",
        ),
    )

    @classmethod
    def room_sizes(cls, name: str, seed: int, options: Mapping[str, Any]) -> Iterator[int]:
        """Those of the options, or each larger than the one before."""
        if options["knee_by"] == "rate":
            return super().room_sizes(name, seed, options)
        return (max(1, round(options["knee_from"] * options["knee_factor"] ** index)) for index in itertools.count())

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages at the rate of the first step, which rises; or into one room after the other."""
        by, every_s = options["knee_by"], options["knee_every"]
        if by == "rate":
            note = f"at first: {options['knee_factor']:g} times as many every {every_s:g} s, until a gate breaks"
            return (Traffic(way=words.writing, per_room_s=options["knee_from"], note=note),)
        note = f"in one room after the other, each for {every_s:g} s: the figures are those of all rooms at once"
        return (Traffic(way=words.writing, per_room_s=options["knee_rate"], note=note),)

    def _begin(self) -> None:
        self._began_s = time.monotonic()
        self._turn = asyncio.Lock()

    def _level(self, index: int) -> float:
        return float(self.option("knee-from") * self.option("knee-factor") ** index)

    def place(self) -> Place:
        """Rooms of the usual sizes, or each larger than the one before."""
        if self.option("knee-by") == "rate":
            return super().place()
        if not self.places or len(self.places[-1].members) >= self.places[-1].size:
            index = len(self.places)
            self.places.append(self.opened(index, max(1, round(self._level(index)))))
        return self.places[-1]

    async def drive(self, place: Place) -> None:
        """Post: all rooms at the rate of the step, or one room after the other, each when it is full."""
        context, every_s = self.context, self.option("knee-every")
        if self.option("knee-by") == "size":
            async with self._turn:
                while not context.stopping and len(place.room.stays) < place.size:
                    await context.alarm.after(0.1)
                self.begin_step(str(place.size))
                await self.post(place, self.option("knee-rate"), until_s=time.monotonic() + every_s)
            return
        while not context.stopping:
            index = int((time.monotonic() - self._began_s) // every_s)
            self.begin_step(f"{self._level(index):.6g}")
            await self.post(place, self._level(index), until_s=self._began_s + (index + 1) * every_s)

    @classmethod
    def conclude(cls, evidence: Evidence) -> Conclusion | None:
        """The largest step that held every gate, and the first that did not."""
        gates = (gate(evidence.options["knee_gate"]), gate("lost==0"), *evidence.gates)
        accounts, name = evidence.accounts, evidence.scenario
        steps = [step for step in accounts.steps(name) if accounts.counts(name, step).get("published")]
        # The last step is still going on, unless the run is over.
        done = steps if evidence.ended else steps[:-1]
        held, broken = "", tuple[Judged, ...]()
        for step in done:
            broken = _broken(evidence, gates, step)
            if broken:
                break
            held = step
        unit = UNITS[evidence.options["knee_by"]]
        notes = of_steps(evidence, {})
        if broken:
            first = f"the first that did not is {step}: {'; '.join(map(str, broken))}"
            summary = f"knee: the largest that held is {held} {unit}; {first}" if held else f"knee: none held; {first}"
            return Conclusion(notes=notes, over=True, code=0 if held else 1, summary=summary)
        if not held:
            return None
        return Conclusion(notes=notes, code=0, summary=f"knee: all that was tried held, up to {held} {unit}")


def _broken(evidence: Evidence, gates: Iterable[Threshold], step: str) -> tuple[Judged, ...]:
    judged = (one.within(evidence.scenario, step).judged(evidence.accounts, evidence.elapsed_s) for one in gates)
    return tuple(one for one in judged if one.outcome == "broken")
