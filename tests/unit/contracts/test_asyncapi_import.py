"""AsyncAPI of other tools to contracts, and what is refused of it, with its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.commands.writing import write_bundle
from contracts.exchange import asyncapi_import, foreign_schema
from contracts.exchange.asyncapi_import import Imported, imported
from contracts.faults import ContractError
from contracts.load import load

HERE = Path(__file__).parent / "asyncapi"
UNKNOWN = {"receivers": "everyone", "caused_by": {"other": "to be written: what causes it"}}
DOES = {"other": "to be written: what it does"}


def events(made: Imported) -> dict[str, Any]:
    """The events that are imported, by name."""
    return {one["event"]: one for name, one in made.documents.items() if name.startswith("events/")}


def written(folder: Path, document: Any, name: str = "a.json") -> Path:
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document, indent=1))
    return file


def minimal(**message: Any) -> dict[str, Any]:
    """A document with one message that clients send."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "channels": {"root": {"address": "/", "messages": {"say": {"name": "say", "payload": {}, **message}}}},
        "operations": {
            "one": {
                "action": "receive",
                "channel": {"$ref": "#/channels/root"},
                "messages": [{"$ref": "#/channels/root/messages/say"}],
            }
        },
    }


def says(folder: Path, document: Any, name: str = "a.json") -> tuple[int, str]:
    """The line and the message by which a document is refused."""
    with pytest.raises(ContractError) as found:
        imported(written(folder, document, name), "x")
    (fault,) = found.value.faults
    return fault.line, fault.message


@pytest.mark.parametrize("name", ["tuples.yaml", "acks.yml", "channels.json"])
def test_a_document_of_another_tool_makes_a_bundle_that_is_in_order(name: str, tmp_path: Path) -> None:
    made = imported(HERE / name, "other")
    write_bundle(tmp_path / "made", made.documents, "json", schema=False)
    assert load(str(tmp_path / "made")).events.keys() == events(made).keys()


def test_tuples_are_arguments_and_replies_are_acks() -> None:
    made = imported(HERE / "tuples.yaml", "other")
    assert made.documents["bundle"] == {
        "bundle": "other", "title": "Tea room", "version": "2.1.0", "summary": "To be written: what other is.",
        "source": "tuples.yaml, AsyncAPI", "path": "/tea.io/", "namespace": "/",
    }  # fmt: skip
    found = events(made)
    by = {"type": "object", "properties": {"by": {"type": "string"}, "cups": {"type": "integer", "minimum": 1}}, "required": ["by"]}  # fmt: skip
    assert found["poured"]["server_to_client"] == {
        **UNKNOWN, "args": [{"type": "string", "description": "the tea"}, by], "examples": {"valid": [["green", {"by": "ann"}]]},
    }  # fmt: skip
    assert found["pour"]["client_to_server"] == {
        "effect": DOES, "payload": {"type": "string", "enum": ["green", "black"]},
        "reply": {"ack": True, "args": [{"type": "string", "const": "ok"}, by]},
    }  # fmt: skip
    assert found["photo"]["client_to_server"]["payload"] == {"binary": True}
    assert found["closing"]["namespace"] == "/admin"
    assert "namespace" not in found["pour"]
    assert f"{HERE / 'tuples.yaml'}:50: any number of further arguments cannot be said: it is written without them" in made.notes  # fmt: skip
    assert [note for note in made.notes if note.startswith(("poured", "ping"))] == [
        "poured: who receives it and what causes it is not said: write `receivers` and `caused_by`",
        "ping: what it does is not said: write its `effect`",
    ]


