"""How much a service may send, in a check and in a load: what is kept of it fits into memory, and runs come to an end.

Who sends more is cut off. What came until then is judged, and the rest is inconclusive.
"""

from __future__ import annotations

MESSAGE_BYTES = 1_000_000
"""Of one message, where the handshake does not announce a larger maxPayload: the default of Socket.IO's server."""

MOST_MESSAGE_BYTES = 4_000_000
"""Of one message, whatever the handshake announces; about what aiohttp takes by itself. The roster of a room of 20,000
fits."""

BODY_BYTES = 2_000_000
"""Of the body of an HTTP answer, after decompression: far more than a page of a list."""

DRAWN_PER_S = 200
"""Packets a second that a browser can still draw something for."""

PACKETS_PER_S = 10 * DRAWN_PER_S
"""Of one socket within a second, pings included."""

AFTER_FLOOD = 100
"""Packets of one socket in all, once one of the run was flooded: the others of the same service are not waited for."""
