"""A row of the table: a misbehaviour, and what a check has to make of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from conformance.model.act import Transport
from tests.hostile.service import Service
from tests.hostile.wire import Wire

Serve = Callable[[Wire], Awaitable[None]]
Certificate = Literal["expired", "another host", "self-signed", "none"]
"""`none` is a server at an https address that speaks no TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    step: str = "none"
    """The step at which it misbehaves; the name of its file."""
    what: str
    """The misbehaviour, in a sentence of which the server is the subject."""
    code: int
    """The exit code of a check."""
    says: str
    """How the first line of its message begins; `{url}` stands for the address."""
    worker: str
    """How what a socket and a call of a load say of it begins."""
    serve: Serve | None = None
    """What is done with a connection."""
    service: Callable[[], Service] | None = None
    """Or a service that is honest in all but one step."""
    tls: Certificate | None = None
    closed: bool = False
    """Whether nothing listens at the address."""
    transport: Transport = "websocket"
    sample: bool = False
    """Whether it is played by `make test`."""
