"""Whether a target answers as a Socket.IO service at all, asked before a run and when something breaks off."""

from __future__ import annotations

import asyncio
import json

import httpx

from conformance.target import Target, Unreachable
from contracts.schema import shown

ANSWER_S = 5.0
"""How long the handshake may take before the target counts as not reachable."""

UNKNOWN_TRANSPORT = 0
UNSUPPORTED_PROTOCOL = 5
"""Error codes of Engine.IO 4 servers: a transport that is not enabled, a protocol of another version."""


async def reach(target: Target, answer_s: float = ANSWER_S) -> None:
    """Make one Engine.IO handshake over HTTP and end it again.

    Raises:
        Unreachable: nobody listens, or what answers is no Socket.IO service; says which.
    """
    path = target.path
    async with httpx.AsyncClient(base_url=target.url, timeout=answer_s) as client:
        try:
            response = await asyncio.wait_for(_shaken(client, path), answer_s)
            if response is None:
                return
        except (httpx.TimeoutException, TimeoutError) as error:
            raise Unreachable(f"{target.url} did not answer within {answer_s:g} s") from error
        except httpx.ConnectError as error:
            raise Unreachable(f"nothing answers at {target.url}: {error}") from error
        except httpx.HTTPError as error:
            why = str(error) or "it broke the connection off"
            raise Unreachable(f"{target.url} listens, but does not speak HTTP: {why}") from error
        except (ValueError, RecursionError) as error:
            raise Unreachable(f"{target.url}{path} sent a broken Engine.IO handshake: {error}") from error
    _explain(target, response)


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


def _explain(target: Target, response: httpx.Response) -> None:
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
    where = f"{target.url}{target.path}"
    if code == UNSUPPORTED_PROTOCOL:
        raise Unreachable(
            f"{where} is a Socket.IO server of an older protocol: expected Engine.IO 4 (Socket.IO 3 or 4)"
        )
    got = f"{response.status_code} {shown(response.text)}"
    raise Unreachable(f"{where} is not a Socket.IO service: expected an Engine.IO 4 handshake, got {got}")
