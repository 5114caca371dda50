"""HTTP calls of an act, each written down with its answer; the token never is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote

import httpx

from conformance.model.act import HTTP, Request, Token
from conformance.model.transcript import TIMED_OUT, Called
from conformance.stage.clients.network import http_client
from conformance.stage.clients.recorder import Recorder
from conformance.stage.clients.tokens import Minter
from conformance.support.strict_json import parsed
from conformance.support.template import written
from conformance.target.target import Person, Target
from contracts.model import Bundle, Call

MOST_CONNECTIONS = 20
"""HTTP connections at once: enough to post a page of messages in a few round trips, few enough for any server."""


CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""What httpx raises where the service closes a connection that it was to answer on."""


class Api:
    """The service's HTTP side, at each node or in one place."""

    def __init__(self, bundle: Bundle, target: Target, caller: str, minter: Minter) -> None:
        self._bundle = bundle
        self._target = target
        self._minter = minter
        # Calls are made as a dispatcher's desk, which may add and remove others.
        self._caller = (caller, target.auth.caller_role or bundle.caller_role)
        self._idle: list[list[httpx.AsyncClient]] = [[] for _ in target.api_urls]
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._tokens: dict[tuple[Token, str], str | None] = {}
        self._made = 0

    async def close(self) -> None:
        """Close the connections."""
        for client in chain.from_iterable(self._idle):
            await client.aclose()

    async def token(self, kind: Token, room: str = "") -> str | None:
        """The caller's token of that kind, made once; once for each room where tokens speak of one."""
        key = (kind, room if self._target.auth.of_each_room else "")
        if key not in self._tokens:
            user, role = self._caller
            minted = await self._minter.mint(Person(user=user, role=role, sos=room), kind)
            self._tokens[key] = minted.token
        return self._tokens[key]

    async def call(self, log: Recorder, request: Request, params: dict[str, Any], body: Any) -> Called:
        """Make a call and write it down, answered or not. Calls that name no node take turns."""
        call = self._bundle.calls[request.call]
        node = self._made if request.node is None else request.node
        self._made += request.node is None
        node %= len(self._idle)
        path = _path(call, params)
        token = await self.token(request.token, str(params.get(self._bundle.room.key, "")))
        presented = self._target.auth.caller_place.presented(token)
        headers = presented.among({})
        if call.trigger:
            needs = {name.lower() for name in call.trigger.needs}
            headers |= {name: value for name, value in self._target.headers.items() if name.lower() in needs}
            headers |= {name: str(written(text, params)) for name, text in call.trigger.headers.items()}
        options: dict[str, Any] = {"headers": headers, "params": {**request.query, **presented.query}}
        if request.raw is not None:
            options["content"] = request.raw.encode()
            headers["content-type"] = "application/json"
        elif body is not None:
            options["json"] = body
        status: int | None = None
        answer: Any
        fault, attempt = "", _Attempt()
        # The queue for a connection is ours: the call begins when it has one.
        async with self._places:
            began_s = log.clock.now()
            try:
                async with asyncio.timeout(self._target.call_s):
                    response = await self._request(node, attempt, call.method, path, **options)
                status, (answer, fault) = response.status_code, _decoded(response)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                answer = f"no answer: {error or type(error).__name__}"
            except TimeoutError:
                answer = f"{TIMED_OUT} {self._target.call_s:g} s"
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
            node=self._target.api_urls[node] if len(self._idle) > 1 else None,
            fault=fault,
            tries=attempt.tries,
        )
        log.add(entry)
        return entry

    async def _request(self, node: int, attempt: _Attempt, method: str, path: str, **options: Any) -> httpx.Response:
        """Make a request; once more over a fresh connection where a reused one was closed before anything came back.

        A service may close an idle connection at any time, and most often does so as a request is on its way
        (RFC 9112 §9.3.1). Where it is not idempotent, the record says that it was sent twice.
        """
        try:
            async with self._connection(node) as client:
                return await client.request(method, path, extensions={"trace": attempt.note}, **options)
        except CLOSED:
            if attempt.connected or attempt.answered:
                raise
        attempt.tries += 1
        async with http_client(self._target, self._target.api_urls[node], self._target.call_s) as fresh:
            return await fresh.request(method, path, **options)

    @contextlib.asynccontextmanager
    async def _connection(self, node: int) -> AsyncIterator[httpx.AsyncClient]:
        """A client with one connection to a node, the one used last of those that are free.

        The pool of one client for all of them would poll each idle connection at each call.
        """
        idle = self._idle[node]
        client = idle.pop() if idle else http_client(self._target, self._target.api_urls[node], self._target.call_s)
        try:
            yield client
        finally:
            idle.append(client)


@dataclass(slots=True)
class _Attempt:
    """What became of a request on its way: whether it had a connection of its own, and whether an answer began."""

    tries: int = 1
    connected: bool = False
    answered: bool = False

    async def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of httpcore's trace."""
        self.connected = self.connected or event.startswith("connection.connect_tcp")
        self.answered = self.answered or event.endswith("receive_response_headers.complete")


def _path(call: Call, params: dict[str, Any]) -> str:
    """The call's path with its parameters, each encoded."""
    encoded = {name: quote(str(value), safe="") for name, value in params.items()}
    if call.trigger:
        return str(written(call.path, encoded))
    return "/".join(encoded[part[1:]] if part.startswith(":") else part for part in call.path.split("/"))


def _decoded(response: httpx.Response) -> tuple[Any, str]:
    """The body, and why `JSON.parse` would refuse it, where Python reads it as JSON."""
    try:
        return parsed(response.content)
    except (ValueError, RecursionError):
        return response.text, ""
