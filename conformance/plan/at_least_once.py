"""The act about broadcasts that are sent until they are acked: whether they stop once they were."""

from __future__ import annotations

from conformance.model.act import Act, Insist, Step
from conformance.plan.questions import asking, question, repeatable
from conformance.plan.stimulus import Setting, act, connect, cue, enter, room_broadcasts
from contracts.model import Bundle
from contracts.model import Request as ClientRequest

TRIES = 7
"""How often is asked whether it comes once more: for two and a half seconds, with pauses that double."""

MANY = 8
"""Repetitions after which no more are waited for: the first of them may have been on their way."""


def acked(setting: Setting) -> Act | None:
    """`bob` acks what `ann` causes, then asks again and again: the answers show that the ack has been read."""
    asked = _question(setting.bundle)
    room = setting.room("acked", "1")
    fit = [one for one in room_broadcasts(setting.bundle) if one.at_least_once]
    cues = [one for number, broadcast in enumerate(fit) if (one := cue(setting, broadcast, room, "ann", f"u{number}"))]
    if asked is None or not cues:
        return None
    steps: list[Step] = []
    for one in cues:
        ask = asking(setting.bundle, asked, room, "bob")
        again = Insist(actor="bob", tries=(ask,) * TRIES, heard=(one.heard_by("bob"),) * TRIES, count=MANY)
        steps += [one.step, one.heard_by("bob"), again]
    return act("acked", (room,), connect("ann", "bob"), enter(setting, room, "ann", "bob"), *steps)


def _question(bundle: Bundle) -> ClientRequest | None:
    """What is answered and can be repeated: a question, or a join that nobody hears of."""
    joins = (one for one in bundle.requests() if one.reply and repeatable(one))
    return question(bundle) or next(joins, None)
