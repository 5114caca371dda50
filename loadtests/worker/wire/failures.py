"""Why a connection or a request failed, in constant texts: failures of one cause are one line of statistics."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import Any

import picows

from conformance.support.caps import MOST_MESSAGE_BYTES
from conformance.support.handshake_status import BY_STATUS
from conformance.support.printable import printable

LARGEST = f"more than {MOST_MESSAGE_BYTES / 1e6:g} MB"
CLOSED_EARLY = "the connection was closed while it was made"
LOST = "the connection was lost"

MOST_SHOWN = 200
"""Characters of what the service said that are told."""

UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT}

EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS}


class Failed(Exception):
    """A step of a connection or a request failed; the text is constant, so that failures of one cause are one line.

    Args:
        detail: what is told of the first of them: the text, and what the service said.
    """

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = f"{text}: {detail}" if detail else text


class Refused(Failed):
    """The service was reached, and would not have the connection."""


class Broken(Failed):
    """The service answered with a handshake that no client can use."""


class TooMuch(Failed):
    """The service has sent more than is taken."""


class Internal(Failed):
    """An error of Roomcheck ended the connection."""


class Exhausted(Failed):
    """There is nothing left on this machine to connect with."""


COUNTED = {
    Refused: "refused_sockets",
    Exhausted: "exhausted",
    Broken: "contract_failed",
    TooMuch: "cut_off",
    Internal: "own_error",
}
"""What a connection that failed is counted as, where its kind says it."""


def cut(text: object) -> str:
    """What the service said: printable, on one line, and not too long."""
    line = printable(" ".join(str(text).split()))
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}… ({len(line)} characters)"


def failed(error: OSError | picows.WSError) -> Failed:
    """Why a connection could not be made."""
    match error:
        case OSError() if error.errno in EXHAUSTED:
            return Exhausted("this machine has no file descriptor or port left")
        case ConnectionRefusedError():
            return Failed("the connection was refused")
        case socket.gaierror():
            return Failed("the name of the host is not known", str(error.strerror))
        case ssl.SSLCertVerificationError():
            return Failed("the certificate of the service is not trusted", error.verify_message)
        case ssl.SSLError():
            return Failed("TLS could not be agreed on", str(error.reason or error))
        case OSError() if error.errno in UNREACHABLE:
            return Failed("the host cannot be reached", os.strerror(error.errno or 0))
        case OSError():
            return Failed(CLOSED_EARLY, str(error))
        case picows.WSInvalidStatusError():
            return _refused(error)
        case picows.WSProtocolError():
            return Failed("the service sent an invalid websocket frame", str(error))
        case _:
            return Failed("the service did not answer as a websocket", cut(error))


def _refused(error: Any) -> Failed:
    """The handshake of the websocket was answered with another status than 101; an HTTP status is one line."""
    status, headers = int(error.response.status), error.response.headers
    text = f"the websocket handshake was answered with {status}"
    if 300 <= status < 400:
        to = f"it redirects to {cut(headers['location'])}" if headers.get("location") else "it does not say where to"
        return Failed(text, f"{to}; Socket.IO clients follow no redirect: use the URL that the service itself has")
    hint = BY_STATUS.get(status, "correct the URL, or `path` of the target")
    retry = f"Retry-After: {cut(headers['retry-after'])}" if headers.get("retry-after") else ""
    said = "" if "content-encoding" in headers else cut((error.raw_body or b"").decode("utf-8", "replace"))
    return Failed(text, "; ".join(filter(None, (said, retry, hint))))
