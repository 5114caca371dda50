"""Examples of contracts: those that are written win, those that are left out are generated, and neither is a fault."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.faults import ContractError
from contracts.load import HERE, load
from contracts.model import Bundle, Request

EVENT = "cursor-move.json"
CALL = "add-note.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "example", tmp_path / "copy"))


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, indent=2))


def cursor(bundle: Bundle) -> Request:
    request = bundle.request("cursor:move")
    assert request is not None
    return request


def test_a_list_that_is_left_out_is_generated_and_the_other_stays(folder: Path) -> None:
    written = cursor(load(str(folder))).examples
    rewritten(folder / "events" / EVENT, lambda one: one["client_to_server"]["examples"].pop("invalid"))
    request = cursor(load(str(folder)))
    assert request.examples.valid == written.valid
    assert len(request.examples.invalid) == 8
    assert {one.keyword for one in request.examples.invalid} == {"type", "required", "minLength", "minimum", "maximum"}
    assert not any(request.payload.is_valid(one.payload) for one in request.examples.invalid)
    assert all(one.answer is None for one in request.examples.invalid)


def test_an_empty_list_of_invalid_examples_stays_empty(folder: Path) -> None:
    rewritten(folder / "events" / EVENT, lambda one: one["client_to_server"]["examples"].update(invalid=[]))
    assert cursor(load(str(folder))).examples.invalid == ()


def test_generated_examples_name_a_room_unlike_their_texts(folder: Path) -> None:
    rewritten(folder / "events" / EVENT, lambda one: one["client_to_server"].pop("examples"))
    full, *_ = cursor(load(str(folder))).examples.valid
    assert set(full) == {"room", "x"}
    assert len(full["room"]) > 10


def test_what_is_said_of_every_invalid_payload_goes_to_the_generated_ones(folder: Path) -> None:
    def change(one: dict[str, Any]) -> None:
        one["client_to_server"].pop("examples")
        one["client_to_server"]["invalid_answer"] = "error"

    rewritten(folder / "events" / EVENT, change)
    rewritten(folder / "http" / CALL, lambda one: one.pop("examples"))
    bundle = load(str(folder))
    assert {one.answer for one in cursor(bundle).examples.invalid} == {"error"}
    assert {one.answer for one in bundle.calls["add-note"].examples.invalid} == {400}
    assert bundle.calls["add-note"].examples.valid[0]["text"]


def test_no_answer_is_expected_where_an_argument_is_left_out(folder: Path) -> None:
    """The callback comes to the place of that argument then: `(room, callback)` of Node.js finds none."""
    text = {"type": "string", "minLength": 1}

    def change(one: dict[str, Any]) -> None:
        request = one["client_to_server"]
        del request["examples"], request["payload"]
        request |= {"args": [{"title": "room", **text}, {"title": "text", **text}], "room": "/0"}
        request["invalid_answer"] = "error"

    rewritten(folder / "events" / EVENT, change)
    answers = {(len(one.payload.args), one.answer) for one in cursor(load(str(folder))).examples.invalid}
    assert {count for count, _ in answers} > {1}
    assert answers == {(count, "error" if count == 2 else None) for count, _ in answers}


def test_a_reply_needs_no_examples(folder: Path) -> None:
    rewritten(folder / "events" / "who.json", lambda one: one["client_to_server"]["reply"].pop("examples"))
    request = load(str(folder)).request("who")
    assert request is not None
    assert request.reply is not None
    assert request.reply.examples.valid == ()


def test_a_schema_that_nothing_keeps_is_refused_with_its_line(folder: Path) -> None:
    path = folder / "events" / EVENT

    def change(one: dict[str, Any]) -> None:
        one["client_to_server"].pop("examples")
        one["client_to_server"]["payload"]["properties"]["x"] = {"type": "integer", "minimum": 2, "maximum": 1}

    rewritten(path, change)
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if '"payload"' in text)
    assert [(fault.file, fault.line) for fault in caught.value.faults] == [(path, line)]
    assert "no value that keeps this schema could be made" in caught.value.faults[0].message


def test_more_arguments_than_there_are_is_no_generated_example(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HERE.parent / "tests/services/game/contracts", tmp_path / "game"))
    rewritten(folder / "events" / "shout.json", lambda one: one["client_to_server"].pop("examples"))
    request = load(str(folder)).request("shout")
    assert request is not None
    assert {len(one.payload.args) for one in request.examples.invalid} == {0, 1}


def test_generated_examples_are_of_ordinary_size(folder: Path) -> None:
    def change(one: dict[str, Any]) -> None:
        one.pop("examples")
        one["body"]["properties"]["text"]["maxLength"] = 5000

    rewritten(folder / "http" / CALL, change)
    rewritten(folder / "bundle.json", lambda one: one.update(max_payload_bytes=2000))
    examples = load(str(folder)).calls["add-note"].examples.valid
    assert max(len(one["text"]) for one in examples) < 1000
    assert len(examples) > 1
