"""Fields that the service has to have given: where they come from, and what can give none."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.exchange.words import of_request
from contracts.faults import ContractError
from contracts.load import load
from contracts.show import detail
from tests.running import ROOT

GUESTBOOK = ROOT / "tests/cases/guestbook_edits/contracts"


def faults(tmp_path: Path, given: Any, receivers: str = "room") -> list[str]:
    """What is wrong with the contracts once an edit's fields come from elsewhere, or others hear of entries."""
    folder = tmp_path / "contracts"
    shutil.copytree(GUESTBOOK, folder)
    for name, where, value in (
        ("entry-edit", ("client_to_server", "given"), given),
        ("entry-added", ("server_to_client", "receivers"), receivers),
    ):
        path = folder / "events" / f"{name}.json"
        document = json.loads(path.read_text())
        document[where[0]][where[1]] = value
        path.write_text(json.dumps(document, indent=2))
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    return [f"{fault.file.name}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ix": {"reply": "entry:add", "at": "/id"}}, "the payload has no field `ix`"),
        ({"id": {"reply": "entry:ad", "at": "/id"}}, 'no event is called "entry:ad"; did you mean `entry:add`?'),
        (
            {"id": {"reply": "entry:added", "at": "/id"}},
            '"entry:added" is not answered, so that no client has `id` from it',
        ),
        (
            {"id": {"broadcast": "entry:add", "at": "/id"}},
            '"entry:add" is not sent by the service, so that no client has `id` from it',
        ),
        (
            {"id": {"reply": "entry:add", "at": "/ids"}},
            '"entry:add" has no field `ids`; did you mean `id`?, at which `id` is said to be',
        ),
        (
            {"id": {"broadcast": "entry:removed", "at": "/id"}},
            '"entry:remove" has fields that are `given` itself: name what gives the first of them',
        ),
    ],
)
def test_what_can_give_no_value_is_refused(tmp_path: Path, given: Any, message: str) -> None:
    assert f"entry-edit.json: {message}" in faults(tmp_path, given)


def test_who_names_it_has_to_have_heard_it(tmp_path: Path) -> None:
    given = {"id": {"broadcast": "entry:added", "at": "/id"}}
    assert faults(tmp_path, given, "room-but-sender") == [
        'entry-edit.json: who causes "entry:added" does not receive it: name a `reply` that has `id`'
    ]


@pytest.mark.parametrize("one", [{"at": "/id"}, {"reply": "entry:add"}, {"reply": "a", "broadcast": "b", "at": "/id"}])
def test_an_origin_is_one_answer_or_broadcast_and_a_place(tmp_path: Path, one: Any) -> None:
    assert faults(tmp_path, {"id": one})


def test_people_are_told_where_a_value_comes_from() -> None:
    bundle = load(str(GUESTBOOK))
    request = bundle.request("entry:remove")
    assert request is not None
    told = "`id` comes from the answer to entry:add at /id"
    assert told in detail(bundle, "entry:remove")
    assert f"{told}." in of_request(request)