def test_acks_beside_messages_and_definitions_inside_of_schemas_are_read() -> None:
    made = imported(HERE / "acks.yml", "other")
    found = events(made)
    fetch = found["fetch_file"]["client_to_server"]
    assert found["fetch_file"]["summary"] == "Asks for a file; it is <b>queued</b>."
    assert fetch["payload"]["properties"]["next"] == {"$ref": "#"}
    data = fetch["reply"]["payload"]["properties"]["data"]["$ref"].removeprefix("#/$defs/")
    assert fetch["reply"]["payload"]["$defs"][data]["properties"] == {
        "is_accepted": {"default": True, "title": "Is Accepted", "type": "boolean"}
    }
    assert fetch["reply"]["ack"] is True
    assert found["get_list"]["client_to_server"] == {"effect": DOES, "args": []}
    assert any('`format` "uri" is left out' in note for note in made.notes)
    assert any("what it carries is not said" in note for note in made.notes)


def test_a_channel_that_is_no_namespace_is_an_event() -> None:
    found = events(imported(HERE / "channels.json", "other"))
    assert found.keys() == {"cat.create", "figures", "clock", "cats/list"}
    cat = found["cat.create"]
    assert cat["client_to_server"]["payload"] == cat["server_to_client"]["payload"]
    assert cat["client_to_server"]["payload"]["properties"]["nick"] == {"type": ["string", "null"]}
    assert found["cats/list"]["server_to_client"]["payload"]["items"] == {"$ref": "#/$defs/CreateCatDto"}
    assert found["clock"]["server_to_client"] == {**UNKNOWN, "payload": {"type": "string", "format": "date-time"}}


@pytest.mark.parametrize(
    ("document", "line", "message"),
    [
        ("", 1, "is empty"),
        ("{", 1, "is not JSON"),
        ("openapi: 3.1.0\n", 1, "expected AsyncAPI 2 or 3"),
        ("[1]", 1, "expected AsyncAPI 2 or 3"),
        ("asyncapi: 1.2.0\n", 1, "got version 1.2.0"),
        ("asyncapi: 3.0.0\n", 1, "expected the key `info`"),
        ("asyncapi: 3.0.0\ninfo: {}\n", 1, "expected the key `channels`"),
        ("asyncapi: 3.0.0\ninfo: {}\nchannels: 7\n", 3, "expected a mapping, got 7"),
        ("asyncapi: 3.0.0\ninfo: {}\nchannels: {}\n", 3, "no channel has a message that is an event"),
        ("asyncapi: 3.0.0\ninfo: {}\ninfo: {}\n", 3, "occurs twice"),
        ("asyncapi: 3.0.0\ninfo: !!python/object:os.system {}\n", 2, "has the tag"),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(document: str, line: int, message: str, tmp_path: Path) -> None:
    name = "a.json" if document[:1] == "{" else "a.yaml"
    found = says(tmp_path, document, name)
    assert found[0] == line
    assert message in found[1]


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"$ref": "https://schemas.example/x.json"}, "nothing is fetched"),
        ({"$ref": "other.yaml#/a"}, "nothing is fetched"),
        ({"$ref": "/etc/passwd"}, "nothing is fetched"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "nothing is fetched"),
        ({"$ref": "#/components/schemas/none"}, "leads to nothing in this document"),
        ({"$ref": "#/channels/root/messages/say/payload"}, "leads to itself"),
        ({"properties": 7}, "`properties`: expected a mapping of schemas, got 7"),
        ({"anyOf": {}}, "`anyOf`: expected a list of schemas"),
        ({"properties": {"a": 7}}, "expected a schema, got 7"),
        ({"type": "string", "minLength": "3"}, "minLength: expected an integer"),
        ({"type": "strings"}, "type: "),
        (7, "expected a schema, got 7"),
    ],
)
def test_a_schema_that_cannot_be_taken_is_refused_with_its_line(payload: Any, message: str, tmp_path: Path) -> None:
    document = minimal(payload=payload)
    line, found = says(tmp_path, document)
    assert message in found
    text = json.dumps(document, indent=1).splitlines()
    first = next(number for number, one in enumerate(text, 1) if '"payload"' in one)
    last = next(number for number, one in enumerate(text, 1) if '"operations"' in one)
    assert first <= line < last


