"""Frames and bodies that Python reads and JavaScript does not: told once, by the rule that names them."""

import asyncio
import json
import subprocess
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from conformance.analysis.script import script
from conformance.engine.check import CheckRequest, check
from conformance.engine.selftest import accused
from conformance.journal.records import Played, decode, encode
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.model.text import line
from conformance.model.transcript import Transcript
from conformance.model.verdict import Outcome, Verdict
from conformance.reference.host import hosted
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.stage.clients.frame import Packet
from conformance.support.strict_json import parsed
from conformance.target.target import Auth, target
from contracts.load import load
from tests.running import KEY, PEER

EXAMPLE = load("example")
PAIR = """
ann opened a1 user=ua
bob opened b1 user=ub
ann in r1
bob in r1
ann -> cursor:move {"room": "r1", "x": 33.5}
"""
TYPED = PAIR + 'bob <- cursor:moved {"room": "r1", "x": NaN, "user": "ua"}'

FRAMES = {
    '2["a",{"x":1.5e3,"y":[null,true,"\\ud800"]}]': "",
    '2/admin,12["a"]': "",
    '2[7,"a number as a name"]': "",
    "31[]": "",
    '2["a",1e999,' + "9" * 5000 + "]": "",
    '2["a",NaN]': "NaN is no JSON",
    '2["a",{"x":[-Infinity]}]': "-Infinity is no JSON",
    "31[Infinity]": "Infinity is no JSON",
    '2["a",]': "the frame cannot be decoded: Expecting value",
    '2["a"]]': "the frame cannot be decoded: Extra data",
    "2['a']": "the frame cannot be decoded: Expecting value",
    '2["a",undefined]': "the frame cannot be decoded: Expecting value",
    '2["a\tb"]': "the frame cannot be decoded: Invalid control character",
    '2{"a":1}': "an event is an array that begins with its name",
    "2[]": "an event is an array that begins with its name",
    '2[{"a":1}]': "an event is an array that begins with its name",
    '31{"a":1}': "an ack is an array",
    '9["a"]': "the frame cannot be decoded: it is no packet of Socket.IO 5",
    'x["a"]': "the frame cannot be decoded: it is no packet of Socket.IO 5",
    '5["a",{"_placeholder":true,"num":0}]': "the frame cannot be decoded: it is no packet of Socket.IO 5",
}
"""Frames, and the beginning of what is said of each."""


def packets(frame: Any) -> list[Packet]:
    """What is written down of a frame."""
    seen: list[Packet] = []
    type("Recorded", (Packet,), {"sink": staticmethod(seen.append)})(encoded_packet=frame)
    return seen


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame[:24])
def test_a_frame_that_cannot_be_parsed_is_written_down_with_the_reason(frame: str) -> None:
    (packet,) = packets(frame)
    assert packet.fault.startswith(FRAMES[frame])
    assert bool(packet.fault) == bool(FRAMES[frame])


def test_a_binary_frame_that_no_event_announced_is_written_down() -> None:
    (packet,) = packets(b"\x01\x02")
    assert packet.fault == "the frame cannot be decoded: it is no packet of Socket.IO 5"


