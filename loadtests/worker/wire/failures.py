"""Why a connection or a request failed, in constant texts: failures of one cause are one line of statistics."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import picows

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


class Exhausted(Failed):
    """There is nothing left on this machine to connect with."""


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
            return Failed("the connection was closed while it was made", str(error))
        case _:
            return Failed("the service did not answer as a websocket", str(error))
