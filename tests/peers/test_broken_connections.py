"""Connections that break are told as that, with who ended them and why, and nothing else is derived from it."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.engine.check import CheckRequest, Result, check
from conformance.journal.records import Played, Record
from conformance.judge.rule import rules
from conformance.model.transcript import Closed, Got, Opened, Sent, Transcript
from conformance.model.verdict import Finding, Outcome, Verdict
from conformance.stage.clients.engine import Ending, Engine
from conformance.stage.clients.session import without_offset
from conformance.target.target import Auth, target
from contracts.load import load
from tests.peers.tampering import Law, tampered
from tests.peers.whiteboard import whiteboard
from tests.running import KEY

EXAMPLE = load("example")


class CutsAll(Law):
    cut_after_s = 0.2


class ClosesAll(Law):
    cut_after_s = 0.2
    close_code = 1012


class SendsNoText(Law):
    def from_service(self, connection: int, number: int, message: str) -> str | bytes:
        return b'42["\xff\xfe"]' if number == 4 else message


class FallsSilent(Law):
    """Announces pings, and sends nothing any more after its first answers."""

    def from_service(self, connection: int, number: int, message: str) -> str | None:
        opening = message.replace("25000", "1000").replace("20000", "1000")
        return opening if number == 1 else message if number < 5 else None


ARGUMENTS = frozenset({"payload-is-one-argument"})
DERIVED = frozenset(
    {
        "bad-request-gets-an-error",
        "connection-stays-open",
        "connection-survives-a-bad-request",
        "everyone-in-the-room-receives",
        "junk-is-survived",
        "request-has-its-effect",
        "roster-is-true",
        "several-rooms-on-one-socket",
        "socket-connects",
    }
)
"""Rules that have accused services whose connections broke."""
ROOMS = frozenset({"everyone-in-the-room-receives", "request-has-its-effect", "delivered-within-deadline"})


def checked(
    law: Law, timeout_s: float | None = None, only: frozenset[str] = frozenset()
) -> tuple[Result, list[Transcript]]:
    """A check of an honest service behind that law, by all rules or some."""

    chosen = [rule for rule in rules() if not only or rule.id in only]

    async def whole() -> tuple[Result, list[Transcript]]:
        records: list[Record] = []
        async with whiteboard(KEY) as honest, tampered(honest, law) as url:
            aim = target(url, auth=Auth(key=KEY))
            order = CheckRequest(bundle=EXAMPLE, target=aim, rules=chosen, timeout_s=timeout_s)
            result = await check(order, records.append)
        return result, [record.transcript for record in records if isinstance(record, Played)]

    return asyncio.run(whole())


def accusing(result: Result) -> list[tuple[str, str]]:
    accused = (Outcome.FAIL, Outcome.WARNING, Outcome.ERROR)
    return [(verdict.rule, verdict.subject) for verdict in result.verdicts if verdict.outcome in accused]


@pytest.mark.parametrize(
    ("law", "by", "reason"),
    [
        pytest.param(CutsAll(), "service", "transport closed without a close frame", id="cut without a word"),
        pytest.param(ClosesAll(), "service", "close frame 1012 (service restart)", id="a close frame"),
        pytest.param(
            SendsNoText(), "client", "the service sent a broken frame: Invalid UTF-8 text message, 1007", id="no UTF-8"
        ),
        pytest.param(FallsSilent(), "client", "ping timeout: nothing came for", id="no pings"),
    ],
)
def test_a_service_that_breaks_its_connections_is_told_that_and_nothing_else(law: Law, by: str, reason: str) -> None:
    result, transcripts = checked(law, only=DERIVED)
    assert accusing(result) == [("connection-stays-open", "connection")]
    ends = [entry for one in transcripts for entry in one.entries if isinstance(entry, Closed) and entry.by != "us"]
    assert ends
    assert {(entry.by, entry.reason[: len(reason)]) for entry in ends} == {(by, reason)}


class Recovers(Law):
    """Connection state recovery as the official server has it: a `pid`, and an offset behind each event."""

    pid = True

    def from_service(self, connection: int, number: int, message: str) -> str:
        if message.startswith("40{") and self.pid:
            return message.replace("40{", '40{"pid":"p1",')
        return f'{message[:-1]},"offset-{number}"]' if message.startswith("42[") else message


class AddsText(Recovers):
    """The same behind each event, from a service without connection state recovery."""

    pid = False


def test_the_offset_of_connection_state_recovery_is_no_argument() -> None:
    result, transcripts = checked(Recovers(), only=ARGUMENTS)
    assert accusing(result) == []
    heard = [entry for one in transcripts for entry in one.entries if isinstance(entry, Got)]
    assert heard
    assert {len(entry.args) for entry in heard} == {1}


def test_a_text_behind_the_payload_is_an_argument_where_there_is_no_recovery() -> None:
    result, _ = checked(AddsText(), only=ARGUMENTS)
    assert {rule for rule, _ in accusing(result)} == ARGUMENTS


@pytest.mark.parametrize(
    ("args", "kept"),
    [
        (({}, "o1"), ({},)),
        (({}, "more", "o1"), ({}, "more")),
        (("text", "o1"), ("text",)),
        (("text",), ("text",)),
        (({}, 7), ({}, 7)),
        ((), ()),
    ],
)
def test_the_offset_is_the_last_of_several_arguments_if_it_is_a_text(args: tuple[Any, ...], kept: tuple[Any]) -> None:
    assert without_offset(args) == kept


class TakesLittle(Law):
    """Takes packets of so many bytes, and closes the connection on a larger one."""

    told = True
    most = 60_000

    def from_service(self, connection: int, number: int, message: str) -> str:
        if number > 1:
            return message
        opening = json.loads(message[1:])
        del opening["maxPayload"]
        return "0" + json.dumps({**opening, "maxPayload": self.most} if self.told else opening)

    def from_client(self, connection: int, number: int, message: str) -> str | int:
        return message if len(message) < self.most else 1009


class TakesVeryLittle(TakesLittle):
    most = 900


class TakesLittleAndTellsNobody(TakesLittle):
    told = False


JUNK = frozenset({"junk-is-survived"})


def big_junk(law: Law) -> tuple[list[tuple[str, str]], list[Verdict], list[int]]:
    """What is accused, the verdict on big junk, and how long it was."""
    result, transcripts = checked(law, only=JUNK)
    sent = [entry for one in transcripts for entry in one.entries if isinstance(entry, Sent) and entry.actor == "big"]
    lengths = [len(entry.args[0]) for entry in sent if isinstance(entry.args[0], str)]
    return accusing(result), [verdict for verdict in result.verdicts if verdict.subject == "junk: big"], lengths


def test_big_junk_is_as_big_as_the_handshake_allows() -> None:
    accused, verdicts, lengths = big_junk(TakesLittle())
    assert (accused, lengths) == ([], [57_000])
    assert [verdict.outcome for verdict in verdicts] == [Outcome.PASS]


def test_big_junk_is_left_out_where_no_big_packet_is_allowed() -> None:
    accused, verdicts, lengths = big_junk(TakesVeryLittle())
    assert (accused, lengths) == ([], [])
    assert [verdict.outcome for verdict in verdicts] == [Outcome.SKIP]
    assert "900 bytes at most (maxPayload)" in verdicts[0].message


def test_a_limit_that_the_handshake_does_not_tell_is_no_failure() -> None:
    accused, verdicts, lengths = big_junk(TakesLittleAndTellsNobody())
    assert (accused, lengths) == ([], [950_000])
    assert [verdict.outcome for verdict in verdicts] == [Outcome.INCONCLUSIVE]


OPEN = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
"""
BAD = '@2.0 ann -> pen:take {"room": "r1"}\n'


