"""The journal is the only road to the reports: it holds what was seen, whole, and says when it was cut off."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.journal import records as journals
from conformance.journal.records import Played, Record, decode, encode
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.model.transcript import Acked, Called, Got, Missed, Opened, Sent
from conformance.model.verdict import Outcome
from contracts.load import load
from reports import renderer
from tests.records import header, hostile_records, transcript
from tests.running import roomcheck

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=5,
)
TIMES = st.floats(0, 1000)
NAMES = st.text(min_size=1)
ENTRIES = st.one_of(
    st.builds(Opened, at_s=TIMES, actor=NAMES, socket=NAMES, token=st.just("own"), user=st.none() | NAMES),
    st.builds(Sent, at_s=TIMES, actor=NAMES, event=NAMES, args=st.tuples(JSON), ack=st.none() | st.integers(0, 9)),
    st.builds(Got, at_s=TIMES, actor=NAMES, event=NAMES, args=st.tuples(JSON, JSON)),
    st.builds(Acked, at_s=TIMES, actor=NAMES, event=NAMES, ack=st.integers(0, 9), args=st.tuples()),
    st.builds(Missed, at_s=TIMES, actor=NAMES, what=NAMES),
)


@settings(max_examples=300)
@given(st.lists(ENTRIES, max_size=5))
def test_what_is_written_is_what_is_read(entries: list[object]) -> None:
    record = Played(transcript=transcript(*entries))
    assert decode(encode(record)) == record


def test_lone_surrogates_and_deep_values_survive() -> None:
    deep: object = "\ud800"
    for _ in range(400):
        deep = [deep]
    record = Played(transcript=transcript(Got(at_s=0.0, actor="ann", event="\udfff", args=(deep,))))
    again = decode(encode(record))
    assert isinstance(again, Played)
    assert again.transcript.entries[0].event == "\udfff"  # type: ignore[union-attr]


def written(path: Path, records: list[Record]) -> Path:
    path.write_bytes(b"".join(encode(record) + b"\n" for record in records))
    return path


def test_a_journal_without_a_footer_is_truncated_and_every_report_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "cut.ndjson", hostile_records()[:5])
    path.write_bytes(path.read_bytes() + b'{"kind":"verd')
    made = journals.read(path)
    assert made.footer is None
    assert "truncated" in renderer("terminal")([made])
    assert "truncated" in renderer("junit")([made])
    assert json.loads(renderer("json")([made]))["complete"] is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "expected one header of a Roomcheck journal, found 0"),
        (b'{"kind":"footer","summary":{},"exit_code":0,"took_s":0}\n', "found 0"),
        (b"hello\nworld\nagain\n", ":1: expected a record of a Roomcheck journal"),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "no.ndjson"
    path.write_bytes(text)
    run = roomcheck("judge", str(path))
    assert message in run.stderr
    assert run.returncode == 2


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    text = encode(header()).replace(b'"format":1', b'"format":2')
    path = tmp_path / "new.ndjson"
    path.write_bytes(text + b"\n")
    run = roomcheck("judge", str(path))
    assert "format 2 is newer than this version reads" in run.stderr
    assert run.returncode == 2


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `run.ndjson` and `first.json`, the journal and the report of a whole check."""
    folder = tmp_path_factory.mktemp("whole")
    words = ("--journal", str(folder / "run.ndjson"), "--report", f"json={folder / 'first.json'}")
    assert roomcheck("check", *words).returncode == 0
    return folder


def test_judging_a_journal_again_gives_the_same_verdicts(whole: Path, tmp_path: Path) -> None:
    path, first, second = whole / "run.ndjson", whole / "first.json", tmp_path / "second.json"
    again = roomcheck("judge", str(path), "--report", f"json={second}")
    assert again.returncode == 0
    assert json.loads(first.read_text())["verdicts"] == json.loads(second.read_text())["verdicts"]
    assert journals.read(path).transcripts


def test_judging_again_keeps_to_what_was_selected(tmp_path: Path) -> None:
    path, report = tmp_path / "run.ndjson", tmp_path / "again.json"
    roomcheck("check", "--select", "error", "--journal", str(path))
    run = roomcheck("judge", str(path), "--report", f"json={report}")
    assert {verdict["subject"] for verdict in json.loads(report.read_text())["verdicts"]} == {"error"}
    assert run.returncode == 0


def test_half_a_journal_is_not_green(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_bytes((whole / "run.ndjson").read_bytes()[:40_000])
    run = roomcheck("judge", str(path))
    assert "the journal is truncated" in run.stdout
    assert run.returncode == 4


def test_a_rule_that_raises_is_our_error_and_never_a_failure() -> None:
    import dataclasses

    def raising(reading: object) -> list[object]:
        raise ZeroDivisionError("of our own")

    rule = dataclasses.replace(rules()[0], judge=raising)  # type: ignore[arg-type]
    verdicts, _ = judge(load("example"), [transcript()], [rule])
    assert [verdict.outcome for verdict in verdicts] == [Outcome.ERROR]
    assert "ZeroDivisionError: of our own" in verdicts[0].message


def test_an_act_that_broke_is_our_error() -> None:

    broken = msgspec.structs.replace(transcript(), broke="ValueError: ours")
    verdicts, _ = judge(load("example"), [broken], rules())
    assert [(verdict.rule, verdict.outcome) for verdict in verdicts] == [("roomcheck", Outcome.ERROR)]


def test_a_call_is_shown_with_everything_that_matters() -> None:
    from conformance.model.text import line

    entry = Called(
        at_s=0.0123,
        actor="http",
        call="x",
        method="POST",
        path="/a b",
        params={},
        body={"a": 1},
        token="none",
        status=201,
        answer={"b": "\x1b[2J"},
        done_s=0.02,
    )
    assert line(entry) == '     12.3 ms  http  POST /a b [none token] {"a": 1} => 201 {"b": "\\u001b[2J"}'
