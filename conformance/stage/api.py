"""HTTP calls of an act, each written down with its answer; the token never is."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import httpx

from conformance.model import HTTP, Called, Request, Token
from conformance.stage.log import Log
from conformance.target import Target
from contracts.model import Bundle

CALL_S = 10.0
"""How long an HTTP call may take before it counts as unanswered: the limit of common load balancers' health checks."""

MOST_CONNECTIONS = 20
"""HTTP connections at once: enough to post a page of messages in a few round trips, few enough for any server."""

CALLER_ROLE = "ADMIN"
"""Calls are made as a dispatcher's desk, which may add and remove others."""


class Api:
    """The service's HTTP side."""

    def __init__(self, bundle: Bundle, target: Target, caller: str) -> None:
        self._bundle = bundle
        self._target = target
        self._caller = caller
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS)
        self._client = httpx.AsyncClient(base_url=target.api_url, limits=limits, timeout=CALL_S)
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._tokens: dict[Token, str | None] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def token(self, kind: Token) -> str | None:
        """The caller's token of that kind, made once."""
        if kind not in self._tokens:
            self._tokens[kind] = self._target.auth.mint(self._caller, CALLER_ROLE, kind)
        return self._tokens[kind]

    async def call(self, log: Log, request: Request, params: dict[str, Any], body: Any) -> Called:
        """Make a call and write it down, answered or not."""
        call = self._bundle.calls[request.call]
        path = "/".join(
            quote(str(params[part[1:]]), safe="") if part.startswith(":") else part for part in call.path.split("/")
        )
        token = self.token(request.token)
        headers = {"authorization": f"Bearer {token}"} if token is not None else {}
        options: dict[str, Any] = {"headers": headers, "params": dict(request.query)}
        if request.raw is not None:
            options["content"] = request.raw.encode()
            headers["content-type"] = "application/json"
        elif body is not None:
            options["json"] = body
        status: int | None = None
        answer: Any
        # The queue for a connection is ours: the call begins when it has one.
        async with self._places:
            began_s = log.clock.now()
            try:
                async with asyncio.timeout(CALL_S):
                    response = await self._client.request(call.method, path, **options)
                status, answer = response.status_code, _decoded(response)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                answer = f"no answer: {error or type(error).__name__}"
            except TimeoutError:
                answer = f"no whole answer within {CALL_S:g} s"
        entry = Called(
            at_s=began_s,
            actor=HTTP,
            call=call.name,
            method=call.method,
            path=path,
            params=params,
            query=dict(request.query),
            body=request.raw if request.raw is not None else body,
            token=request.token if token is not None else "none",
            status=status,
            answer=answer,
            done_s=log.clock.now(),
        )
        log.add(entry)
        return entry


def _decoded(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return response.text
