"""Questions to the service: requests that are answered and change nothing."""

from __future__ import annotations

from conformance.model.act import Emit, Step
from conformance.plan.payloads import valid_payload
from conformance.plan.stimulus import Setting, signal
from contracts.model import Bundle
from contracts.model import Request as ClientRequest


def question(bundle: Bundle) -> ClientRequest | None:
    """A request that is answered and does nothing else, so that it can be repeated; the roster if there is one."""
    asked = [r for r in bundle.free_requests() if r.reply and not r.membership and not r.broadcast and not r.most_per_s]
    return min(asked, key=lambda request: (request is not bundle.roster_request(), request.event), default=None)


def repeatable(request: ClientRequest) -> bool:
    """Whether a request can be repeated by many sockets at any time: nobody else hears of it, and nobody goes."""
    can_repeat = not (request.broadcast or request.most_per_s or request.given)
    return can_repeat and request.membership in (None, "enter")


def asking(bundle: Bundle, request: ClientRequest, room: str, actor: str) -> Emit:
    """A request that asks for an ack where it is answered, and waits for the answer, by whichever way."""
    named = (request.reply.event,) if request.reply and request.reply.event else ()
    payload = valid_payload(bundle, request, room)
    return Emit(actor=actor, event=request.event, args=(payload,), ack=request.reply is not None, answered=named)


def asked_last(setting: Setting, room: str, actor: str, *, sender: str | None, mark: str) -> list[Step]:
    """Something asked for now that arrives at an actor in the room: what was to come to it before has come, or is lost.

    Args:
        sender: of a broadcast, where the contract has no question; None where the actor hears no broadcast any more.
    """
    request = question(setting.bundle)
    if request is not None:
        return [asking(setting.bundle, request, room, actor)]
    one = signal(setting, room, sender, mark) if sender else None
    return [one.step, one.heard_by(actor)] if one else []
