"""Heads of HTTP requests as they go to the service: all of it unchanged but what names the proxy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Headers = list[tuple[bytes, bytes]]
"""Names and values as they were written."""

OWN_ADDRESS = (b"origin", b"referer")
"""Headers that may hold the address of the proxy, for which a page takes the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where requests go."""

    host: str
    port: int
    secure: bool = False

    @property
    def authority(self) -> str:
        """The `Host` that a client would send to the service itself."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self.secure else 'http'}://{self.authority}"


def request_head(service: Service, method: bytes, target: bytes, version: str, headers: Headers) -> bytes:
    """The head of a request, with the `Host` of the service.

    `Origin` and `Referer` name the service where they name the proxy: a page that was loaded through the proxy is of
    the same origin as the service, and stays so. All other headers go on as they are, those of one connection too,
    since each connection of a client has one of its own to the service.
    """
    lines = [b"%s %s HTTP/%s" % (method, target, version.encode())]
    lines += [b"%s: %s" % (name, value) for name, value in _addressed(service, headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _addressed(service: Service, headers: Headers) -> Iterator[tuple[bytes, bytes]]:
    asked = value_of(headers, b"host")
    own, there = b"http://" + asked, service.url.encode()
    for name, value in headers:
        match name.lower():
            case b"host":
                yield name, service.authority.encode()
            case lower if lower in OWN_ADDRESS and asked and (value == own or value.startswith(own + b"/")):
                yield name, there + value[len(own) :]
            case _:
                yield name, value


def value_of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The value of a header, given by its name in lower case; of several the first. Empty where there is none."""
    return next((value for key, value in headers if key.lower() == name), b"")
