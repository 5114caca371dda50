"""What to do about the HTTP status of a server that gave no handshake."""

from __future__ import annotations

BY_STATUS = {
    401: "the service wants a token before it opens a session: give it with --token, --jwt-key or [auth]",
    403: "the service or a proxy forbids the handshake: check the token, and the headers and origins that it asks for",
    429: "the service limits the rate of handshakes: wait, or raise its limit for this address",
    500: "the service failed over the handshake: its log says why",
    502: "a proxy is there, and the service behind it does not answer: start the service, or correct the proxy",
    503: "the service or a proxy says that it is not available: start it, or wait for it with --wait-for",
    504: "a proxy is there, and the service behind it does not answer in time: start the service, or correct the proxy",
}
"""What to do about a status that says that the address is right."""