def found(rule: str, text: str, **more: Any) -> list[Finding]:
    """What a rule says, passes left out."""
    reading = read(EXAMPLE, msgspec.structs.replace(script(EXAMPLE, text), **more))
    judged = next(one for one in rules() if one.id == rule).judge(reading)
    return [finding for finding in judged if finding.outcome is not Outcome.PASS]


def outcomes(rule: str, text: str, **more: Any) -> list[Outcome]:
    return [finding.outcome for finding in found(rule, text, **more)]


class TestAConnectionEnds:
    RULE = "connection-stays-open"

    def test_by_a_client_that_did_so_on_purpose(self) -> None:
        assert outcomes(self.RULE, OPEN + "ann closed us\n") == []

    @pytest.mark.parametrize("by", ["service", "client"])
    def test_in_the_middle_of_valid_requests(self, by: str) -> None:
        (finding,) = found(self.RULE, OPEN + f"ann closed {by} the reason\n")
        assert finding.outcome is Outcome.FAIL
        who = {"service": "the service", "client": "the client library"}[by]
        assert f"{who} ended the connection of ann in the middle of valid requests (the reason)" in finding.message

    @pytest.mark.parametrize("sent", [BAD, "ann -> nonsense {}\n", "ann -> note:added {}\n"])
    def test_after_something_that_no_contract_allows(self, sent: str) -> None:
        assert outcomes(self.RULE, OPEN + sent + "ann closed service\n") == []
        assert outcomes(self.RULE, OPEN + sent + "bob closed service\n") == [Outcome.FAIL]

    def test_after_a_bad_token(self) -> None:
        text = OPEN + "eve opened e1 token=garbage\nnon opened n1 token=none\neve closed service\nnon closed service\n"
        assert outcomes(self.RULE, text) == []

    def test_after_more_events_than_a_service_need_take(self) -> None:
        moves = "".join(f'@{3 + n / 100} ann -> cursor:move {{"room": "r1", "x": {n}}}\n' for n in range(11))
        assert outcomes(self.RULE, OPEN + moves + "@3.5 ann closed service\n") == [Outcome.INCONCLUSIVE]
        assert outcomes(self.RULE, OPEN + moves + "@4.2 ann closed service\n") == [Outcome.FAIL]

    def test_while_our_own_side_was_held_up(self) -> None:
        held_up = ((2.0, 1.5),)
        assert outcomes(self.RULE, OPEN + "@4.0 ann closed service\n", stalls=held_up) == [Outcome.INCONCLUSIVE]
        said = "@4.0 ann closed service disconnect packet\n"
        assert outcomes(self.RULE, OPEN + said, stalls=held_up) == [Outcome.FAIL]
        broken = "@4.0 ann closed client the service sent a broken frame\n"
        assert outcomes(self.RULE, OPEN + broken, stalls=held_up) == [Outcome.FAIL]

    @pytest.mark.parametrize(("stall_s", "outcome"), [(0.2, Outcome.INCONCLUSIVE), (0.1, Outcome.FAIL)])
    def test_while_our_own_side_was_held_up_for_longer_than_pings_allow(self, stall_s: float, outcome: Outcome) -> None:
        played = script(EXAMPLE, OPEN + "@4.0 ann closed client ping timeout\n")
        entries = tuple(
            msgspec.structs.replace(entry, pings_s=(0.6, 0.6)) if isinstance(entry, Opened) else entry
            for entry in played.entries
        )
        text = OPEN + "@4.0 ann closed client ping timeout\n"
        assert outcomes(self.RULE, text, entries=entries, stalls=((3.0, stall_s),)) == [outcome]
        assert outcomes(self.RULE, text, entries=entries, stalls=((0.5, 9.0),)) == [Outcome.FAIL], "long before"


