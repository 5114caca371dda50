"""HTTP calls of an act, each written down with its answer; the token never is."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote

import httpx

from conformance.model.act import HTTP, Request, Token
from conformance.model.transcript import TIMED_OUT, Called
from conformance.stage.clients.intake import CHUNK, TooMuch, body_of
from conformance.stage.clients.network import http_client
from conformance.stage.clients.recorder import Recorder
from conformance.stage.clients.tokens import Minter
from conformance.support.descriptors import OutOfDescriptors, is_out, shortage
from conformance.support.errors import UsageError
from conformance.support.strict_json import parsed
from conformance.support.template import written
from conformance.target.target import CALL_S, Person, Target
from contracts.model import Bundle, Call

MOST_CONNECTIONS = 20
"""HTTP connections at once: enough to post a page of messages in a few round trips, few enough for any server."""


MOST_LARGE = 4
"""Large bodies that are read at once: each may grow to what a body may have."""

BEYOND_S = 4.0
"""What a call or a connection may take beyond `--timeout`, where the settings do not say how long one may take."""

IMPATIENT, IMPATIENT_S = 1, 1.0
"""After so many calls in a row that timed out, the next are waited for so long. What is not answered is not accused."""

GIVEN_UP = 3
"""After so many none is made any more."""

CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""What httpx raises where the service closes a connection that it was to answer on."""


class Api:
    """The service's HTTP side, at each node or in one place."""

    def __init__(
        self, bundle: Bundle, target: Target, caller: str, minter: Minter, timeout_s: float | None = None,
        unanswered: int = 0,
    ) -> None:  # fmt: skip
        """`unanswered` is how many calls in a row have timed out before."""
        self._bundle = bundle
        self._target = target
        self._minter = minter
        # Calls are made as a dispatcher's desk, which may add and remove others.
        self._caller = (caller, target.auth.caller_role or bundle.caller_role)
        self._idle: list[list[httpx.AsyncClient]] = [[] for _ in target.api_urls]
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._tokens: dict[tuple[Token, str], tuple[str | None, float]] = {}
        self._large = asyncio.Semaphore(MOST_LARGE)
        self._made = 0
        is_usual = timeout_s is not None and target.call_s == CALL_S
        self._call_s = min(target.call_s, (timeout_s or 0.0) + BEYOND_S) if is_usual else target.call_s
        self._unanswered = unanswered
        """Calls in a row that timed out."""

    @property
    def is_given_up(self) -> bool:
        """Whether no call is made any more, since the last ones were not answered."""
        return self._unanswered >= GIVEN_UP

    async def close(self) -> None:
        """Close the connections."""
        for client in chain.from_iterable(self._idle):
            await client.aclose()

    async def token(self, kind: Token, room: str = "") -> str | None:
        """The caller's token of that kind, made anew before it expires; one for each room where tokens speak of one."""
        key = (kind, room if self._target.auth.of_each_room else "")
        if key not in self._tokens or not self._target.auth.is_fresh(self._tokens[key][1]):
            (user, role), minted_s = self._caller, time.time()
            minted = await self._minter.mint(Person(user=user, role=role, sos=room), kind)
            self._tokens[key] = minted.token, minted_s
        return self._tokens[key][0]

    async def call(self, log: Recorder, request: Request, params: dict[str, Any], body: Any) -> Called:
        """Make a call and write it down, answered or not. Calls that name no node take turns.

        Raises:
            UsageError: nothing answers there any more; it was not made.
        """
        if self.is_given_up:
            raise UsageError(f"the last {self._unanswered} calls were not answered")
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
        attempt = _Attempt()
        # The queue for a connection is ours: the call begins when it has one.
        async with self._places:
            began_s = log.clock.now()
            work = self._request(node, attempt, call.method, path, **options)
            status, answer, fault = await self._answered(log, work)
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

    async def _answered(
        self, log: Recorder, request: Coroutine[Any, Any, tuple[int, bytes]]
    ) -> tuple[int | None, Any, str]:
        """Status and body of an answer, and why `JSON.parse` would refuse it; no status where none came, and why.

        Raises:
            OutOfDescriptors: this process can open no more connections.
        """
        limit_s = min(self._call_s, IMPATIENT_S) if self._unanswered >= IMPATIENT else self._call_s
        try:
            async with asyncio.timeout(limit_s):
                status, whole = await _unless(log.lost, request)
            log.meter.add(len(whole))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TooMuch) as error:
            if is_out(error):
                raise OutOfDescriptors(shortage()) from error
            return None, f"no answer: {error or type(error).__name__}", ""
        except TimeoutError:
            self._unanswered += 1
            return None, f"{TIMED_OUT} {limit_s:g} s", ""
        self._unanswered = 0
        return status, *_decoded(whole)

    async def _request(self, node: int, attempt: _Attempt, method: str, path: str, **options: Any) -> tuple[int, bytes]:
        """Make a request: the status and the body.

        It is made once more over a fresh connection where a reused one was closed before anything came back.

        A service may close an idle connection at any time, and most often does so as a request is on its way
        (RFC 9112 §9.3.1). Where it is not idempotent, the record says that it was sent twice.
        """
        try:
            async with self._connection(node) as client:
                return await self._whole(client, method, path, extensions={"trace": attempt.note}, **options)
        except CLOSED:
            if attempt.connected or attempt.answered:
                raise
        attempt.tries += 1
        async with http_client(self._target, self._target.api_urls[node], self._target.call_s) as fresh:
            return await self._whole(fresh, method, path, **options)

    async def _whole(self, client: httpx.AsyncClient, method: str, path: str, **options: Any) -> tuple[int, bytes]:
        async with client.stream(method, path, **options) as response:
            encoding = response.headers.get("content-encoding", "")
            return response.status_code, await body_of(response.aiter_raw(CHUNK), encoding, large=self._large)

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


async def _unless(lost: asyncio.Event, work: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
    """What comes of work, which ends when the service is gone.

    Raises:
        httpx.ReadError: it is.
    """
    working, gone = asyncio.ensure_future(work), asyncio.ensure_future(lost.wait())
    both: set[asyncio.Future[Any]] = {working, gone}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise httpx.ReadError("the service is gone")
    finally:
        gone.cancel()
        working.cancel()


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


def _decoded(body: bytes) -> tuple[Any, str]:
    """The body, and why `JSON.parse` would refuse it, where Python reads it as JSON."""
    try:
        return parsed(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace"), ""
