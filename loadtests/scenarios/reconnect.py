"""Many sockets lose their connection at once and come back as clients do: what they missed, what the others felt."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from typing import Any

from conformance.model.exit_code import Exit
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.histogram import Histogram
from loadtests.verdict.conclusion import Conclusion, Evidence, of_steps
from loadtests.worker.client import VirtualClient
from loadtests.workload.option import Option, percent
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base
from loadtests.workload.traffic import Traffic

BEFORE, DURING, AFTER = "1", "2", "3"
"""The steps that publications are counted under: before the drop, until everybody is back, and from then on."""


NAMES = {BEFORE: "before the drop", DURING: "until all were back", AFTER: "from then on"}
SHARES = (50, 90, 99, 100)


def _share(times: Histogram, percent: int, of: int) -> float | None:
    """After how many seconds so many percent of all were back; None where they were not."""
    wanted = math.ceil(of * percent / 100)
    return times.percentile(100 * wanted / times.count) / 1000 if times.count >= wanted else None


class Scenario(Base):
    """Drops a share of the sockets at once; counts are told by step: 1 before, 2 until all are back, 3 after."""

    options = (
        Option(name="reconnect-rate", default=1.0, help="Messages a second in each room."),
        Option(name="drop-percent", default=50.0, kind=percent, help="How many of the sockets lose their connection."),
        Option(name="drop-after", default=5.0, help="Seconds from the first socket to the drop."),
        Option(
            name="drop-how", default="rst", choices=("close", "rst", "silence"),
            help="By a close, a reset, or by falling silent, which the service only sees by its pings.",
        ),
    )  # fmt: skip

    @classmethod
    def traffic(cls, words: Dialect, options: Mapping[str, Any]) -> tuple[Traffic, ...]:
        """Messages in each room."""
        note = f"{options['drop_percent']:g} % of the sockets are dropped after {options['drop_after']:g} s"
        return (Traffic(way=words.writing, per_room_s=options["reconnect_rate"], note=note),)

    def _begin(self) -> None:
        self.begin_step(BEFORE)
        self.context.spawn(self._storm())

    async def drive(self, place: Place) -> None:
        """Post whenever a message is due."""
        await self.post(place, self.option("reconnect-rate"))

    async def _storm(self) -> None:
        context = self.context
        await context.alarm.after(self.option("drop-after"))
        present = [(member, place) for place in self.places for member in place.members if member.connected]
        if context.stopping or not present:
            return
        self.begin_step(DURING)
        dropped = sorted(present, key=lambda one: one[0].number)
        dropped = dropped[: max(1, round(len(dropped) * self.option("drop-percent") / 100))]
        context.count("dropped", self.name, len(dropped))
        for member, _ in dropped:
            member.drop(self.option("drop-how"))
        await asyncio.gather(*(self._back(member, place) for member, place in dropped))
        self.begin_step(AFTER)

    @classmethod
    def conclude(cls, evidence: Evidence) -> Conclusion | None:
        """How long it took until they were members again, what they missed, and what the others felt."""
        counts = evidence.accounts.counts(evidence.scenario)
        times = evidence.accounts.trend("rejoin", {"scenario": evidence.scenario})
        dropped = counts.get("dropped", 0)
        if not dropped:
            early = "cannot tell: the run ended before any socket was dropped; --drop-after says when that is"
            return Conclusion(code=Exit.CANNOT_TELL, summary=early) if evidence.ended else None
        shares = (f"{share} % in {at:.2f} s" for share in SHARES if (at := _share(times, share, dropped)) is not None)
        back = f"reconnect: of {dropped} dropped sockets {counts.get('rejoined', 0)} are members again"
        missed = f"they missed {counts.get('missed', 0)} messages, which were not owed to them"
        notes = (f"{back}: {', '.join(shares) or 'none'}; {missed}", *of_steps(evidence, NAMES))
        return Conclusion(notes=notes)

    async def _back(self, member: VirtualClient, place: Place) -> None:
        """Come back with back-off and jitter, as clients of Socket.IO do, and count what was missed."""
        context, start_ns = self.context, time.monotonic_ns()
        before = place.published
        await member.reconnect()
        if member.number in place.room.stays:
            context.ledger.trend("rejoin", (("scenario", self.name),)).fresh.append(time.monotonic_ns() - start_ns)
            context.count("rejoined", self.name)
        if not member.recovered:
            context.count("missed", self.name, place.published - before)
