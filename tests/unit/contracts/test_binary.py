"""Binary data: its form in JSON, its keywords in schemas, and where contracts may speak of it."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.binary import attachments_count, binary, bytes_of, from_wire, holds_binary, to_wire
from contracts.faults import ContractError
from contracts.load import load
from contracts.schema import Schema
from tests.running import ROOT

DARKROOM = ROOT / "tests/cases/darkroom_binary/contracts"
LIGHT = Schema(
    {
        "type": "object",
        "required": ["light"],
        "properties": {"light": {"binary": True, "minBytes": 2, "maxBytes": 4}, "more": {"type": "object"}},
    }
)
TRAVELLED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["$binary", "$$binary"]), inner),
)


@given(TRAVELLED)
def test_what_has_travelled_travels_again_as_it_was(value: Any) -> None:
    read = from_wire(value)
    assert to_wire(read) == value
    assert json.loads(json.dumps(read)) == read


def test_the_json_of_the_form_is_told_apart_from_binary_data() -> None:
    assert from_wire({"a": b"\x01\x02\xff"}) == {"a": {"$binary": "AQL/"}}
    assert from_wire({"a": {"$binary": "AQL/"}}) == {"a": {"$$binary": "AQL/"}}
    assert to_wire({"a": {"$$binary": "AQL/"}}) == {"a": {"$binary": "AQL/"}}
    assert from_wire({"$binary": {"base64": "AQL/"}}) == {"$binary": {"base64": "AQL/"}}


def test_a_time_of_messagepack_is_the_text_that_json_has_for_it() -> None:
    assert from_wire([datetime(2026, 11, 28, 12, tzinfo=UTC)]) == ["2026-11-28T12:00:00.000Z"]


def test_what_is_no_base64_does_not_travel() -> None:
    assert bytes_of({"$binary": "!!"}) is None
    assert bytes_of({"$binary": "AQN="}) is None  # Not how these bytes are written.
    with pytest.raises(ValueError, match="no base64"):
        to_wire({"$binary": "!!"})


def test_attachments_are_counted_at_any_depth() -> None:
    assert attachments_count({"a": [binary(b"1"), {"b": binary(b"2")}], "c": {"$$binary": "AQ=="}}) == 2
    assert holds_binary({"a": [{"b": binary(b"")}]})
    assert not holds_binary({"a": [{"b": "AQL/"}]})


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"light": binary(b"abc")}, None),
        ({"light": binary(b"ab")}, None),
        ({"light": binary(b"abcd")}, None),
        ({"light": binary(b"a")}, 'light: expected at least 2 bytes, got {"$binary": "YQ=="} (1 bytes)'),
        ({"light": binary(b"abcde")}, 'light: expected at most 4 bytes, got {"$binary": "YWJjZGU="} (5 bytes)'),
        (
            {"light": "YWJj"},
            'light: expected binary data (an attachment), got "YWJj" (a base64 string, not an attachment)',
        ),
        (
            {"light": {"type": "Buffer", "data": [1, 2]}},
            'light: expected binary data (an attachment), got {"type": "Buffer", "data": [1, 2]} '
            "(the JSON of a Node.js Buffer, not an attachment)",
        ),
        (
            {"light": [1, 2]},
            "light: expected binary data (an attachment), got [1, 2] (an array of numbers, not an attachment)",
        ),
        (
            {"light": {"$$binary": "YWJj"}},
            'light: expected binary data (an attachment), got {"$$binary": "YWJj"}',
        ),
        ({"light": binary(b"abc"), "more": binary(b"")}, 'more: expected type object, got {"$binary": ""}'),
        (binary(b"abc"), 'expected type object, got {"$binary": "YWJj"}'),
    ],
)
def test_binary_data_is_nothing_that_json_has(payload: Any, said: str | None) -> None:
    problem = LIGHT.explain(payload)
    assert (str(problem) if problem else None) == said
    assert LIGHT.is_valid(payload) is (said is None)


@given(st.binary(max_size=8), st.integers(0, 6), st.integers(0, 6) | st.none())
def test_bounds_of_size_are_exact_and_both_validators_agree(data: bytes, least: int, most: int | None) -> None:
    schema = Schema({"binary": True, "minBytes": least, **({} if most is None else {"maxBytes": most})})
    expected = least <= len(data) and (most is None or len(data) <= most)
    assert schema.is_valid(binary(data)) is expected
    assert (schema.explain(binary(data)) is None) is expected


def faults(tmp_path: Path, name: str, *changes: tuple[str, str]) -> list[str]:
    """What is wrong with the darkroom's contracts once a file has other texts in it."""
    folder = tmp_path / "contracts"
    shutil.copytree(DARKROOM, folder)
    text = (folder / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text)
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.name}:{fault.line}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"binary": true, "minBytes"',
            '"binary": true, "type": "string", "minBytes"',
            "the key `type` is not allowed here; allowed: title, description, binary, minBytes, maxBytes",
        ),
        (
            '"binary": true, "minBytes": 1',
            '"type": "string", "minBytes": 1',
            "the key `minBytes` needs `binary` beside it",
        ),
        ('"binary": true', '"binry": true', "unknown key `binry`; did you mean `binary`?"),
    ],
)
def test_schemas_that_contradict_themselves_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert f"frame-expose.json:13: {said}" in faults(tmp_path, "events/frame-expose.json", (old, new))


def test_examples_are_held_against_the_keywords(tmp_path: Path) -> None:
    found = faults(tmp_path, "events/frame-expose.json", ('"light": {"$binary": "AQL/"}', '"light": "AQL/"'))
    assert found == [
        "frame-expose.json:18: this example should be valid, but light: expected binary data (an attachment), "
        'got "AQL/" (a base64 string, not an attachment)'
    ]


def test_binary_data_in_a_connect_error_is_refused(tmp_path: Path) -> None:
    refusal = '"refusal": {"message": "no", "http_status": 401, "source": "x", "data": {"binary": true}}'
    found = faults(tmp_path, "bundle.json", ('"errors": "refused"', f'"errors": "refused", {refusal}'))
    assert found == ["bundle.json:10: refusal: binary data travels in events and acks alone, this is JSON"]


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [(None, True), ({"code": "X"}, True), ({}, False), ({"$binary": "AQL/"}, False), ("X", False)],
)
def test_an_object_that_may_be_null_is_no_binary_data(value: Any, is_valid: bool) -> None:
    schema = Schema({"type": ["null", "object"], "required": ["code"], "properties": {"code": {"type": "string"}}})
    assert schema.is_valid(value) == is_valid
    assert (schema.explain(value) is None) == is_valid


def test_an_invalid_example_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        "events/frame-expose.json",
        ('{"$binary": ""}}, "keyword": "minBytes"', '{"$binary": "!"}}, "keyword": "binary"'),
    )
    assert found == ["frame-expose.json:30: this example cannot be sent: what stands under `$binary` is not base64"]
