"""A socket with a missing or bad token is let in."""

from collections.abc import Iterator

from conformance.lying.lenient import Lenient
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from contracts.model import Bundle
from contracts.refusal import REASONS

CAUGHT_BY = ("bad-token-is-refused",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every kind of bad token, where the contracts say how it is refused."""
    if bundle.refusal is not None:
        for fault in REASONS:
            yield Spot(name=fault)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no check shows such a token: give the target a key to sign tokens with"


class Lie(Lying):
    """A socket with a missing or bad token is let in."""

    def prepare(self) -> None:
        """Let it in."""
        self.gate = Lenient(self.gate.auth, self.spot.name, callers=False)
