"""Asks something on each socket when something is overdue, so that it is known whether they still hear.

The contract's own questions come first. Where none of them is answered, the protocol is asked: its answer shows that
the service has read what was sent, however little it makes of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp

from conformance.model.act import Emit, Step
from conformance.model.transcript import AnyEntry, Probed
from conformance.stage.emit import Asked, send
from conformance.stage.silence import FENCE_S
from conformance.stage.state import IMPATIENT_S, Stage

AT_ONCE = 0.2
"""Of a deadline: how long the first answers are waited for while something else is overdue, which is soon given up."""

LOOK_S = 0.25
"""Between two looks at whether anything was ever answered, while a first answer is waited for."""


async def ask(stage: Stage) -> None:
    """Ask on every socket, twice, while something is overdue; not again within a deadline.

    The first answers show that all that was sent before has been read; what is asked then is answered on each socket
    after all that was sent to it.
    """
    patience_s = stage.run.deadline_s(_deadline_ms(stage))
    if stage.run.clock.now() < stage.asked_s + patience_s:
        return
    stage.asked_s = stage.run.clock.now()
    if any(await _answers(stage, await _asked(stage), patience_s * AT_ONCE)):
        await _asked(stage)


async def fence(stage: Stage, take: Callable[[Stage, Step], Awaitable[None]]) -> None:
    """End an act in which something was overdue: ask on every socket, twice, and wait for the answers."""
    patience_s = stage.run.deadline_s(_deadline_ms(stage))
    for _ in range(2):
        asked = await _asked(stage)
        await asyncio.gather(*(take(stage, step) for step in stage.act.fences if not isinstance(step, Emit)))
        if not asked:
            continue
        is_mute = stage.run.is_mute()
        if not any(await _answers(stage, asked, IMPATIENT_S if is_mute else patience_s)):
            if is_mute or await _first_answer(stage, asked) is None:
                return await _probe(stage)
            await _answers(stage, asked, patience_s)
    if not asked:
        await _probe(stage)
    return None


async def _probe(stage: Stage) -> None:
    """Ask the protocol on every socket, twice: what was read by the first answer was served before the second."""
    for _ in range(2):
        since = len(stage.log.entries)
        actors = [actor for actor, socket in stage.sockets.items() if socket.connected]
        if not any(await asyncio.gather(*(_probed(stage, actor, since) for actor in actors))):
            return


async def _probed(stage: Stage, actor: str, since: int) -> bool:
    """Ask on one socket; whether it was answered."""
    try:
        await stage.sockets[actor].probe()
    except (ConnectionError, OSError, aiohttp.ClientError):
        return False
    # Nothing is concluded from a probe that is not answered: of who has said nothing at all, none is waited for long.
    silence = stage.run.silence
    answered = partial(_is_probe_of, actor)
    return (
        await _patiently(stage, answered, lambda: not silence.heard and stage.run.is_mute(), since, actor) is not None
    )


def _is_probe_of(actor: str, entry: AnyEntry) -> bool:
    return isinstance(entry, Probed) and entry.actor == actor


async def _asked(stage: Stage) -> list[Asked]:
    """Put the questions of the sockets that are still connected."""
    return [one for one in await asyncio.gather(*(send(stage, step) for step in _open(stage))) if one]


def _open(stage: Stage) -> list[Emit]:
    """The questions of sockets that are still connected."""
    steps = [step for step in stage.act.fences if isinstance(step, Emit)]
    return [step for step in steps if step.actor in stage.sockets and stage.sockets[step.actor].connected]


def _deadline_ms(stage: Stage) -> int:
    requests = (stage.run.bundle.request(step.event) for step in stage.act.fences if isinstance(step, Emit))
    return max((request.deadline_ms for request in requests if request), default=0)


async def _answers(stage: Stage, asked: list[Asked], patience_s: float) -> list[bool]:
    return await asyncio.gather(*(_answer(stage, one, patience_s) for one in asked))


async def _answer(stage: Stage, one: Asked, patience_s: float) -> bool:
    return await stage.log.wait(one.answers, patience_s, since=one.since, actor=one.actor) is not None


async def _first_answer(stage: Stage, asked: list[Asked]) -> AnyEntry | None:
    """Wait for an answer on any socket."""

    def answers(entry: AnyEntry) -> bool:
        return any(one.answers(entry) for one in asked)

    return await _patiently(stage, answers, stage.run.is_mute, asked[0].since)


async def _patiently(
    stage: Stage, wanted: Callable[[AnyEntry], bool], in_vain: Callable[[], bool], since: int, actor: str | None = None
) -> AnyEntry | None:
    """Wait for an answer as long as one is given, unless it turns out meanwhile that the whole run has none."""
    until_s = stage.run.clock.now() + FENCE_S
    while (left_s := until_s - stage.run.clock.now()) > 0 and not (stage.run.lost.is_set() or stage.log.ended(actor)):
        found = await stage.log.wait(wanted, min(left_s, LOOK_S), since=since, actor=actor)
        if found is not None:
            return found
        if in_vain():
            break
    return None
