"""Whether a run saw enough to be called a success, and if not, why.

A service that turns every socket away breaks no clause that could be seen: what was not seen is never green.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.analysis.reading import read
from conformance.model.payload import payload_of
from conformance.model.transcript import (
    ADMITTED,
    UNCONNECTED,
    Acked,
    Got,
    Marked,
    Missed,
    Opened,
    Refused,
    Sent,
    Transcript,
)
from conformance.model.verdict import NotExercised, Outcome, Verdict, summary, verified_percent
from conformance.plan.promises import SOUNDINGS
from contracts.model import Bundle
from contracts.parts import part_of
from contracts.schema import shown

ENOUGH_PERCENT = 50.0
"""How much of what was to be judged has to be verified where `--min-verified` says nothing: a run that saw less than
half of the clauses says more about the set-up than about the service."""

_SOUNDED = {planner.__name__ for planner in SOUNDINGS}


def doubt(
    bundle: Bundle,
    transcripts: Sequence[Transcript],
    verdicts: Sequence[Verdict],
    not_exercised: Sequence[NotExercised],
    *,
    least_percent: float,
    whole: bool,
) -> str:
    """Why a run without failures is no success; empty where it is one.

    Args:
        bundle: the contracts that the transcripts are read with.
        whole: no rule and no subject was left out by choice. Otherwise only acts of the selected rules have to get a
            member into a room, if they try to.
    """
    counts = summary(verdicts)
    if not counts["pass"] + counts["warning"] + counts["known"]:
        unconnected = bool(transcripts) and not any(_opened(transcript) for transcript in transcripts)
        why = f": {_unjoined(bundle, transcripts)}" if unconnected else _commonest(verdicts, not_exercised)
        return f"nothing was verified{why}"
    tried = [one for one in transcripts if whole or (one.act not in _SOUNDED and any(_joins(bundle, one)))]
    if has_rooms(bundle) and tried and not any(_has_member(bundle, one) for one in transcripts):
        return f"no socket became a member of a room: {_unjoined(bundle, transcripts)}"
    percent = verified_percent(verdicts, not_exercised)
    if percent < least_percent:
        why = _commonest(verdicts, not_exercised)
        return (
            f"{percent:.0f} % of what was to be judged was verified, under the {least_percent:g} % that it takes{why}"
        )
    return ""


def has_rooms(bundle: Bundle) -> bool:
    """Whether the contracts say that anything goes to a room, or that a request changes who is in one."""
    return any(one.to_room for one in bundle.broadcasts()) or any(one.membership for one in bundle.requests())


def _joins(bundle: Bundle, transcript: Transcript) -> Iterator[tuple[int, Sent]]:
    for index, entry in enumerate(transcript.entries):
        request = bundle.request(entry.event) if isinstance(entry, Sent) else None
        if isinstance(entry, Sent) and request is not None and request.membership == "enter":
            yield index, entry


def _has_member(bundle: Bundle, transcript: Transcript) -> bool:
    marks = [entry for entry in transcript.entries if isinstance(entry, Marked) and entry.mark == "in"]
    if any(mark.how != "assumed" for mark in marks):
        return True
    # One that was assumed is a member where it heard the room.
    return bool(marks) and any(stay.sure for stay in read(part_of(bundle, transcript.part), transcript).stays)


def _unjoined(bundle: Bundle, transcripts: Sequence[Transcript]) -> str:
    """What came of the attempts to connect and to join."""
    entries = [entry for transcript in transcripts for entry in transcript.entries]
    if not any(map(_opened, transcripts)):
        turned = [one.message for one in entries if isinstance(one, Refused) and one.token in ADMITTED]
        missed = [
            one.what.removeprefix(UNCONNECTED) for one in entries if isinstance(one, Missed) and one.is_connection
        ]
        told = [f"refused with {shown(text)}" for text in turned] + missed
        return "none could connect" + (f" ({Counter(told).most_common(1)[0][0]})" if told else "")
    if not bundle.has_way_in:
        return "the contracts have no request that enters one (`effect`: `membership`: `enter`)"
    made = [(transcript, index, sent) for transcript in transcripts for index, sent in _joins(bundle, transcript)]
    if not made:
        return "no join was sent"
    answers = Counter(said for transcript, index, sent in made if (said := _said(bundle, transcript, index, sent)))
    names = ", ".join(dict.fromkeys(sent.event for _, _, sent in made))
    if not answers:
        return f"none of {len(made)} joins ({names}) was answered, and nothing was heard in their rooms"
    said, count = answers.most_common(1)[0]
    return f"{count} of {len(made)} joins ({names}) were answered with {said}"


def _opened(transcript: Transcript) -> bool:
    return any(isinstance(entry, Opened) for entry in transcript.entries)


def _said(bundle: Bundle, transcript: Transcript, index: int, sent: Sent) -> str | None:
    """What a join was answered with: its ack, or the error event that came next."""
    for entry in transcript.entries[index + 1 :]:
        if isinstance(entry, Acked) and sent.ack is not None and (entry.actor, entry.ack) == (sent.actor, sent.ack):
            return shown(entry.args[0] if len(entry.args) == 1 else list(entry.args))
        if isinstance(entry, Got) and entry.actor == sent.actor and entry.event == bundle.errors:
            return f"{entry.event} {shown(payload_of(entry.args))}"
    return None


def _commonest(verdicts: Sequence[Verdict], not_exercised: Sequence[NotExercised]) -> str:
    """The commonest reason why something was not seen."""
    reasons = Counter(one.reason for one in not_exercised if not one.left_out)
    reasons.update(verdict.message for verdict in verdicts if verdict.outcome is Outcome.INCONCLUSIVE)
    if not reasons:
        return ""
    reason, count = reasons.most_common(1)[0]
    return f"; the commonest reason, {count} time{'s' if count != 1 else ''}: {reason}"
