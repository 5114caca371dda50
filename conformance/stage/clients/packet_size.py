"""How large a packet may be: `maxPayload` of the handshake, which an Engine.IO server hangs up above."""

from __future__ import annotations

from conformance.model.act import Filler

FILLED = 0.95
"""Of the largest packet: the rest is for its name and, over polling, for the other packets of the same request."""


BASE64 = 3 / 4
"""The bytes of a binary message over its characters in base64, in which polling sends it."""


def least(*most_bytes: int | None) -> int | None:
    """The smallest of several limits, of which any may not be known."""
    return min((one for one in most_bytes if one is not None), default=None)


class TooBig(Exception):
    """A packet is larger than the service takes, by its handshake or its contract; it may end the connection."""


def fitted(filler: Filler, most_bytes: int | None, *, in_base64: bool) -> str:
    """A text as long as one packet may carry beside its other parts, and at most what is asked for.

    Raises:
        TooBig: not even the least of it fits.
    """
    share = FILLED * BASE64 if in_base64 else FILLED
    count = filler.most if most_bytes is None else min(filler.most, int(most_bytes * share))
    if count < filler.least:
        raise TooBig(f"a packet of this service has {most_bytes} bytes at most (maxPayload)")
    return filler.text(count)


def check_size(encoded: str | bytes, most_bytes: int | None, *, in_base64: bool) -> None:
    """Refuse a packet that the service does not take.

    Raises:
        TooBig: with its size.
    """
    size = len(encoded.encode()) if isinstance(encoded, str) else len(encoded)
    size = -(-size // 3) * 4 + 1 if in_base64 else size
    if most_bytes is not None and size >= most_bytes:
        raise TooBig(f"it has {size} bytes, and a packet of this service {most_bytes} at most (maxPayload)")
