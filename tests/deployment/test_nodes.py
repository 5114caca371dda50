"""Two nodes of the service, joined by Redis: sockets on one, HTTP on the other, and no false alarm."""

import asyncio
from dataclasses import replace
from pathlib import Path

import socketio

from conformance.engine.check import CheckRequest, Result, check
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.reference.host import hosted
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.target.target import Auth, target
from contracts.load import load
from tests.deploying import redis
from tests.running import KEY

OF_ONE_NODE = Selection(no_rules=("nothing-after-removal", "leaving-one-room-keeps-the-others"))
"""The reference service takes the sockets of its own node out of a room, and cannot list another's."""


def test_what_one_node_is_told_the_sockets_of_the_other_hear(tmp_path: Path) -> None:
    async def whole(url: str) -> Result:
        store = Store.open(tmp_path / "messages.db")
        nodes = [Service(store, KEY, socketio.AsyncRedisManager(url)) for _ in range(2)]
        async with hosted(nodes[0]) as sockets, hosted(nodes[1]) as calls:
            aim = target(sockets, calls, Auth(key=KEY))
            order = CheckRequest(
                bundle=load("sos"),
                target=replace(aim, observers={"redis_url": url}),
                rules=rules(),
                selection=OF_ONE_NODE,
            )
            return await check(order, lambda record: None)

    with redis(tmp_path) as (url, _):
        result = asyncio.run(whole(url))
    assert [(v.rule, v.subject, v.message) for v in result.verdicts if v.outcome.value != "pass"] == []
    assert len(result.verdicts) > 170
