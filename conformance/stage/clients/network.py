"""The road to a target: TLS, proxies of the environment, common headers, for HTTP clients and sockets alike."""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
import urllib.request
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

import aiohttp
import httpx

from conformance.stage.clients.intake import ENCODINGS
from conformance.target.target import Target

IDLE_S = 1.0
"""How long an idle connection is used again: below the 2 s (gunicorn) and 5 s (Node, uvicorn) after which servers close
theirs, since one that is closed as a request is on its way loses the request."""

RECEIVED_BYTES = 131_072
"""What the kernel keeps of an answer that nobody reads. The event loop reads a socket as long as it gives full buffers
of 256 kB, up to 32 in one turn: without this bound each of many calls takes megabytes, whatever is done with them."""


def proxy_of(target: Target, url: str) -> str | None:
    """The proxy that the environment names for an address (`HTTP_PROXY` and its like; `NO_PROXY` keeps one out).

    This machine itself is never behind a proxy, whatever the environment says, as in curl's successors.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if target.direct or _is_here(host) or urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    found = urllib.request.getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@functools.cache
def public_tls() -> ssl.SSLContext:
    """The check of certificates by the public authorities, which takes 20 ms to load: once for all clients."""
    return httpx.create_ssl_context(trust_env=False)


def http_client(target: Target, url: str, timeout_s: float, limits: httpx.Limits | None = None) -> httpx.AsyncClient:
    """A client for HTTP calls at an address of the target."""
    return httpx.AsyncClient(
        base_url=url,
        timeout=timeout_s,
        headers={"Accept-Encoding": ENCODINGS, **target.common_headers()},
        trust_env=False,
        transport=httpx.AsyncHTTPTransport(
            verify=target.tls or public_tls(),
            proxy=proxy_of(target, url),
            trust_env=False,
            limits=limits or httpx.Limits(),
            socket_options=((socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES),),
        ),
    )


def socket_session(
    target: Target,
    url: str,
    kind: type[aiohttp.ClientWebSocketResponse] = aiohttp.ClientWebSocketResponse,
    trace_configs: Sequence[aiohttp.TraceConfig] = (),
) -> aiohttp.ClientSession:
    """What one socket connects with: cookies of its own, by which load balancers pin it, and connections of its own.

    Ending its connections is the only way to end a poll that a server holds.
    """
    proxy = proxy_of(target, url)
    auth = None
    if proxy:
        parts = urlsplit(proxy)
        if parts.username:
            auth = aiohttp.BasicAuth(unquote(parts.username), unquote(parts.password or ""))
            proxy = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ssl=target.tls or True, keepalive_timeout=IDLE_S),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        proxy=proxy,
        proxy_auth=auth,
        ws_response_class=kind,
        trace_configs=list(trace_configs),
        headers={"Accept-Encoding": ENCODINGS},
        auto_decompress=False,  # A body is decompressed within a bound.
    )
