"""A load in the process of the tests: users whose steps a test writes, and the ledger of what came of them."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from conformance.target.secrets import Secrets
from conformance.target.target import Auth
from contracts.model import Bundle
from loadtests.dialects.selection import words_of
from loadtests.worker.config import WorkerConfig
from loadtests.worker.readback import audit
from loadtests.worker.steered import SteeredClient
from loadtests.worker.tokens import Tokens
from loadtests.worker.wire.address import Address
from loadtests.worker.worker import Worker
from loadtests.workload.scenario import Scenario
from loadtests.workload.steps import Steps

DEADLINE_S = 20


class Load:
    """One worker's load of a service."""

    def __init__(
        self,
        url: str,
        bundle: Bundle,
        *,
        lost_s: float = 1.0,
        room_size: int = 10,
        publish: str = "",
        auth: Mapping[str, Any] | None = None,
    ) -> None:
        """`auth` is as settings have it."""
        words = words_of(bundle, publish=publish, has_users=auth is not None)
        shown = Auth(**{name: value for name, value in (auth or {}).items() if name != "kind"})
        tokens = Tokens(shown, bundle.socket_role, Secrets(), has_numbers=words.has_number_users)
        address = Address(url=url, path=bundle.path, namespace=words.bundle.namespace)
        config = WorkerConfig(
            addresses=(address,), api_urls=(url,), words=words, run=secrets.token_hex(4), token=tokens.of,
            known_as=tokens.known_as, lost_ns=int(lost_s * 1e9),
        )  # fmt: skip
        self.worker = Worker(config)
        self.words = words
        self.scenario = Scenario("Test", self.worker, {"room_size": str(room_size), "start_after": 0.01})
        self._number = 0

    async def user(self) -> Steps:
        """One more user, connected where its service lets it without a room."""
        self._number += 1
        steps = Steps(SteeredClient(self.worker, "Test", self._number), self.scenario, shared=False)
        await steps.connect()
        return steps

    async def ended(self) -> dict[str, int]:
        """Drain, read back, and give the ledger."""
        await self.worker.quiesce()
        await self.worker.drain()
        await audit(self.worker)
        return self.counts()

    def counts(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (name, *_), count in self.worker.ledger.counts.items():
            found[name] += count
        return {name: count for name, count in found.items() if count}


def play(url: str, bundle: Bundle, test: Callable[[Load], Awaitable[Any]], **options: Any) -> dict[str, int]:
    """Play a test; the ledger at its end, when everything owed has come or surely will not."""

    async def played() -> dict[str, int]:
        load = Load(url, bundle, **options)
        load.worker.start()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await test(load)
                return await load.ended()
        finally:
            await load.worker.close()

    return asyncio.run(played())
