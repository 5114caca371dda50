"""Services and clients that send what nobody should: it passes, the journal stays readable, nothing else is written."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.journal.records import Header, Writer, gather, read
from conformance.judge.recorded import judge_recorded
from conformance.judge.rule import record_rules
from conformance.model.transcript import OVER_LIMIT, AnyEntry, Closed, Got, Opened, Sent, Transcript
from conformance.recording.live import Live
from conformance.support.caps import MOST_MESSAGE_BYTES
from contracts.load import load
from tests.recording.test_proxy import HANG_S, Passage, Streams, opened, played

OPENING = '0{"sid":"s1","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'
EXAMPLE = load("example")


def frame(text: str | bytes, *, masked: bool = False) -> bytes:
    """A whole websocket message; a mask of zeros leaves it readable."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    head = bytes([0x82 if isinstance(text, bytes) else 0x81])
    bit = 0x80 if masked else 0
    if len(data) < 126:
        head += bytes([bit | len(data)])
    elif len(data) < 65536:
        head += bytes([bit | 126]) + len(data).to_bytes(2, "big")
    else:
        head += bytes([bit | 127]) + len(data).to_bytes(8, "big")
    return head + (b"\0\0\0\0" if masked else b"") + data


async def connected(passage: Passage) -> tuple[Streams, Streams]:
    """A Socket.IO client through the proxy."""
    client, service = await opened(passage)
    service[1].write(frame(OPENING))
    client[1].write(frame("40", masked=True))
    await passed(service[0], frame("40", masked=True))
    service[1].write(frame('40{"sid":"x1"}'))
    await passed(client[0], frame('40{"sid":"x1"}'))
    return client, service


async def passed(reader: asyncio.StreamReader, end: bytes) -> None:
    """Wait until these bytes have come."""
    seen = bytearray()
    while not seen.endswith(end):
        piece = await asyncio.wait_for(reader.read(65536), HANG_S)
        assert piece, "the connection ended"
        seen += piece


def sent_by_service(*frames: bytes) -> Passage:
    """What becomes of frames that a service sends."""

    async def play(passage: Passage) -> None:
        client, service = await connected(passage)
        for one in frames:
            service[1].write(one)
        service[1].write(frame('42["last"]'))
        await passed(client[0], frame('42["last"]'))

    return played(play)


def journal_of(passage: Passage, folder: Path) -> tuple[Transcript, ...]:
    """The transcripts of a journal that was written and read again."""
    path = folder / "recording.ndjson"
    with path.open("wb") as file:
        header = Header(
            version="", began="", target="", api="", bundle="", bundle_version="", transports=(), rules=(), seed=0,
            nonce="", command="record",
        )  # fmt: skip
        Writer(file).write(header, *passage.records)
    assert [one.name for one in folder.iterdir()] == ["recording.ndjson"]
    return read(path).transcripts


NAMES = ("../../x", "__proto__", "constructor", "\x1b[31mred", "a\nb", "x" * 1_000_000, "", "\ud800")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:12]))
def test_names_of_any_kind_are_recorded_and_judged_and_write_no_file(name: str, tmp_path: Path) -> None:
    made = sent_by_service(frame("42" + json.dumps([name, {"__proto__": {"a": 1}}])))
    (transcript,) = journal_of(made, tmp_path)
    got = [one for one in transcript.entries if isinstance(one, Got)]
    assert [one.event for one in got] == [name, "last"]
    assert got[0].args == ({"__proto__": {"a": 1}},)
    verdicts, _ = judge_recorded(EXAMPLE, [transcript], record_rules())
    assert "error" not in {one.outcome.value for one in verdicts}
    live = Live(bundle=EXAMPLE)
    assert [row.latest for one in got if (row := live.see("/", one))] == ["in no contract", "in no contract"]


