"""How a service answers the event that shows a token after connecting."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from conformance.stage.clients.login import LOGIN_ACK, Login, Refusal
from conformance.target.token_place import TokenEvent

BY_ACK = TokenEvent(name="login", ack={"ok": True})
BY_EVENT = TokenEvent(name="login", taken="welcome", refused="denied")


def answered(event: TokenEvent, happens: Callable[[Login], object], limit_s: float = 60.0) -> None:
    async def play() -> None:
        login = Login(event)
        happens(login)
        await login.answered(limit_s)

    asyncio.run(play())


def test_an_ack_or_the_event_that_says_so_takes_the_token() -> None:
    answered(BY_ACK, lambda login: login.acked(({"ok": True, "user": "u"},)))
    answered(BY_EVENT, lambda login: login.heard("welcome", ()))
    answered(TokenEvent(name="login"), lambda login: login.acked(()))


@pytest.mark.parametrize(
    ("event", "happens", "message", "data"),
    [
        (BY_ACK, lambda login: login.acked(({"ok": False, "error": "expired", "data": 7},)), "expired", 7),
        (BY_ACK, lambda login: login.acked(()), "", None),
        (BY_ACK, lambda login: login.acked(("no",)), "no", None),
        (BY_EVENT, lambda login: login.heard("denied", ({"reason": "unknown"},)), "unknown", None),
        (BY_EVENT, lambda login: login.heard("denied", ({"code": 3},)), "{'code': 3}", None),
        (
            BY_EVENT,
            lambda login: login.ended("transport close"),
            "the connection ended before login was answered: transport close",
            None,
        ),
    ],
)
def test_a_refusal_says_why(event: TokenEvent, happens: Callable[[Login], object], message: str, data: Any) -> None:
    with pytest.raises(Refusal) as refused:
        answered(event, happens)
    assert (str(refused.value), refused.value.data) == (message, data)


@pytest.mark.parametrize(("event", "expected"), [(BY_ACK, "an ack"), (BY_EVENT, "welcome")])
def test_no_answer_is_a_refusal_that_says_what_was_expected(event: TokenEvent, expected: str) -> None:
    with pytest.raises(Refusal, match=rf"no answer to login within 0\.01 s, expected {expected} "):
        answered(event, lambda login: login.heard("another", ()), limit_s=0.01)


def test_only_the_first_answer_counts() -> None:
    def happens(login: Login) -> None:
        assert login.heard("welcome", ())
        assert login.heard("denied", ("no",)), "it is no event of the contract either"
        login.ended("later")

    answered(BY_EVENT, happens)


def test_an_ack_is_asked_for_where_no_event_answers() -> None:
    async def acks() -> list[int | None]:
        return [Login(event).ack for event in (BY_ACK, BY_EVENT)]

    assert asyncio.run(acks()) == [LOGIN_ACK, None]
