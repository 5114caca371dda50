"""Packets of long polling."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

SEPARATOR = "\x1e"
"""Between the packets of one body."""


def packets_of(body: bytes) -> Iterator[str | bytes]:
    """The packets of a body; binary ones are written in base64 behind a `b`.

    Raises:
        ValueError: it is no UTF-8, or no base64.
    """
    if not body:
        return
    for packet in body.decode().split(SEPARATOR):
        if packet.startswith("b"):
            try:
                yield base64.b64decode(packet[1:], validate=False)
            except binascii.Error as error:
                raise ValueError(f"a binary packet is no base64: {error}") from error
        else:
            yield packet