ODD = {
    "no JSON": '42["a",NaN]',
    "cut off": '42["a"',
    "no name": "42[{}]",
    "no packet": "4x",
    "nested deeply": '42["a",' + "[" * 50_000 + "]" * 50_000 + "]",
    "large numbers": '42["a",1' + "0" * 400 + ",1e999]",
    "an ack of nothing": '43999["a"]',
    "a large number of an ack": "42" + "9" * 90 + '["a"]',
    "attachments that do not come": '4599999999-["a",{"_placeholder":true,"num":0}]',
}


@pytest.mark.parametrize("packet", ODD.values(), ids=ODD)
def test_packets_that_no_client_can_read_pass_and_are_written_down(packet: str, tmp_path: Path) -> None:
    made = sent_by_service(frame(packet))
    (transcript,) = journal_of(made, tmp_path)
    assert isinstance(transcript.entries[0], Opened)
    assert not any("internal error" in what for what in made.watch.tally.unread)
    verdicts, _ = judge_recorded(EXAMPLE, [transcript], record_rules())
    assert "error" not in {one.outcome.value for one in verdicts}


def test_a_message_that_is_too_large_passes_and_ends_the_recording_of_its_connection_alone(tmp_path: Path) -> None:
    huge = frame('42["a","' + "x" * (MOST_MESSAGE_BYTES + 1) + '"]')

    async def play(passage: Passage) -> None:
        client, service = await connected(passage)
        service[1].write(huge)
        await passed(client[0], huge[-100:])
        other, its_service = await connected(passage)
        its_service[1].write(frame('42["after"]'))
        await passed(other[0], frame('42["after"]'))

    made = played(play)
    (transcript,) = journal_of(made, tmp_path)
    closed = [one for one in transcript.entries if isinstance(one, Closed)]
    assert [(one.actor, one.by, one.reason.startswith(OVER_LIMIT)) for one in closed] == [("c1", "client", True)]
    assert [(one.actor, one.event) for one in transcript.entries if isinstance(one, Got)] == [("c2", "after")]


def test_what_a_client_sends_before_it_is_connected_is_no_event(tmp_path: Path) -> None:
    async def play(passage: Passage) -> None:
        client, service = await opened(passage)
        client[1].write(frame('42["a"]', masked=True) + frame(b"\x01\x02", masked=True))
        await passed(service[0], frame(b"\x01\x02", masked=True))

    assert [one for one in played(play).entries if isinstance(one, Sent)] == []


def many(count: int) -> Callable[[Passage], Awaitable[None]]:
    async def play(passage: Passage) -> None:
        client, service = await connected(passage)
        for number in range(count):
            service[1].write(frame(f'42["tick",{number}]'))
        service[1].write(frame('42["last"]'))
        await passed(client[0], frame('42["last"]'))

    return play


def test_pieces_of_a_transcript_are_put_together_in_order(tmp_path: Path) -> None:
    made = played(many(1_700))
    assert len(made.records) > 3
    (transcript,) = journal_of(made, tmp_path)
    ticks = [one.args[0] for one in transcript.entries if isinstance(one, Got) and one.event == "tick"]
    assert ticks == list(range(1_700))


def test_a_journal_that_is_cut_off_in_the_middle_of_a_piece_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    made = played(many(1_200))
    journal_of(made, tmp_path)
    path = tmp_path / "recording.ndjson"
    path.write_bytes(path.read_bytes()[:-200])
    cut = read(path)
    assert cut.footer is None
    entries: tuple[AnyEntry, ...] = cut.transcripts[0].entries
    assert 500 <= len(entries) < 1_202


def test_names_that_are_made_up_without_end_have_one_row(tmp_path: Path) -> None:
    live = Live()
    for number in range(3_000):
        live.see("/", Got(at_s=0.0, actor="c1", event=f"e{number}", args=()))
    assert len(live.rows) == 1_001
    assert sum(row.count for row in live.rows.values()) == 3_000


def test_pieces_without_a_beginning_are_a_transcript_of_their_own() -> None:
    header = Header(
        version="", began="", target="", api="", bundle="", bundle_version="", transports=(), rules=(), seed=0, nonce=""
    )
    records: list[Any] = [header, *played(many(600)).records[1:]]
    assert len(gather(records, "it").transcripts) == 1
