"""Ending a connection by a reset, as a client does that has lost its network or its power."""

from __future__ import annotations

import os
import socket
import struct


def reset(descriptor: int) -> None:
    """Have the kernel end a connection by a reset when it is closed (`SO_LINGER` of 0 s)."""
    if descriptor >= 0:
        # Of a copy of the descriptor: whose socket it is, libuv must not lose.
        with socket.socket(fileno=os.dup(descriptor)) as copy:
            copy.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
