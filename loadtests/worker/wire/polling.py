"""The requests of a polling handshake, with the cookies by which a load balancer knows the node of a client."""

from __future__ import annotations

from collections.abc import Mapping

from loadtests.worker.wire import codec
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed, Refused
from loadtests.worker.wire.http import Http, Unanswered, jar


class Polling:
    """The polling side of one session, before it moves to a websocket."""

    def __init__(self, address: Address, http: Http, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self._address, self._http, self._query = address, http, query
        # The service's cookies go into one header with those that were given.
        given = next((value for name, value in headers.items() if name.lower() == "cookie"), "")
        self._headers = {name: value for name, value in headers.items() if name.lower() != "cookie"}
        self._lines = "".join(f"{name}: {value}\r\n" for name, value in self._headers.items())
        self._cookies = dict(part.split("=", 1) for part in given.split("; ") if "=" in part)

    async def poll(self, method: str, sid: str | None, body: bytes | None = None) -> list[bytes]:
        """The packets that answer a request.

        Raises:
            Failed: it was not answered with packets.
        """
        path = self._address.query("polling", sid, self._query)
        try:
            status, answer = await self._http.call(method, path, body, self._lines, self._cookies)
        except Unanswered as error:
            raise Failed(str(error)) from error
        if status != 200:
            raise Refused("the polling handshake was refused", f"HTTP {status}")
        return answer.split(codec.SEPARATOR)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the websocket's handshake."""
        return {**self._headers, "Cookie": jar(self._cookies)} if self._cookies else self._headers