@pytest.mark.parametrize(
    ("rule", "bad"), [("connection-survives-a-bad-request", BAD), ("junk-is-survived", "@2.0 ann -> pen:take null\n")]
)
class TestAConnectionEndsAfterABadRequest:
    ENDED = "@2.1 ann closed service disconnect packet\n"

    def test_and_others_stay_open(self, rule: str, bad: str) -> None:
        (finding,) = found(rule, OPEN + bad + self.ENDED)
        assert finding.outcome is Outcome.FAIL
        assert "the connection of ann was ended by the service (disconnect packet)" in finding.message

    def test_and_so_do_others(self, rule: str, bad: str) -> None:
        assert outcomes(rule, OPEN + bad + self.ENDED + "bob closed service\n") == [Outcome.INCONCLUSIVE]

    def test_while_our_own_side_was_held_up(self, rule: str, bad: str) -> None:
        silent = OPEN + bad + "@4.0 ann closed service\n"
        assert outcomes(rule, silent, stalls=((2.0, 1.5),)) == [Outcome.INCONCLUSIVE]

    def test_or_had_ended_before_it(self, rule: str, bad: str) -> None:
        assert outcomes(rule, OPEN + "ann closed service\n" + bad) == [Outcome.INCONCLUSIVE]


def test_a_connection_that_ends_while_it_is_made_is_no_second_finding() -> None:
    missed = "cyd missed could not connect: the connection was closed\n"
    assert outcomes("socket-connects", OPEN + missed) == [Outcome.FAIL]
    assert outcomes("socket-connects", OPEN + "ann closed service\n" + missed) == [Outcome.INCONCLUSIVE]


@pytest.mark.parametrize(
    ("heard_s", "sent_s", "by", "reason"),
    [
        (50.0, 10.0, "client", "ping timeout: nothing came for 50.0 s, announced were pingInterval 25 s"),
        (5.0, 31.0, "us", "the client library gave up: it had nothing to send for too long"),
        (5.0, 5.0, "client", "the service sent a packet that cannot be decoded"),
    ],
)
def test_who_ended_a_connection_of_which_nothing_was_seen(
    heard_s: float, sent_s: float, by: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ending() -> Ending:
        engine = Engine()
        engine.ping_interval, engine.ping_timeout = 25.0, 20.0
        engine._heard_s, engine._sent_s = 1000.0 - heard_s, 1000.0 - sent_s
        return engine.ending()

    monkeypatch.setattr("conformance.stage.clients.engine.monotonic", lambda: 1000.0)
    found = asyncio.run(ending())
    assert found.by == by
    assert found.reason.startswith(reason)
