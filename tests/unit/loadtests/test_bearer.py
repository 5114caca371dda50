"""The calls of a member show a token that is still good, however long the run lasts and however the clock is set."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.target.secrets import Secrets
from conformance.target.target import Auth
from loadtests.worker.bearer import Bearer
from loadtests.worker.tokens import Tokens

KEY = "a key for the tests alone, which is long enough"


def bearer(auth: Auth) -> Bearer:
    tokens = Tokens(auth, "CITIZEN", Secrets())
    setup = SimpleNamespace(
        token=tokens.of,
        known_as=tokens.known_as,
        is_fresh=auth.is_fresh,
        bearer=lambda token: f"Authorization: {token}",
    )
    made = Bearer(cast("Any", SimpleNamespace(setup=setup, bearer="")), "ann")
    made.mint()
    return made


@pytest.mark.parametrize(("later_s", "again"), [(20, False), (31, True), (-10, True), (-36_000, True), (36_000, True)])
def test_a_token_is_minted_anew_before_it_expires_and_where_the_clock_was_set(
    later_s: float, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1_800_000_000.0
    monkeypatch.setattr("time.time", lambda: now_s)
    member = bearer(Auth(key=KEY, life_s=60))
    first = member.headers
    now_s += later_s
    assert (member.headers != first) is again
    assert member.token is not None
    assert member.token in member.headers


def test_what_is_not_minted_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 1_800_000_000.0
    monkeypatch.setattr("time.time", lambda: now_s)
    for auth in (Auth(token="fixed"), Auth()):
        member = bearer(auth)
        first = member.headers
        now_s += 1e6
        assert member.headers == first
