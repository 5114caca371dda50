"""What the first witness of something says, in words: the event, the room, the user and the publication. Pure."""

from __future__ import annotations

from dataclasses import asdict

from loadtests.dialects.dialect import Dialect
from loadtests.ledger.messages import Witnessed
from loadtests.ledger.publication import FirstOccurrence

MOST_SHOWN = 200
"""How much of a frame a line of a terminal shows."""

WHAT = {
    "lost": "did not get",
    "late": "got too late",
    "duplicate": "got more than once",
    "reordered": "got out of order",
    "leaked": "got what it must not get:",
}
"""What happened to the user of a witness; of anything else it is the reason that says it."""


def told(witness: FirstOccurrence, words: Dialect, run: str) -> Witnessed:
    """A witness as it leaves its process: with the user and the publication in words."""
    user = f"{run}-{witness.socket}" if witness.socket >= 0 else ""
    publication = words.named(run, witness.stream, witness.number)
    return Witnessed(**asdict(witness), user=user, publication=publication)


def sentence(one: Witnessed) -> str:
    """Who saw what, where."""
    user = f"user {one.user}" if one.user else "somebody"
    where = f" in {one.room}" if one.room else ""
    what = " ".join(part for part in (one.event, _named(one)) if part)
    did = WHAT.get(one.defect)
    said = f"{user}{where} {did} {what or 'an event'}" if did else f"{user}{where}" + (f", {what}" if what else "")
    return f"{said}: {one.why}" if one.why else said


def _named(one: Witnessed) -> str:
    return f"({one.publication})" if one.publication else ""


def line(one: Witnessed, most: int = MOST_SHOWN) -> str:
    """The first witness of a count, as a line of its own."""
    frame = f": {one.frame[:most]}" if one.frame else ""
    return f"first {one.defect}: {sentence(one)}{frame}"
