"""The packet that opens an Engine.IO session."""

from __future__ import annotations

from typing import Any

from conformance.support.opening import BadOpening, opening_of
from loadtests.worker.wire.failures import Broken, Failed, cut


def session_of(text: bytes) -> dict[str, Any]:
    """What the service says of the session: `sid`, `pingInterval` and `pingTimeout` in ms, and more.

    Raises:
        Broken: a field of it cannot be used.
        Failed: it opens no session.
    """
    try:
        if text[:1] != b"0":
            raise ValueError(f"got {cut(text.decode('utf-8', 'replace')) or 'an empty packet'}")
        return opening_of(text.decode())
    except BadOpening as error:
        raise Broken("the Engine.IO handshake is broken", str(error)) from None
    except ValueError as error:
        raise Failed("the service opened no Engine.IO session", cut(error)) from None