@pytest.mark.peer
def test_the_official_parser_throws_on_the_same_frames() -> None:
    code = """
    const { Decoder } = require('socket.io-parser');
    const throws = (frame) => { try { new Decoder().add(frame); return false; } catch { return true; } };
    console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(throws)));
    """
    done = subprocess.run(
        ["node", "-e", code], cwd=PEER, input=json.dumps(list(FRAMES)), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [bool(said) for said in FRAMES.values()]


def judged(transcript: Transcript) -> list[Verdict]:
    verdicts, _ = judge(EXAMPLE, [transcript], rules())
    return verdicts


@pytest.mark.parametrize(
    ("came", "subject"),
    [
        ('bob <- cursor:moved {"room": "r1", "x": NaN, "user": "ua"}', "cursor:moved"),
        ('bob <- cursor:moved {"room": "r1", "x": 33.5, "user": "ua", "more": [Infinity]}', "cursor:moved"),
        ('ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1", "sockets": [], "count": NaN}', "who (reply)"),
        ('ann -> who {"room": "r1"}\nann <- who:list {"room": "r1", "sockets": [], "count": NaN}', "who (reply)"),
    ],
    ids=["typed", "not documented", "ack", "named reply"],
)
def test_it_is_told_once_and_what_rests_on_it_refers_to_it(came: str, subject: str) -> None:
    text = PAIR + 'bob <- cursor:moved {"room": "r1", "x": 33.5, "user": "ua"}\n' + came
    text = PAIR + came if subject == "cursor:moved" else text
    failures = [(v.rule, v.subject) for v in judged(script(EXAMPLE, text)) if v.outcome is Outcome.FAIL]
    assert failures == [("frames-can-be-parsed", subject)]


def test_what_rests_on_it_is_inconclusive() -> None:
    (schema,) = [v for v in judged(script(EXAMPLE, TYPED)) if v.rule == "values-come-out-as-they-went-in"]
    assert schema.outcome is Outcome.INCONCLUSIVE
    assert schema.message == "it depends on what no client can parse (NaN is no JSON): see frames-can-be-parsed"


def test_a_frame_without_a_name_is_no_undocumented_event_besides() -> None:
    transcript = script(EXAMPLE, PAIR + 'bob <- (malformed) {"room": NaN}')
    failures = [(v.rule, v.got) for v in judged(transcript) if v.outcome in (Outcome.FAIL, Outcome.WARNING)]
    told = "NaN is no JSON: the official client breaks the connection off with a parse error"
    assert ("frames-can-be-parsed", told) in failures
    assert "no-undocumented-event" not in {rule for rule, _ in failures}


def test_a_journal_keeps_it_though_it_writes_nan_as_null() -> None:
    record = decode(encode(Played(transcript=script(EXAMPLE, TYPED))))
    assert isinstance(record, Played)
    assert line(record.transcript.entries[-1]).endswith('{"room": "r1", "x": null, "user": "ua"} [NaN is no JSON]')
    assert [(v.rule, v.outcome) for v in judged(record.transcript)] == [
        (v.rule, v.outcome) for v in judged(script(EXAMPLE, TYPED))
    ]


def test_an_old_journal_without_the_reason_is_read() -> None:
    text = encode(Played(transcript=script(EXAMPLE, PAIR)))
    assert isinstance(decode(text.replace(b',"fault":""', b"")), Played)


def test_numbers_are_read_as_javascript_reads_them() -> None:
    assert parsed("[1e999]") == ([float("inf")], "")
    assert parsed("9" * 5000)[0] == float("inf")
    assert parsed(str(10**300)) == (10**300, "")


class ListsNaN(Service):
    """Its pages tell a share that is no number."""

    async def http_list(self, request: Request) -> Response:
        answer = await super().http_list(request)
        return Response(answer.body.decode()[:-1] + ', "share": NaN}', media_type="application/json")


def test_a_body_with_nan_is_told_by_the_rule_for_calls_alone() -> None:
    async def whole() -> list[tuple[str, str, str]]:
        async with hosted(ListsNaN(Store.open(), KEY)) as url:
            result = await check(
                CheckRequest(bundle=load("sos"), target=target(url, auth=Auth(key=KEY)), rules=rules()),
                lambda record: None,
            )
        accusing = (Outcome.FAIL, Outcome.ERROR, Outcome.WARNING)
        return [(v.rule, v.subject, v.got) for v in result.verdicts if v.outcome in accusing]

    assert asyncio.run(whole()) == [("calls-answer-as-documented", "GET /api/messages/:sosId", "NaN is no JSON")]


def test_a_service_that_writes_nan_is_told_that_alone() -> None:
    assert asyncio.run(accused("not-a-number")).rules == ("frames-can-be-parsed",)
