"""A connection is refused in other words than documented."""

from collections.abc import Iterator
from typing import Any

import socketio

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.gate import Refused, shown_by
from contracts.model import Bundle
from contracts.refusal import REASONS

CAUGHT_BY = ("bad-token-is-refused",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of bad token, where the contracts say what its refusal says."""
    if bundle.refusal is not None:
        for fault in REASONS:
            form = bundle.refusal.of(fault)
            if form.message is not None or form.message_prefix is not None or form.data is not None:
                yield Spot(name=fault)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no check shows such a token: give the target a key to sign tokens with"


class Lie(Lying):
    """A connection is refused in other words than documented."""

    async def on_connect(self, sid: str, namespace: str, environ: dict[str, Any], auth: Any) -> None:
        """Say no, and nothing more."""
        try:
            self.gate.user(shown_by(environ, auth))
        except Refused as refused:
            if refused.fault == self.spot.name:
                raise socketio.exceptions.ConnectionRefusedError("no") from refused
        await super().on_connect(sid, namespace, environ, auth)
