"""Opening a websocket.

The faster transport of picows (aiofastnet) opens sockets through Python's `socket` module, which Locust has replaced by
gevent's, so it is not used.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import picows

from conformance.support.caps import MOST_MESSAGE_BYTES
from loadtests.worker.wire.address import Address

READ_BYTES = 512
"""The first size of a read buffer, which grows with what comes; picows' 16 KB would be most of what a socket costs."""

QUIET = logging.getLogger("roomcheck.sockets")
"""picows tells of every connection and of each frame that it cannot read; what ended a connection is told with it."""
QUIET.setLevel(logging.CRITICAL)


async def dial(listener: picows.WSListener, address: Address, url: str, headers: Mapping[str, str]) -> None:
    """Connect, and have the listener told of what comes.

    Raises:
        OSError, picows.WSError: there is no websocket.
    """
    await picows.ws_connect(
        lambda: listener,
        url,
        ssl_context=address.tls,
        websocket_handshake_timeout=address.connect_s,
        extra_headers=dict(headers) or None,
        max_redirects=0,  # A token that is shown goes to nobody but the target.
        enable_auto_pong=False,
        max_frame_size=MOST_MESSAGE_BYTES,
        read_buffer_init_size=READ_BYTES,
        use_aiofastnet=False,
        logger_name=QUIET,
    )
