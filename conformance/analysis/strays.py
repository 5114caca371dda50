"""Broadcasts that a bad request of anybody may be behind: they went to rooms that no subject has."""

from __future__ import annotations

from conformance.model.ids import SPOILT
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Got, Sent, Transcript
from contracts.model import Bundle


def strays_of(bundle: Bundle, transcript: Transcript) -> frozenset[int]:
    """Broadcasts to rooms such as `undefined`, at actors that asked to enter one: their entries."""
    own = set(transcript.rooms) - set(SPOILT)
    actors = {
        sent.actor
        for sent in transcript.entries
        if isinstance(sent, Sent)
        and room_of(bundle, payload_of(sent.args)) in SPOILT
        and (request := bundle.request(sent.event)) is not None
        and request.membership == "enter"
    }
    return frozenset(
        index
        for index, got in enumerate(transcript.entries)
        if isinstance(got, Got)
        and got.actor in actors
        and bundle.broadcast(got.event)
        and room_of(bundle, payload_of(got.args)) not in own
    )
