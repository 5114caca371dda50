"""Why nothing was found on a subject: the cause, and where a setting would change it the setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from conformance.analysis.reading import Reading
from conformance.judge.rule import Rule
from conformance.model.act import Act, InOrder, Request, Step, Together
from conformance.model.transcript import ADMITTED, Called, Missed, Refused
from conformance.plan.stimulus import Planner, Setting
from conformance.target.triggers import Equipped
from contracts.model import Bundle

INTERRUPTED = "the run was interrupted before it was seen"
"""Why nothing is said of a subject: acts of its rule were not over, or its rule was not come to."""


def reason(
    rule: Rule,
    subject: str,
    bundle: Bundle,
    equipped: Equipped,
    readings: Sequence[Reading],
    *,
    cut_short: bool = False,
) -> str:
    """Why a rule found nothing on a subject.

    Args:
        bundle: the contracts as documented.
        equipped: the contracts as the target can be made to keep them.
        readings: what was played, over one transport.
        cut_short: whether the run was interrupted before it was seen.
    """
    if subject in equipped.reasons:
        return equipped.reasons[subject]
    event = bundle.events.get(subject)
    if event and event.request and event.request.by_peer:
        return "another service emits it, and a check cannot act as one"
    if cut_short:
        return INTERRUPTED
    if _none_connected(readings):
        return "no socket could connect: see socket-connects"
    acts = [_name(planner) for planner in rule.acts]
    refused = list(_refused(readings))
    found = [
        *_renamed(subject, readings),
        *(f"its trigger {text}" for caused, _, text in refused if caused == subject),
        *_lacking(rule, subject, bundle, equipped),
        *(f"the trigger of {caused} {text}" for caused, act, text in refused if act in acts),
    ]
    return found[0] if found else f"nothing that it is judged by happened in the acts {', '.join(acts)}"


def left_out(rule: Rule, subject: str, bundle: Bundle, equipped: Equipped) -> bool:
    """Whether a subject was not to be judged at all, since the settings of the target or the contracts leave it out.

    Args:
        equipped: the contracts as the settings say that the target keeps them, whatever it then turned out to serve.
    """
    event = bundle.events.get(subject)
    by_peer = event is not None and event.request is not None and event.request.by_peer
    return by_peer or subject in equipped.reasons or any(_lacking(rule, subject, bundle, equipped))


def _none_connected(readings: Sequence[Reading]) -> bool:
    """Whether sockets were to connect, and none did, or was let in."""
    tried = any(missed.is_connection for one in readings for _, missed in one.each(Missed))
    turned = any(refused.token in ADMITTED for one in readings for _, refused in one.each(Refused))
    return (tried or turned) and not any(one.actors() for one in readings)


def _renamed(subject: str, readings: Sequence[Reading]) -> Iterator[str]:
    for reading in readings:
        for provocation in reading.provocations:
            if provocation.event == subject and reading.new_name(provocation) is not None:
                yield reading.why_unheard(provocation)


def _refused(readings: Sequence[Reading]) -> Iterator[tuple[str, str, str]]:
    """(event, act, what was called and what came back) of each trigger that was not taken."""
    for reading in readings:
        for _, called in reading.each(Called):
            call = reading.bundle.calls.get(called.call)
            if call and call.trigger and called.status not in call.status:
                text = call.trigger.refusal(called.path, called.status, called.answer)
                yield call.trigger.event, reading.transcript.act, text


def _lacking(rule: Rule, subject: str, bundle: Bundle, equipped: Equipped) -> Iterator[str]:
    """That a subject is seen by documented calls alone, where the target does not have them."""
    lacked = bundle.calls.keys() - equipped.bundle.calls.keys()
    if not lacked:
        return
    seen_by_reading = subject not in bundle.events
    if any(bundle.calls[name].title == subject for name in lacked) or any(
        _needs(planner, bundle, equipped.bundle, lacked, seen_by_reading) for planner in rule.acts
    ):
        yield equipped.otherwise


def _needs(planner: Planner, bundle: Bundle, had: Bundle, lacked: Iterable[str], seen_by_reading: bool) -> bool:
    """Whether an act cannot be played without these calls, or makes calls among them that cause no broadcast."""
    whole = planner(Setting(bundle=bundle, nonce=""))
    if whole is None:
        return False
    reads = {name for name in lacked if bundle.calls[name].broadcast is None}
    return planner(Setting(bundle=had, nonce="")) is None or (seen_by_reading and bool(reads & set(_calls(whole))))


def _calls(act: Act) -> Iterator[str]:
    def of(steps: Iterable[Step]) -> Iterator[str]:
        for step in steps:
            if isinstance(step, Together | InOrder):
                yield from of(step.steps)
            elif isinstance(step, Request):
                yield step.call

    return of(act.steps)


def _name(planner: Planner) -> str:
    return planner.__name__.replace("_", "-")
