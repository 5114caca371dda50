"""Limits of a bundle: how they are read, and what is refused."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.faults import ContractError
from contracts.limits import Limit, json_bytes, limits_of
from contracts.load import HERE, load

ALL = {"per_s": 10, "then": "hang-up", "source": "s"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "example", tmp_path / "copy"))


def written(folder: Path, **changed: Any) -> Path:
    path = folder / "bundle.json"
    document = json.loads(path.read_text("utf-8")) | changed
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}, indent=1), "utf-8")
    return path


def refused(folder: Path) -> list[str]:
    with pytest.raises(ContractError) as error:
        load(str(folder))
    return [fault.message for fault in error.value.faults]


def test_limits_are_read(folder: Path) -> None:
    written(folder, limits=[ALL, ALL | {"events": ["pen:take", "who"], "then": "error"}], max_payload_bytes=1000)
    bundle = load(str(folder))
    assert bundle.limits == (
        Limit(per_s=10, then="hang-up", source="s"),
        Limit(per_s=10, then="error", source="s", events=("pen:take", "who")),
    )
    assert [one.title for one in bundle.limits] == ["10 events a second", "10 pen:take, who a second"]
    assert [one.covers("who") for one in bundle.limits] == [True, True]
    assert [one.covers("room:end") for one in bundle.limits] == [True, False]
    assert bundle.max_payload_bytes == 1000


@pytest.mark.parametrize(
    ("per_s", "count", "window_s"), [(20, 20, 1.0), (2.5, 2, 1.0), (1, 1, 1.0), (0.5, 1, 2.0), (0.3, 1, 1 / 0.3)]
)
def test_a_limit_has_a_window_and_a_count(per_s: float, count: int, window_s: float) -> None:
    limit = Limit(per_s=per_s, then="dropped", source="s")
    assert (limit.count, limit.window_s) == (count, window_s)


def test_an_unknown_event_is_refused_with_the_nearest_and_its_line(folder: Path) -> None:
    path = written(folder, limits=[ALL | {"events": ["pen:tak"]}])
    with pytest.raises(ContractError) as error:
        load(str(folder))
    (fault,) = error.value.faults
    assert fault.message == 'no event that a client emits is called "pen:tak"; did you mean `pen:take`?'
    assert path.read_text("utf-8").splitlines()[fault.line - 1].strip() == '"pen:tak"'


def test_an_event_of_the_server_is_none_that_is_limited(folder: Path) -> None:
    written(folder, limits=[ALL | {"events": ["pen:taken"]}])
    assert refused(folder) == ['no event that a client emits is called "pen:taken"; did you mean `pen:take`?']


def test_an_error_needs_a_form(folder: Path) -> None:
    written(folder, limits=[ALL | {"then": "error"}], errors=None)
    assert any("the bundle has no `errors` event" in message for message in refused(folder))


def test_a_limit_that_stands_twice_is_refused(folder: Path) -> None:
    written(folder, limits=[ALL, ALL | {"then": "error"}])
    assert refused(folder) == ["there are two limits for 10 events a second"]


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"per_s": 10, "source": "s"}, "the key `then` is missing"),
        (ALL | {"then": "hangup"}, 'got "hangup"'),
        (ALL | {"per_s": 0}, "0"),
        (ALL | {"event": "who"}, "unknown key `event`; did you mean `events`?"),
        (ALL | {"events": []}, "[]"),
    ],
)
def test_what_no_limit_looks_like_is_refused(folder: Path, limit: dict[str, Any], said: str) -> None:
    written(folder, limits=[limit])
    assert any(said in message for message in refused(folder)), refused(folder)


def test_examples_that_are_larger_than_a_payload_may_be_are_refused(folder: Path) -> None:
    written(folder, max_payload_bytes=20)
    assert "a valid example has 22 bytes, and a payload 20 at most" in refused(folder)


def test_bytes_are_those_of_the_text_on_the_wire() -> None:
    assert json_bytes({"a": "é"}) == len('{"a":"é"}'.encode())


def test_limits_of_a_lie_are_written_as_in_contracts() -> None:
    assert limits_of([ALL]) == (Limit(per_s=10, then="hang-up", source="s"),)
    assert dataclasses.replace(load("example"), limits=limits_of([ALL])).limits[0].count == 10
