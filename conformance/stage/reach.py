"""Whether a target answers as a Socket.IO service at all, asked before a run and when something breaks off."""

from __future__ import annotations

import asyncio
import json

import httpx

from conformance.stage.road import http_client
from conformance.target import Target, Unreachable
from contracts.schema import shown

ANSWER_S = 5.0
"""How long the handshake may take before the target counts as not reachable."""

UNKNOWN_TRANSPORT = 0
UNSUPPORTED_PROTOCOL = 5
"""Error codes of Engine.IO 4 servers: a transport that is not enabled, a protocol of another version."""


AGAIN_S = 0.1
"""Between two tries of a target that is waited for."""


async def reach(target: Target, answer_s: float = ANSWER_S) -> None:
    """Make one Engine.IO handshake over HTTP with every node, and end it again.

    Raises:
        Unreachable: nobody listens, or what answers is no Socket.IO service; says which.
    """
    for made in await asyncio.gather(*(shake(target, url, answer_s) for url in target.urls), return_exceptions=True):
        if made is not None:
            raise made


async def awaited(target: Target, wait_s: float) -> None:
    """Reach a target that may not have begun to answer yet.

    Raises:
        Unreachable: it did not in `wait_s` seconds; says what it did last.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    while True:
        try:
            return await reach(target)
        except Unreachable as error:
            left_s = until_s - loop.time()
            if left_s <= 0:
                if not wait_s:
                    raise
                raise Unreachable(f"{error} (waited for {wait_s:g} s)") from error
        # Nothing tells when a service begins to listen: it is asked again.
        await asyncio.wait([loop.create_future()], timeout=min(AGAIN_S, left_s))


async def shake(target: Target, url: str, answer_s: float = ANSWER_S) -> None:
    """Make one Engine.IO handshake over HTTP with a node, and end it again.

    Raises:
        Unreachable: nobody listens, or what answers is no Socket.IO service; says which.
    """
    path = target.path
    async with http_client(target, url, answer_s) as client:
        try:
            response = await asyncio.wait_for(_shaken(client, path), answer_s)
            if response is None:
                return
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Unreachable(f"{url} did not answer within {answer_s:g} s") from error
        except httpx.ConnectError as error:
            raise Unreachable(f"nothing answers at {url}: {error}{_advice(error)}") from error
        except httpx.HTTPError as error:
            why = str(error) or "it broke the connection off"
            raise Unreachable(f"{url} listens, but does not speak HTTP: {why}") from error
        except (ValueError, RecursionError) as error:
            raise Unreachable(f"{url}{path} sent a broken Engine.IO handshake: {error}") from error
    _explain(f"{url}{path}", response)


def _advice(error: httpx.ConnectError) -> str:
    """What to do about a certificate that is not trusted."""
    if "CERTIFICATE_VERIFY_FAILED" not in str(error):
        return ""
    return " (name its authority with tls.ca_file or --ca, or trust anybody with --insecure)"


async def _shaken(client: httpx.AsyncClient, path: str) -> httpx.Response | None:
    """Shake hands over polling and say goodbye; what answered instead, if it was no handshake."""
    asked = {"EIO": "4", "transport": "polling"}
    response = await client.get(path, params=asked)
    if response.status_code != httpx.codes.OK or not response.text.startswith("0{"):
        return response
    opened = json.loads(response.text[1:].split("\x1e")[0])
    if not isinstance(opened, dict) or not isinstance(opened.get("sid"), str):
        raise ValueError("it has no sid")
    await client.post(path, params={**asked, "sid": opened["sid"]}, content="1")
    return None


def _explain(where: str, response: httpx.Response) -> None:
    """Take the refusal of a Socket.IO server that offers no polling; name anything else.

    Raises:
        Unreachable: it is no Socket.IO service, or one of another protocol.
    """
    try:
        document = response.json()
    except ValueError:
        document = None
    code = document.get("code") if isinstance(document, dict) and "message" in document else None
    if code == UNKNOWN_TRANSPORT:
        return
    if code == UNSUPPORTED_PROTOCOL:
        raise Unreachable(
            f"{where} is a Socket.IO server of an older protocol: expected Engine.IO 4 (Socket.IO 3 or 4)"
        )
    got = f"{response.status_code} {shown(response.text)}"
    raise Unreachable(f"{where} is not a Socket.IO service: expected an Engine.IO 4 handshake, got {got}")
