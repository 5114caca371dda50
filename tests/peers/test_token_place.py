"""Tokens are shown where a service reads them: an `auth` key, the query, a header, a cookie, an event."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.engine.check import CheckRequest, check
from conformance.engine.doctor import Step, examine
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Transport
from conformance.model.exit_code import Exit
from conformance.model.transcript import Refused
from conformance.model.verdict import Outcome
from conformance.support.errors import Unreachable, UsageError
from conformance.target.auth import auth_of
from conformance.target.resolve import ResolvedTarget
from conformance.target.secrets import Secrets
from conformance.target.target import Person, Target, target
from conformance.target.token_place import Presented, place_of, places_of
from contracts.load import load
from loadtests.dialects.selection import words_of
from loadtests.worker.config import WorkerConfig
from loadtests.worker.tokens import Tokens
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.failures import Refused as ConnectionRefused
from loadtests.worker.wire.http import Http
from loadtests.worker.wire.socket import Connection
from tests.peers.placed import AnswersByEvent, HangsUp, IgnoresTheToken, LogsIn, placed
from tests.peers.whiteboard import Whiteboard, whiteboard
from tests.running import KEY

CONNECTS, SOCKETS, CALLS = "socket-connects", "bad-token-is-refused", "bad-token-is-401"
RULES = (CONNECTS, SOCKETS, CALLS, "broadcast-arrives")
BAD = ("token: missing", "token: not a token", "token: signed with another key", "token: expired")


def of(url: str, **table: Any) -> Target:
    auth = auth_of({"kind": "jwt", "key": KEY, **table}, Path(), "targets.it.auth", Secrets())
    return replace(target(url), auth=auth, name="it")


def checked(kind: type[Whiteboard], transport: Transport = "websocket", **table: Any) -> dict[str, dict[str, Any]]:
    """The verdicts of the rules about tokens, by rule and subject."""

    async def whole() -> dict[str, dict[str, Any]]:
        async with whiteboard(KEY, kind) as url:
            order = CheckRequest(
                bundle=load("example"),
                target=of(url, **table),
                rules=rules(),
                selection=Selection(rules=RULES),
                transports=(transport,),
            )
            result = await check(order, lambda record: None)
        found: dict[str, dict[str, Any]] = {rule: {} for rule in RULES}
        for verdict in result.verdicts:
            found[verdict.rule][verdict.subject] = verdict
        return found

    return asyncio.run(whole())


def outcomes(found: dict[str, dict[str, Any]]) -> dict[str, set[Outcome]]:
    return {rule: {verdict.outcome for verdict in verdicts.values()} for rule, verdicts in found.items()}


ALL_PASS = {rule: {Outcome.PASS} for rule in RULES}


@pytest.mark.parametrize(
    ("place", "callers", "transport"),
    [
        ("auth.jwt", "", "websocket"),
        ("query.token", "query.key", "websocket"),
        ("query.access token", "", "upgrade"),
        ("header.X-Token", "header.X-Api-Token", "polling"),
        ("cookie.session", "cookie.session", "upgrade"),
    ],
)
def test_a_service_is_shown_the_token_where_it_reads_it(place: str, callers: str, transport: Transport) -> None:
    table = {"token_in": place} | ({"caller_token_in": callers} if callers else {})
    found = checked(placed(place, callers), transport, **table)
    assert outcomes(found) == ALL_PASS
    assert set(found[SOCKETS]) == set(BAD)


@pytest.mark.parametrize("place", ["query.token", "cookie.session", "header.Authorization"])
def test_a_token_that_is_read_before_the_handshake_is_shown_in_its_requests(place: str) -> None:
    shown = {"token_in": place, "token_as": "{token}"}
    found = checked(placed(place, at_the_door=True), **shown)
    assert outcomes(found)[CONNECTS] == {Outcome.PASS}
    # The contracts promise a connect error with a message; an HTTP status is none.
    assert outcomes(found)[SOCKETS] == {Outcome.FAIL}


def test_a_service_that_reads_the_token_elsewhere_is_not_accused_and_the_setting_is_named() -> None:
    found = checked(placed("query.token"))
    verdict = found[CONNECTS]["connection"]
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "the token was shown in auth.token" in verdict.hint
    assert "set token_in of [auth] to auth.NAME, query.NAME, header.NAME or cookie.NAME" in verdict.hint
    assert {verdict.outcome for verdict in found[SOCKETS].values()} == {Outcome.INCONCLUSIVE}
    assert all("the token was shown in auth.token" in verdict.hint for verdict in found[SOCKETS].values())


def test_a_handshake_that_is_turned_away_names_the_setting() -> None:
    async def tried(**table: Any) -> str:
        async with whiteboard(KEY, placed("query.token", at_the_door=True)) as url:
            order = CheckRequest(bundle=load("example"), target=of(url, **table), rules=rules())
            with pytest.raises(Unreachable) as raised:
                await check(order, lambda record: None)
            return str(raised.value)

    told = asyncio.run(tried(token_in="cookie.token"))
    assert "the token was shown in cookie.token, which token_in of [auth] changes" in told
    assert "eyJ" not in told


def test_doctor_says_where_the_token_was_shown() -> None:
    async def told(kind: type[Whiteboard], **table: Any) -> tuple[Exit, dict[str, Step]]:
        steps: list[Step] = []
        async with whiteboard(KEY, kind) as url:
            made = of(url, **table)
            aim = ResolvedTarget(bundle=load("example"), target=made)
            code = await examine(aim, made, ("websocket",), steps.append)
        return code, {step.what: step for step in steps}

    code, steps = asyncio.run(told(placed("query.token")))
    assert code is Exit.BROKEN
    assert steps["identity"].detail.endswith("shown in auth.token")
    assert "token_in (the token was shown in auth.token)" in steps["connects"].add
    code, steps = asyncio.run(told(placed("query.token", at_the_door=True), token_in="query.token"))
    assert steps["reaches"].state == steps["connects"].state == "ok"


BY_ACK = {"event": "login", "payload": {"jwt": "{token}"}, "ack": {"ok": True}, "refused": "login:bad"}
BY_EVENT = {"event": "login", "payload": {"jwt": "{token}"}, "taken": "login:good", "refused": "login:bad"}


@pytest.mark.parametrize(("kind", "event"), [(LogsIn, BY_ACK), (AnswersByEvent, BY_EVENT)])
def test_a_token_may_be_shown_by_an_event(kind: type[Whiteboard], event: dict[str, Any]) -> None:
    found = checked(kind, token_event=event)
    assert outcomes(found) == ALL_PASS | {SOCKETS: {Outcome.PASS, Outcome.SKIP}}
    missing = found[SOCKETS]["token: missing"]
    assert missing.outcome is Outcome.SKIP
    assert missing.message == "no token was shown: login is not emitted without a token"


def test_a_service_that_takes_every_token_is_found() -> None:
    found = checked(IgnoresTheToken, token_event=BY_EVENT)
    assert {found[SOCKETS][what].outcome for what in BAD[1:]} == {Outcome.FAIL}
    assert found[CONNECTS]["connection"].outcome is Outcome.PASS


def test_a_service_that_hangs_up_refuses() -> None:
    found = checked(HangsUp, token_event=BY_EVENT)
    assert found[CONNECTS]["connection"].outcome is Outcome.PASS
    wrong = found[SOCKETS]["token: expired"]
    # The contracts promise words.
    assert wrong.outcome is Outcome.FAIL
    assert "the connection ended before login was answered: disconnect packet" in wrong.message


def test_the_event_is_no_part_of_the_transcript() -> None:
    async def seen() -> list[Any]:
        records: list[Any] = []
        async with whiteboard(KEY, AnswersByEvent) as url:
            order = CheckRequest(
                bundle=load("example"),
                target=of(url, token_event=BY_EVENT),
                rules=rules(),
                selection=Selection(rules=(SOCKETS,)),
            )
            await check(order, records.append)
        return [entry for record in records for entry in getattr(getattr(record, "transcript", None), "entries", ())]

    entries = asyncio.run(seen())
    assert {entry.place for entry in entries if isinstance(entry, Refused)} == {"event.login"}
    assert not [entry for entry in entries if str(getattr(entry, "event", "")).startswith("login")]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"token_in": "token"}, "targets.it.auth.token_in: 'token' names no place of a token; expected auth.NAME"),
        ({"token_in": "querry.token"}, "did you mean 'query'?"),
        ({"token_in": "query."}, "names no place of a token"),
        ({"token_in": "header.X Token"}, "'X Token' cannot be the name of a header"),
        ({"token_in": "cookie.a;b"}, "'a;b' cannot be the name of a cookie"),
        ({"token_in": "query.t", "token_as": "Bearer"}, "'Bearer' has no {token}"),
        ({"token_in": "query.t", "token_as": "{tokn}"}, "nothing is called {tokn} here; did you mean {token}?"),
        ({"token_as": "{token}"}, "targets.it.auth.token_as: says nothing without token_in"),
        ({"caller_token_as": "{token}"}, "targets.it.auth.caller_token_as: says nothing without caller_token_in"),
        ({"caller_token_in": "auth.t"}, "an HTTP call has no auth; expected query, header or cookie"),
        ({"token_in": "query.t", "token_event": {"event": "e"}}, "token_in and token_event: give one of them"),
        (
            {"token_event": {"event": "e", "payload": {"a": 1}}},
            "targets.it.auth.token_event.payload: it has no {token}",
        ),
        ({"token_event": {"event": "e", "taken": "t", "ack": {"a": 1}}}, "give one of them"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as raised:
        places_of(table, "targets.it.auth")
    assert words in str(raised.value)


def test_what_is_shown_stands_beside_what_settings_send() -> None:
    assert place_of("header.authorization", "w").presented("t") == Presented(
        headers={"authorization": "Bearer t"}, place="header.authorization"
    )
    own = place_of("header.X-Key", "w").presented("t").among({"x-key": "old", "x-other": "o"})
    assert own == {"x-other": "o", "X-Key": "t"}
    assert place_of("cookie.s", "w").presented("t").among({"cookie": "a=b"}) == {"cookie": "a=b; s=t"}
    assert place_of("query.a b", "w").presented("t&").address("http://h") == "http://h?a+b=t%26"
    assert place_of("query.t", "w").presented(None) == Presented()


def test_a_secret_is_covered_as_a_query_has_it() -> None:
    secrets = Secrets("a token/of=more")
    assert secrets.covered("url='http://h?t=a%20token%2Fof%3Dmore', t=a+token%2Fof%3Dmore.") == (
        "url='http://h?t=(secret)', t=(secret)."
    )


class Silent:
    """An owner of a connection that wants to know nothing."""

    def first(self, frame: bytes, packet: object, why: str) -> None:
        """A frame has come."""

    def lost(self, why: Failed) -> None:
        """The connection was lost."""


@pytest.mark.parametrize("how", ["websocket", "upgrade"])
@pytest.mark.parametrize("place", ["query.token", "cookie.session", "header.X-Token", "auth.jwt"])
def test_the_sockets_of_a_load_show_it_there_too(place: str, how: Any) -> None:
    async def connected() -> list[str]:
        sids = []
        async with whiteboard(KEY, placed(place)) as url:
            address = Address(url=url, transport=how, headers={"Cookie": "theme=dark"})
            token = of(url).auth.signed(Person(user="u", role="USER"), KEY)
            http = Http(url)
            for shown in (place_of(place, "w").presented(token), Presented()):
                connection = Connection(address, Silent(), {})
                try:
                    await connection.open(shown.auth, http, shown)
                    sids.append(connection.sid)
                    connection.end()
                except ConnectionRefused as error:
                    sids.append(error.detail)
        return sids

    good, none = asyncio.run(connected())
    assert good
    assert "NO_TOKEN" in none


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"token_event": {"event": "login"}}, "auth.token_event: load cannot show a token by an event"),
        ({"caller_token_in": "query.t"}, "auth.caller_token_in: load cannot show a token in the query of a call"),
    ],
)
def test_what_a_load_cannot_do_it_refuses(table: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Tokens(of("http://h", **table).auth, "USER", Secrets())


def test_the_calls_of_a_load_show_it_where_callers_do() -> None:
    place = place_of("cookie.session", "w")
    made = WorkerConfig(
        addresses=(),
        api_urls=(),
        words=words_of(load("sos")),
        run="r",
        headers={"x": "y"},
        caller_place=place,
    )
    assert made.bearer("t") == "x: y\r\nCookie: session=t\r\n"
    assert made.bearer(None) == "x: y\r\n"
