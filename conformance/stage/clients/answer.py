"""What is read of an HTTP answer to the request of a handshake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import aiohttp

from conformance.stage.clients.intake import CHUNK, TooMuch, body_of
from conformance.stage.clients.refusal import SHOWN_BODY

REFUSAL_BYTES = 100_000
"""Of the body of a refusal, of which a few words are shown."""


def told_by(headers: Mapping[str, str] | None) -> str:
    """What the headers of a refusal say: where it redirects to, or when to try again."""
    found = headers or {}
    retry = found.get("retry-after", "")
    return found.get("location", "") or (f"Retry-After: {retry}" if retry else "")


async def text_of(answer: aiohttp.ClientResponse) -> str:
    """The text of a refusal, or its beginning where it is long."""
    kept = bytearray()

    async def chunks() -> AsyncIterator[bytes]:
        async for chunk in answer.content.iter_chunked(CHUNK):
            kept.extend(chunk)
            yield chunk

    try:
        return (await body_of(chunks(), encoding_of(answer), REFUSAL_BYTES)).decode(errors="replace")
    except TooMuch:
        plain = not encoding_of(answer)
        return f"{kept[:SHOWN_BODY].decode(errors='replace') if plain else ''} (a body of more than 0.1 MB)"


def encoding_of(answer: aiohttp.ClientResponse) -> str:
    """The `Content-Encoding` of an answer; empty for none."""
    return answer.headers.get("content-encoding", "")
