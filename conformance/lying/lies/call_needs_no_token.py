"""A call with a missing or bad token is served."""

from collections.abc import Iterator

from conformance.lying.lenient import Lenient
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from contracts.model import Bundle
from contracts.refusal import REASONS

CAUGHT_BY = ("bad-token-is-401",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of bad token, where a call can be made with it."""
    if bundle.refusal is not None and (bundle.by_role("list") or bundle.by_role("read")):
        for fault in REASONS:
            yield Spot(name=fault)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no check shows such a token: give the target a key to sign tokens with"


class Lie(Lying):
    """A call with a missing or bad token is served."""

    def prepare(self) -> None:
        """Serve it."""
        self.gate = Lenient(self.gate.auth, self.spot.name, callers=True)
