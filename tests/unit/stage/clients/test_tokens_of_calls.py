"""The caller of a check shows a token that is still good, however long the run lasts and however the clock is set."""

import asyncio

import pytest

from conformance.model.act import Token
from conformance.stage.clients.http import Api
from conformance.stage.clients.tokens import Minter
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, Target
from contracts.load import load

KEY = "a key for the tests alone, which is long enough"


@pytest.mark.parametrize("kind", ["own", "forged", "expired"])
@pytest.mark.parametrize(("later_s", "again"), [(20, False), (31, True), (-10, True), (36_000, True)])
def test_a_token_is_minted_anew_before_it_expires_and_where_the_clock_was_set(
    later_s: float, again: bool, kind: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1_800_000_000.0
    monkeypatch.setattr("time.time", lambda: now_s)
    auth = Auth(key=KEY, life_s=60)
    api = Api(load("sos"), Target(urls=("http://127.0.0.1:1",), auth=auth), "desk", Minter(auth, Secrets()))
    first = asyncio.run(api.token(kind))
    now_s += later_s
    assert (asyncio.run(api.token(kind)) != first) is again
