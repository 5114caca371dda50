"""Payloads of the documented size are too large."""

from collections.abc import Iterator

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("payloads-up-to-the-limit-are-taken",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """The largest payload, where it is documented."""
    if bundle.max_payload_bytes is not None:
        yield Spot(name="largest payload")


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no request can carry so much: leave a text or binary field without `maxLength`"


class Lie(Lying):
    """Payloads of the documented size are too large."""

    def prepare(self) -> None:
        """Take half of it."""
        self.io.eio.max_http_buffer_size = (self.bundle.max_payload_bytes or 0) // 2