def test_references_in_a_circle_end(tmp_path: Path) -> None:
    document = minimal(payload={"$ref": "#/components/schemas/A"})
    document["components"] = {
        "schemas": {
            "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
        }
    }
    payload = events(imported(written(tmp_path, document), "x"))["say"]["client_to_server"]["payload"]
    assert payload == {
        "type": "object", "properties": {"b": {"$ref": "#/$defs/B"}}, "$defs": {"B": {"type": "array", "items": {"$ref": "#"}}},
    }  # fmt: skip


def test_a_schema_that_is_meant_in_too_many_places_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_schema, "MOST_SCHEMAS", 1_000)
    document = minimal()
    document["components"] = {"schemas": {"Big": {"properties": {f"f{n}": {"type": "string"} for n in range(100)}}}}
    document["channels"]["root"]["messages"] = {
        f"m{n}": {"name": f"m{n}", "payload": {"$ref": "#/components/schemas/Big"}} for n in range(10)
    }
    del document["operations"]["one"]["messages"]
    assert "more than 1000 schemas" in says(tmp_path, document)[1]


def test_a_document_of_too_many_events_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncapi_import, "MOST_EVENTS", 2)
    document = minimal()
    document["channels"]["root"]["messages"] = {f"m{n}": {"name": f"m{n}", "payload": {}} for n in range(3)}
    del document["operations"]["one"]["messages"]
    assert "more than 2 events" in says(tmp_path, document)[1]


def test_what_is_left_out_is_told_by_line_up_to_a_number(tmp_path: Path) -> None:
    fields = {f"f{n}": {"type": "string", "format": "email"} for n in range(60)}
    made = imported(written(tmp_path, minimal(payload={"properties": fields})), "x")
    assert sum("`format`" in note for note in made.notes) == 50
    assert f"{tmp_path / 'a.json'}: 10 more words or examples are left out" in made.notes


def test_a_document_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep = '{"properties": {"a": ' * 300 + "{}" + "}}" * 300
    text = json.dumps(minimal(payload="DEEP")).replace('"DEEP"', deep)
    assert "nested too deeply" in says(tmp_path, text)[1]


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "__proto__", "CON", "a\\b", "é" * 90, "..", "."])
def test_a_name_makes_no_file_outside_of_its_folder(name: str, tmp_path: Path) -> None:
    made = imported(written(tmp_path, minimal(name=name)), "x")
    write_bundle(tmp_path / "made", made.documents, "yaml", schema=False)
    assert load(str(tmp_path / "made")).events.keys() == {name}
    files = {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()} - {
        "a.json",
        "made/bundle.yaml",
    }
    (event,) = files
    assert event.startswith("made/events/")
    assert event.removeprefix("made/events/").removesuffix(".yaml").replace("-", "a").isalnum()


@pytest.mark.parametrize("name", ["x" * 1_000_000, "a\u202eb", "a\nb", " ", "connect", "disconnect"])
def test_what_is_no_name_of_an_event_is_left_out_and_told(name: str, tmp_path: Path) -> None:
    document = minimal(name=name)
    document["channels"]["root"]["messages"]["other"] = {"name": "other", "payload": {}}
    document["operations"]["one"]["messages"].append({"$ref": "#/channels/root/messages/other"})
    made = imported(written(tmp_path, document), "x")
    left = events(made).keys()
    assert left == ({"other"} if name.strip() else {"other", "say"})
    assert all(len(note) < 500 for note in made.notes)
    assert not name.strip() or any(note.endswith("left out") for note in made.notes)


def test_extensions_cannot_reach_another_folder(tmp_path: Path) -> None:
    document = {**minimal(), "x-roomcheck-bundle": {"bundle": "x", "extends": "../../secret", "without": ["a"]}}
    head = imported(written(tmp_path, document), "x").documents["bundle"]
    assert not {"extends", "without"} & head.keys()
