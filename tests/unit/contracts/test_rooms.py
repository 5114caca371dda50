"""Contracts with several kinds of rooms and namespaces: what each event is about, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.faults import ContractError
from contracts.load import load
from contracts.model import Bundle
from contracts.parts import part_of, parts_of

TEXT = {"type": "string", "minLength": 1}
LOT = {"template": "lot:{lot}", "id": {"type": "integer", "minimum": 1}, "source": "guide"}
HALL = {"template": "hall:{hall}", "source": "guide"}


def payload(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def examples(valid: Any, invalid: Any = 7) -> dict[str, Any]:
    return {"valid": [valid] * 3, "invalid": [{"payload": invalid, "keyword": "type"}] * 5}


def request(name: str, schema: Any, example: Any, **more: Any) -> dict[str, Any]:
    part = {"payload": schema, "examples": examples(example), **more}
    return {"event": name, "summary": name, "source": "guide", "client_to_server": part}


def told(name: str, cause: str, schema: Any, example: Any, **more: Any) -> dict[str, Any]:
    part = {"receivers": "room", "caused_by": {"event": cause}, "payload": schema, "examples": examples(example)}
    return {"event": name, "summary": name, "source": "guide", "server_to_client": part | more}


WATCH = request("watch", payload(lot=LOT["id"]), {"lot": 7}, effect={"membership": "enter"})
BID = request("bid", payload(lot=LOT["id"]), {"lot": 7}, effect={"broadcast": "bidden"})
BIDDEN = told("bidden", "bid", payload(lot=LOT["id"]), {"lot": 7})
ENTER = request("enter", TEXT, "h", effect={"membership": "enter"}, room={"kind": "hall", "at": "/0"})


def written(folder: Path, *events: dict[str, Any], **head: Any) -> Path:
    (folder / "events").mkdir()
    bundle = {"bundle": "it", "title": "it", "version": "1", "summary": "it", "source": "guide", "path": "/socket.io/"}
    (folder / "bundle.json").write_text(json.dumps({**bundle, "namespace": "/", **head}))
    for number, event in enumerate(events):
        (folder / "events" / f"{number}.json").write_text(json.dumps(event, indent=1))
    return folder


def bundle_of(folder: Path, *events: dict[str, Any], **head: Any) -> Bundle:
    return load(str(written(folder, *events, **head)))


def faults(folder: Path, *events: dict[str, Any], **head: Any) -> str:
    with pytest.raises(ContractError) as raised:
        bundle_of(folder, *events, **head)
    return str(raised.value)


def kinds(bundle: Bundle) -> dict[str, str | None]:
    return {name: event.kind for name, event in bundle.events.items()}


ROOMS = {"lot": LOT, "hall": HALL}


def test_an_event_is_about_the_kind_whose_field_it_has_or_that_it_names(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, WATCH, BID, BIDDEN, ENTER, rooms=ROOMS)
    assert kinds(bundle) == {"watch": "lot", "bid": "lot", "bidden": "lot", "enter": "hall"}


def test_a_broadcast_without_a_field_is_about_the_room_of_its_cause(tmp_path: Path) -> None:
    nameless = told("bidden", "bid", payload(amount={"type": "number"}), {"amount": 1})
    bundle = bundle_of(tmp_path, WATCH, BID, nameless, ENTER, rooms=ROOMS)
    assert kinds(bundle)["bidden"] == "lot"
    broadcast = bundle.broadcast("bidden")
    assert broadcast is not None
    assert not bundle.names_room(broadcast)


def test_each_kind_has_a_part_with_what_is_about_it_or_about_none(tmp_path: Path) -> None:
    news = told("news", "bid", payload(text=TEXT), {"text": "x"}, receivers="everyone", caused_by={"other": "hourly"})
    bundle = bundle_of(tmp_path, WATCH, BID, BIDDEN, ENTER, news, rooms=ROOMS)
    lot, hall = parts_of(bundle)
    assert (lot.part, lot.room.kind, sorted(lot.events)) == ("lot", "lot", ["bid", "bidden", "news", "watch"])
    assert (hall.part, hall.room.kind, sorted(hall.events)) == ("hall", "hall", ["enter", "news"])
    assert (lot.elsewhere, hall.elsewhere) == (frozenset(), frozenset({"bidden"}))
    assert part_of(bundle, "hall").room.template == "hall:{hall}"
    assert not lot.has_neighbours


def test_each_namespace_has_a_part(tmp_path: Path) -> None:
    crew = {**BID, "event": "report", "namespace": "/crew", "client_to_server": {**BID["client_to_server"]}}
    crew["client_to_server"] |= {"effect": {"membership": "leave"}}
    both = {**WATCH, "namespace": ["/", "/crew"]}
    bundle = bundle_of(tmp_path, both, BID, BIDDEN, crew, room={"template": "lot:{lot}", "key": "lot", "source": "g"})
    main, other = parts_of(bundle)
    assert (main.part, main.namespace, sorted(main.events)) == ("/", "/", ["bid", "bidden", "watch"])
    assert (other.part, other.namespace, sorted(other.events)) == ("/crew", "/crew", ["report", "watch"])
    assert main.has_neighbours


def test_contracts_of_one_kind_and_namespace_have_no_parts(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, WATCH, BID, BIDDEN, room={"template": "lot:{lot}", "key": "lot", "source": "guide"})
    assert parts_of(bundle) == (bundle,)
    assert load("example").room.is_free
    assert parts_of(load("sos"))[0].part == ""


def test_in_the_short_form_the_schema_of_the_field_says_which_ids_there_are(tmp_path: Path) -> None:
    short = {"template": "lot:{lot}", "key": "lot", "source": "guide"}
    room = bundle_of(tmp_path, WATCH, BID, BIDDEN, room=short).room
    assert room.has_numbers
    assert (room.value("12"), room.takes("12"), room.takes("0"), room.takes("RC-1")) == (12, True, False, False)


def test_a_schema_that_is_referred_to_counts(tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["lot"], "properties": {"lot": {"$ref": "#/$defs/lot"}}}
    schema["$defs"] = {"lot": {"type": "string", "pattern": "^L[0-9]+$"}}
    watch = request("watch", schema, {"lot": "L7"}, effect={"membership": "enter"})
    watch["client_to_server"]["examples"]["invalid"] = [{"payload": {"lot": "x"}, "keyword": "pattern"}] * 5
    room = bundle_of(tmp_path, watch, room={"template": "lot:{lot}", "key": "lot", "source": "guide"}).room
    assert (room.takes("L12"), room.takes("RC-1"), room.is_free) == (True, False, False)


def test_an_integer_stands_on_the_wire_and_its_digits_in_payloads(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path, WATCH, BID, BIDDEN, rooms={"lot": LOT})
    form = bundle.events["watch"].request.form  # type: ignore[union-attr]
    assert form is not None
    assert form.fields([{"lot": 12, "more": True}]) == {"lot": "12", "more": True}
    assert form.args({"lot": "12", "more": True}) == ({"lot": 12, "more": True},)
    assert "lot" not in form.fields([{"lot": "12"}])
    assert form.misnames(form.fields([{"lot": "12"}]))
    assert not form.misnames(form.fields([{"lot": 12}]))
    assert not form.misnames(form.fields([{}]))


@pytest.mark.parametrize(
    ("events", "head", "message"),
    [
        ((WATCH,), {"rooms": ROOMS, "room": {"template": "{a}", "key": "a", "source": "s"}}, "give either `rooms`"),
        (({**ENTER, "client_to_server": ENTER["client_to_server"] | {"room": {"kind": "hal", "at": "/0"}}},),
         {"rooms": ROOMS}, "no kind of room is called 'hal'; did you mean `hall`?"),
        ((request("go", payload(x=TEXT), {"x": "y"}, effect={"membership": "enter"}),), {"rooms": ROOMS},
         "does not say of which kind"),
        ((WATCH,), {"rooms": {"lot": {**LOT, "id": {"type": "string", "pattern": "^[^\\x00-\\x7f]$"}}}}, "no id can be made"),
        ((WATCH,), {"rooms": {"lot": {**LOT, "id": {"enum": [1, "a"]}}}}, "has to be a text or an integer"),
        ((WATCH, ENTER, told("bidden", "watch", payload(hall=TEXT), {"hall": "h"})), {"rooms": ROOMS},
         "a cause that names rooms of two kinds cannot be played"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, events: tuple[dict[str, Any], ...], head: dict[str, Any], message: str
) -> None:
    assert message in faults(tmp_path, *events, **head)


def call(path: str) -> dict[str, Any]:
    answer = {"status": [200], "payload": {"type": "object"}}
    head = {"call": "put", "summary": "s", "source": "g", "method": "POST", "path": path, "role": "enter"}
    return {**head, "effect": {"membership": "enter"}, "answer": answer}


@pytest.mark.parametrize(
    ("path", "is_right"), [("/lots/:lot/users/:user", True), ("/lots/:lot", False), ("/:user", False)]
)
def test_a_call_that_enters_a_room_names_it_and_a_user(tmp_path: Path, path: str, is_right: bool) -> None:
    folder = written(tmp_path, BID, BIDDEN, room={"template": "lot:{lot}", "key": "lot", "source": "guide"})
    (folder / "http").mkdir()
    (folder / "http" / "put.json").write_text(json.dumps(call(path), indent=1))
    if is_right:
        bundle = load(str(folder))
        assert (bundle.has_way_in, bundle.call_in()) == (True, bundle.calls["put"])
        return
    with pytest.raises(ContractError, match="a path with the room and the user whose sockets enter it"):
        load(str(folder))
