"""A sample of the fuzzing of each parser; `make fuzz` plays more. What was found is played again."""

import contextlib
from itertools import islice

import pytest

from tests.fuzzing.cases import MOST_BYTES, cases
from tests.fuzzing.play import MORE_BYTES, MOST_S, TIMES, Fault, Played, one, play
from tests.fuzzing.targets import TARGETS, Target
from tests.fuzzing.ways import FOLLOWED

SEED = 0

NO_MESSAGE = b"""asyncapi: 3.0.0
info: {title: SOS, version: '1'}
channels: {sos: {messages: {join: [1]}}}
operations: {a: {action: receive, channel: {$ref: '#/channels/sos'}, messages: [{$ref: '#/channels/sos/messages/join'}]}}
"""

FOUND = [
    ("contracts", b'{"event": [], "summary": "A name that is no text."}'),
    ("contracts", b'{"bundle": "own", "extends": "example", "without": [[]]}'),
    ("contracts", b'{"bundle": "own", "extends": "example", "without": 5}'),
    ("contracts", b'{"bundle": "own", "version": ' + b"9" * 5_000 + b"}"),
    ("contracts", b'{"bundle": "own", "extends": "' + b"a" * 300 + b'"}'),
    ("settings", b"a = " + b"9" * 5_000),
    ("known failures", b"a." * 40_000 + b"a = 1"),
    ("messages of adapters", b"\x80\x04](K\x01e."),
    ("messages of adapters", b"\x80\x04K\x01](K\x01e0}a(K\x01K\x02u."),
    ("messages of adapters", b"\x80\x04K\x01(K\x02K\x03u."),
    ("thresholds", b"du" + b" " * 400 + b"p"),
    ("other languages", b"io.to(" + b"a(" * 30_000),
    ("other languages", b"a" * 40_000 + b"." * 40_000),
    ("Python", b"x = " + b"-" * 40_000 + b"1"),
    ("TypeScript", b"const a = " + b"`${s/" * 2_000),
    ("TypeScript", b"const a = " + b"`${" * 20_000),
    ("TypeScript", b"c" + b"<b>" * 2_856 + b"</b>" * 2_857),
    ("TypeScript", b"a<b<c," * 6_000),
    ("pages", b"<script>" + b"`${" * 20_000 + b"</script>"),
    ("TypeScript", b"f({ a: { b }" + b" " * 3_000 + b" ] });"),
    ("TypeScript", b"f({ a: { b }" + b"\n" * 500 + b" ] });"),
    ("Markdown", b"```javascript\nio(URL, { auth: { token }" + b" " * 1_000 + b" ] });\n```\n"),
    ("imports of AsyncAPI", NO_MESSAGE),
    ("sizes and stages of load", b"10:" + b"9" * 400 + b"s"),
    ("what passes record", b"//[a"),
    ("heads for record", b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("OpenAPI", b"openapi: 3.1.0\nservers: [{url: 'https://[a'}]\npaths: {}\n"),
]
"""Inputs that once ended in a traceback, or cost minutes or gigabytes."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_reads_or_refuses_what_it_is_given(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    for text in seeds:  # Changes of one that is not read would only ever be refused for the same reason.
        assert not one(target, text), text[:200]
    made = play(target, islice(cases(seeds, target.words, target.sample, SEED), len(seeds), None))
    assert made.count == target.sample - len(seeds)


def test_the_code_of_each_parser_is_followed_by_coverage() -> None:
    assert set(FOLLOWED) == set(TARGETS)


@pytest.mark.parametrize(("name", "text"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_is_read_or_refused(name: str, text: bytes) -> None:
    play(TARGETS[name], [text])


# --- what plays them -----------------------------------------------------------------------------------------------


def target(read) -> Target:
    return Target(read=read, refuses_with=(ValueError,), seeds=lambda: [b"a"])


def test_reading_and_refusing_are_counted() -> None:
    made = play(target(lambda text: int(text)), [b"1", b"x", b"2"])
    assert (made.count, made.refused) == (3, 1)
    assert isinstance(made, Played)


def test_another_error_is_a_fault_with_its_case() -> None:
    with pytest.raises(Fault, match="KeyError: 'a'") as found:
        play(target(lambda text: {}[text.decode()]), [b"a"])
    assert found.value.case == b"a"


def test_a_parser_that_does_not_end_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzzing.play.MOST_S", 0.05)

    def endless(_: bytes) -> None:
        while True:
            with contextlib.suppress(Exception):  # As a parser might.
                sum(range(1000))

    with pytest.raises(Fault, match=r"had not ended after 0.05 s of CPU for 1 bytes"):
        play(target(endless), [b"a"])


def test_memory_beyond_the_bound_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    peaks = [0, MORE_BYTES + TIMES, MORE_BYTES + TIMES + 1, MORE_BYTES + TIMES + 1]
    monkeypatch.setattr("tests.fuzzing.play.peak_bytes", iter(peaks).__next__)
    with pytest.raises(Fault, match="memory grew by 100 MB for 1 bytes") as found:
        play(target(lambda _: None), [b"a", b"b"])
    assert found.value.case == b"b"


def test_the_same_seed_makes_the_same_cases_none_too_large() -> None:
    seeds = TARGETS["contracts"].seeds()
    made = [list(cases(seeds, (b"word",), 200, seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    assert made[0][: len(seeds)] == list(seeds)
    assert len(made[0]) == 200
    assert max(map(len, made[0])) <= MOST_BYTES


def test_the_bounds_are_those_that_are_promised() -> None:
    assert (MORE_BYTES, TIMES) == (100_000_000, 10)
    assert MOST_S <= 5
